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
    /** The tables are worked out anew when so much more is known, but neither more often nor more seldom than that. */
    private static final double STALE_SHARE = 0.02;

    private static final long REBUILD_MS = 15_000;
    private static final long REBUILD_AT_LEAST_MS = 120_000;
    /** Who is dialed later than this before the close may answer when the agents have gone. */
    private static final long CLOSING_MS = 40_000;

    private static final int AT_ONCE_MAX = 400;
    /** An answer rate that may err by less than this share is taken as it is. */
    private static final double UNCERTAINTY_MIN = 0.08;

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
    /** The same with a higher answer rate, as long as the rate is not known well; {@link #prediction} has a lower one then. */
    private final Prediction higher = new Prediction();

    private final FreeAgents freeAgents = new FreeAgents();
    private final double[] instants = new double[Prediction.INSTANTS];
    private final double[] answerBy = new double[Prediction.INSTANTS];
    private long builtAtMs = Long.MIN_VALUE;
    private double knownWhenBuilt;
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
        if (threshold <= RiskThreshold.PROGRESSIVE) {
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
        double rate = answerRate(floor);
        double uncertainty =
                foresight == null ? Math.sqrt(floor.estimates().answerRate().relativeVariance()) : 0;
        boolean few = Prediction.few(floor.busy().size() + floor.unanswered());
        boolean both = few && uncertainty > UNCERTAINTY_MIN;
        double low = both ? rate * Math.max(0.1, 1 - uncertainty) : rate;
        double high = Math.min(1, 2 * rate - low);
        predict(prediction, low, floor, nowMs);
        if (both) {
            predict(higher, high, floor, nowMs);
        } else {
            prediction.uncertain(uncertainty);
        }
        int calls = 0;
        while (calls < most
                && (both ? (prediction.shortfall() + higher.shortfall()) / 2 : prediction.shortfall()) <= threshold) {
            calls++;
            one(prediction, low);
            if (both) {
                one(higher, high);
            }
        }
        return calls;
    }

    private void one(Prediction into, double rate) {
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            into.mayAnswer(j, rate * answerBy[j], 1);
        }
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
                nobody *= 1 - (shift.leaves ? 0 : freeAgents.row(shift.talking, shift.ageSeconds(nowMs))[j]);
            }
            sum += nobody;
        }
        return sum / Prediction.INSTANTS > threshold;
    }

    private void refresh(Floor floor, long nowMs) {
        Estimates known = floor.estimates();
        double ends = known.talk().endedSoFar();
        boolean stale = ends - knownWhenBuilt >= STALE_SHARE * ends || nowMs - builtAtMs >= REBUILD_AT_LEAST_MS;
        if (builtAtMs == Long.MIN_VALUE || (stale && nowMs - builtAtMs >= REBUILD_MS)) {
            builtAtMs = nowMs;
            knownWhenBuilt = ends;
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                instants[j] = known.liveShape().quantile((j + 0.5) / Prediction.INSTANTS);
                answerBy[j] = (j + 0.5) / Prediction.INSTANTS;
            }
            freeAgents.build(known, instants, bounds.waitSeconds());
        }
    }

    private void predict(Prediction into, double rate, Floor floor, long nowMs) {
        into.clear(Prediction.few(floor.busy().size() + floor.unanswered()));
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            into.free(j, floor.idle() - floor.waiting());
        }
        calls(into, rate, floor, nowMs);
        agents(into, floor, nowMs);
    }

    /** Calls that ring, by how long they have; then those under analysis. */
    private void calls(Prediction into, double rate, Floor floor, long nowMs) {
        Estimates known = floor.estimates();
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
                into.mayAnswer(j, rings <= 1e-9 ? 0 : Math.clamp(answers / rings, 0, 1), count);
            }
        }
        for (Floor.Flight flight : floor.analysing()) {
            double analysed = (nowMs - flight.pickedUpAtMs) / 1000.0;
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                into.mayAnswer(j, known.analysis().liveWithin(flight.ringSeconds(), analysed, instants[j]), 1);
            }
        }
    }

    /** Agents who may become free, and those whose next call is so short that they become free twice. */
    private void agents(Prediction into, Floor floor, long nowMs) {
        for (Floor.Shift shift : floor.busy()) {
            if (foresight != null) {
                long in = foresight.readyAtMs(shift.agent) == Long.MAX_VALUE
                        ? Long.MAX_VALUE
                        : foresight.readyAtMs(shift.agent) - nowMs;
                for (int j = 0; j < Prediction.INSTANTS; j++) {
                    into.free(j, in <= 1000 * (instants[j] + bounds.waitSeconds()) ? 1 : 0);
                }
                continue;
            }
            if (shift.leaves) {
                continue;
            }
            double[] row = freeAgents.row(shift.talking, shift.ageSeconds(nowMs));
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                into.mayFree(j, row[j], 1);
            }
        }
        for (int j = Prediction.INSTANTS - 1; j > 0; j--) {
            double again = 0;
            for (int i = 1; i <= j; i++) {
                double answers = into.livesMean(i) - into.livesMean(i - 1);
                again += answers * freeAgents.throughWithin(instants[j] + bounds.waitSeconds() - instants[i]);
            }
            if (again > 0.02) {
                double count = Math.ceil(again / 0.5);
                into.mayFree(j, again / count, count);
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
