package releve.core.pacing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.common.Invariants;

/**
 * Relève's own policy: calls start one by one while the chance that the next one finds nobody stays below a threshold; the
 * {@link AbandonBudget} moves the threshold.
 *
 * <p>Why a constant threshold: the exact optimum of the memoryless case (least idle time for a given share of abandoned calls)
 * is a table 'with x agents idle, have up to m calls in flight', and one threshold reproduces its every row.
 *
 * <p>It looks {@value Prediction#INSTANTS} instants ahead, at the moments when a call dialed now would become live. When it
 * knows too little, and when the budget is used up, it dials for free agents only, one line each, and says so.
 */
public final class PredictivePacing implements PacingPolicy {
    /** Live answers seen before predictions are worth anything. */
    static final int LIVES_TO_KNOW = 8;

    private static final int TALKS_TO_KNOW = 4;
    private static final long REBUILD_MS = 15_000;
    /** Who is dialed later than this before the close may answer when the agents have gone. */
    private static final long CLOSING_MS = 40_000;

    private static final int AT_ONCE_MAX = 400;

    /**
     * What bounds it beside the budget.
     *
     * @param waitSeconds how long a live party may wait for an agent, 0 to 10
     * @param linesPerAgentMax calls in flight for each agent who is there, 1 to 100
     */
    public record Bounds(double waitSeconds, double linesPerAgentMax) {
        public Bounds {
            Invariants.check(waitSeconds >= 0 && waitSeconds <= 10, "the wait is 0 to 10 s, not %s", waitSeconds);
            Invariants.check(
                    linesPerAgentMax >= 1 && linesPerAgentMax <= 100,
                    "maximum lines per agent are 1 to 100, not %s",
                    linesPerAgentMax);
        }
    }

    private final Bounds bounds;
    private final @Nullable Foresight foresight;
    private final Prediction prediction = new Prediction();
    private final FreeAgents freeAgents = new FreeAgents();
    private final double[] instants = new double[Prediction.INSTANTS];
    private final double[] answerBy = new double[Prediction.INSTANTS];
    private long builtAtMs = Long.MIN_VALUE;
    private double livesLearnt;
    private Reason reason = Reason.UNKNOWING;
    private double threshold;
    private double rateKnown;

    public PredictivePacing(Bounds bounds, Optional<Foresight> foresight) {
        this.bounds = bounds;
        this.foresight = foresight.orElse(null);
    }

    @Override
    public int callsToStart(Floor floor, long nowMs) {
        AbandonBudget budget = floor.budget();
        if (floor.estimates().lives() > livesLearnt) {
            livesLearnt = floor.estimates().lives();
            budget.learn(floor.agents(), nowMs);
        }
        int free = Math.max(0, floor.idle() - floor.inFlight());
        long untilClose = budget.closesAtMs() - nowMs;
        if (untilClose < CLOSING_MS) {
            reason = Reason.CLOSING;
            return free;
        }
        if (floor.estimates().lives() < LIVES_TO_KNOW
                || floor.estimates().talk().endedSoFar() < TALKS_TO_KNOW) {
            reason = Reason.UNKNOWING;
            return free;
        }
        threshold = budget.threshold(floor.agents(), nowMs);
        if (threshold <= AbandonBudget.THRESHOLD_PROGRESSIVE) {
            reason = Reason.USED_UP;
            return free;
        }
        int room = (int) (bounds.linesPerAgentMax() * floor.agents()) - floor.inFlight();
        int calls = room <= 0 ? 0 : upTo(Math.min(room, AT_ONCE_MAX), floor, nowMs);
        reason = Reason.PREDICTING;
        rateKnown = answerRate(floor);
        return Math.max(calls, Math.min(free, Math.max(0, room)));
    }

    /** Looks how many more calls keep the chance of finding nobody below the threshold. */
    private int upTo(int most, Floor floor, long nowMs) {
        refresh(floor, nowMs);
        if (hopeless(floor, nowMs)) {
            return 0;
        }
        predict(floor, nowMs);
        double rate = answerRate(floor);
        int calls = 0;
        while (calls < most && prediction.shortfall() <= threshold) {
            calls++;
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                prediction.mayAnswer(j, rate * answerBy[j], 1);
            }
        }
        return calls;
    }

    /** When nobody is free and nobody will be in time, no call that is under way needs a look. */
    private boolean hopeless(Floor floor, long nowMs) {
        if (foresight != null || floor.idle() > floor.waiting()) {
            return false;
        }
        double sum = 0;
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            double nobody = 1;
            for (Floor.Shift shift : floor.busy()) {
                nobody *= 1 - freeAgents.row(shift.talking, shift.ageSeconds(nowMs))[j];
            }
            sum += nobody;
        }
        return sum / Prediction.INSTANTS > threshold;
    }

    private void refresh(Floor floor, long nowMs) {
        Estimates known = floor.estimates();
        if (builtAtMs == Long.MIN_VALUE || nowMs - builtAtMs >= REBUILD_MS) {
            builtAtMs = nowMs;
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                instants[j] = known.liveShape().quantile((j + 0.5) / Prediction.INSTANTS);
                answerBy[j] = (j + 0.5) / Prediction.INSTANTS;
            }
            freeAgents.build(known, instants, bounds.waitSeconds());
        }
    }

    private void predict(Floor floor, long nowMs) {
        prediction.clear(Prediction.few(floor.busy().size() + floor.unanswered()));
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            prediction.free(j, floor.idle() - floor.waiting());
        }
        calls(floor, nowMs);
        agents(floor, nowMs);
        if (foresight == null) {
            prediction.uncertain(floor.estimates().answerRate().relativeVariance());
        }
    }

    /** Calls that ring, by how long they have; then those under analysis. */
    private void calls(Floor floor, long nowMs) {
        Estimates known = floor.estimates();
        double rate = answerRate(floor);
        double analysis = known.analysis().meanHumanSeconds();
        for (int slots = 0; slots < Floor.SLOTS - 1; slots++) {
            int count = floor.ringing(slots);
            if (count <= 0) {
                continue;
            }
            double age = slots * RingShape.STEP_SECONDS + (slots == 0 ? 0 : (nowMs % Floor.SLOT_MS) / 1000.0 - 0.25);
            double answeredBefore = known.pickup().cdf(age);
            double rings = rate * (1 - answeredBefore)
                    + (1 - rate) * (1 - known.goneShape().cdf(age));
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                double answers = rate * (known.pickup().cdf(age + instants[j] - analysis) - answeredBefore);
                prediction.mayAnswer(j, rings <= 1e-9 ? 0 : Math.clamp(answers / rings, 0, 1), count);
            }
        }
        for (Floor.Flight flight : floor.analysing()) {
            double analysed = (nowMs - flight.pickedUpAtMs) / 1000.0;
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                prediction.mayAnswer(j, known.analysis().liveWithin(flight.ringSeconds(), analysed, instants[j]), 1);
            }
        }
    }

    /** Agents who may become free, and those whose next call is so short that they become free twice. */
    private void agents(Floor floor, long nowMs) {
        for (Floor.Shift shift : floor.busy()) {
            if (foresight != null) {
                long in = foresight.readyAtMs(shift.agent) == Long.MAX_VALUE
                        ? Long.MAX_VALUE
                        : foresight.readyAtMs(shift.agent) - nowMs;
                for (int j = 0; j < Prediction.INSTANTS; j++) {
                    prediction.free(j, in <= 1000 * (instants[j] + bounds.waitSeconds()) ? 1 : 0);
                }
                continue;
            }
            double[] row = freeAgents.row(shift.talking, shift.ageSeconds(nowMs));
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                prediction.mayFree(j, row[j], 1);
            }
        }
        for (int j = Prediction.INSTANTS - 1; j > 0; j--) {
            double again = 0;
            for (int i = 1; i <= j; i++) {
                double answers = prediction.livesMean(i) - prediction.livesMean(i - 1);
                again += answers * freeAgents.throughWithin(instants[j] + bounds.waitSeconds() - instants[i]);
            }
            if (again > 0.02) {
                double count = Math.ceil(again / 0.5);
                prediction.mayFree(j, again / count, count);
            }
        }
    }

    private double answerRate(Floor floor) {
        return foresight == null ? floor.estimates().answerRate().value() : foresight.answerRate();
    }

    @Override
    public String why() {
        return switch (reason) {
            case UNKNOWING -> "progressive: too few live answers and talks are known yet";
            case CLOSING -> "progressive: the day is about to close";
            case USED_UP -> "progressive: the abandon limit is reached";
            case PREDICTING ->
                "predictive: the next call may find nobody with a chance of %.2f %%; %.1f %% of calls are answered live"
                        .formatted(100 * threshold, 100 * rateKnown);
        };
    }

    private enum Reason {
        UNKNOWING,
        CLOSING,
        USED_UP,
        PREDICTING
    }
}
