package releve.core.pacing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * knows too little it dials for free agents only, one line each, and says so. When the budget is used up it looks ahead still, but
 * so carefully that next to nobody is abandoned: more answers make up for it sooner.
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
    /** The same for agents who talk for campaigns that share them. */
    private final Map<Floor, FreeAgents> freeElsewhere = new HashMap<>();

    private final double[] instants = new double[Prediction.INSTANTS];
    private final double[] answerBy = new double[Prediction.INSTANTS];
    private long builtAtMs = Long.MIN_VALUE;
    private double knownWhenBuilt;
    private Reason reason = Reason.UNKNOWING;
    private double own;
    private double threshold;
    private double rateKnown;

    public PredictivePacing(Bounds bounds, Optional<Foresight> foresight) {
        this.bounds = bounds;
        this.foresight = foresight.orElse(null);
    }

    @Override
    public int callsToStart(Floor floor, long nowMs) {
        return callsToStart(floor, List.of(), nowMs);
    }

    @Override
    public int callsToStart(Floor floor, List<Sharing> sharing, long nowMs) {
        AbandonBudget budget = floor.budget();
        int agents = floor.agents();
        int inFlight = floor.inFlight();
        int idle = floor.idle();
        for (Sharing other : sharing) {
            agents += other.floor().agents();
            inFlight += other.floor().inFlight() + other.leave();
            idle += other.floor().idle();
        }
        int free = Math.max(0, floor.idle() - floor.inFlight());
        long untilClose = budget.closesAtMs() - nowMs;
        if (untilClose < CLOSING_MS) {
            reason = Reason.CLOSING;
            return free;
        }
        if (floor.estimates().lives() < LIVES_TO_KNOW || !knowsTalk(floor)) {
            reason = Reason.UNKNOWING;
            return free;
        }
        own = budget.threshold(agents, nowMs);
        boolean usedUp = own <= RiskThreshold.CAREFUL;
        threshold = usedUp ? own : together(own, sharing);
        int room = (int) (bounds.linesPerAgentMax() * agents) - inFlight;
        int calls = room <= 0 ? 0 : upTo(Math.min(room, AT_ONCE_MAX), floor, sharing, nowMs);
        rateKnown = answerRate(floor);
        reason = usedUp ? Reason.USED_UP : Reason.PREDICTING;
        return Math.max(calls, usedUp ? free : Math.clamp(idle - inFlight, 0, Math.max(0, room)));
    }

    /**
     * Those who share agents take one risk: whoever took more would leave nothing to the others. Each is careful when its own budget
     * is used up.
     */
    private static double together(double own, List<Sharing> sharing) {
        double sum = own;
        int count = 1;
        for (Sharing other : sharing) {
            sum += other.risk();
            count += other.risk() > 0 ? 1 : 0;
        }
        return sum / count;
    }

    private static boolean knowsTalk(Floor floor) {
        return floor.estimates().talk().endedSoFar() >= TALKS_TO_KNOW;
    }

    /** Looks how many more calls keep the chance of finding nobody below the threshold. */
    private int upTo(int most, Floor floor, List<Sharing> sharing, long nowMs) {
        refresh(floor, sharing, nowMs);
        if (hopeless(floor, sharing, nowMs)) {
            return 0;
        }
        double rate = answerRate(floor);
        double uncertainty =
                foresight == null ? Math.sqrt(floor.estimates().answerRate().relativeVariance()) : 0;
        boolean few = few(floor, sharing);
        boolean both = few && uncertainty > UNCERTAINTY_MIN;
        double low = both ? rate * Math.max(0.1, 1 - uncertainty) : rate;
        double high = Math.min(1, 2 * rate - low);
        predict(prediction, few, low, floor, sharing, nowMs);
        if (both) {
            predict(higher, few, high, floor, sharing, nowMs);
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

    private static boolean few(Floor floor, List<Sharing> sharing) {
        int terms = floor.busy().size() + floor.unanswered();
        for (Sharing other : sharing) {
            terms += other.floor().busy().size() + other.floor().unanswered() + other.leave();
        }
        return Prediction.few(terms);
    }

    private void one(Prediction into, double rate) {
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            into.mayAnswer(j, rate * answerBy[j], 1);
        }
    }

    /** When nobody is free and nobody will be in time, no call that is under way needs a look. */
    private boolean hopeless(Floor floor, List<Sharing> sharing, long nowMs) {
        int free = floor.idle() - floor.waiting();
        for (Sharing other : sharing) {
            free += other.floor().idle() - other.floor().waiting();
        }
        if (foresight != null || free > 0) {
            return false;
        }
        double sum = 0;
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            double nobody = nobodyBy(j, floor, freeAgents, nowMs);
            for (Sharing other : sharing) {
                nobody *= nobodyBy(j, other.floor(), freeElsewhere.get(other.floor()), nowMs);
            }
            sum += nobody;
        }
        return sum / Prediction.INSTANTS > threshold;
    }

    /** @param free null when it is not known how long they talk: then nobody counts on them */
    private static double nobodyBy(int instant, Floor floor, @Nullable FreeAgents free, long nowMs) {
        double nobody = 1;
        for (Floor.Shift shift : floor.busy()) {
            nobody *= free == null || shift.leaves ? 1 : 1 - free.row(shift.talking, shift.ageSeconds(nowMs))[instant];
        }
        return nobody;
    }

    private void refresh(Floor floor, List<Sharing> sharing, long nowMs) {
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
            freeElsewhere.clear();
        }
        for (Sharing other : sharing) {
            if (knowsTalk(other.floor())) {
                freeElsewhere.computeIfAbsent(other.floor(), elsewhere -> {
                    FreeAgents free = new FreeAgents();
                    free.build(elsewhere.estimates(), instants, bounds.waitSeconds());
                    return free;
                });
            }
        }
    }

    private void predict(Prediction into, boolean few, double rate, Floor floor, List<Sharing> sharing, long nowMs) {
        into.clear(few);
        free(into, floor);
        calls(into, rate, floor, nowMs);
        agents(into, floor, freeAgents, nowMs);
        for (Sharing other : sharing) {
            Floor elsewhere = other.floor();
            double answered = elsewhere.estimates().answerRate().value();
            free(into, elsewhere);
            calls(into, answered, elsewhere, nowMs);
            soon(into, answered, other);
            FreeAgents free = freeElsewhere.get(elsewhere);
            if (free != null) {
                agents(into, elsewhere, free, nowMs);
            }
        }
        freeTwice(into);
    }

    private static void free(Prediction into, Floor floor) {
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            into.free(j, floor.idle() - floor.waiting());
        }
    }

    /** Calls that another campaign is about to start. */
    private void soon(Prediction into, double rate, Sharing other) {
        Estimates known = other.floor().estimates();
        double analysis = known.analysis().meanHumanSeconds();
        for (int j = 0; other.leave() > 0 && j < Prediction.INSTANTS; j++) {
            into.mayAnswer(j, Math.clamp(rate * known.pickup().cdf(instants[j] - analysis), 0, 1), other.leave());
        }
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

    /** Agents who may become free. */
    private void agents(Prediction into, Floor floor, FreeAgents free, long nowMs) {
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
            double[] row = free.row(shift.talking, shift.ageSeconds(nowMs));
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                into.mayFree(j, row[j], 1);
            }
        }
    }

    /** Agents whose next call is so short that they become free again. */
    private void freeTwice(Prediction into) {
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
    public double risk() {
        return reason == Reason.PREDICTING ? own : 0;
    }

    @Override
    public String why() {
        return switch (reason) {
            case UNKNOWING -> "progressive: too few live answers and talks are known yet";
            case CLOSING -> "progressive: the day is about to close";
            case USED_UP ->
                "careful: the abandon limit is reached; %.1f %% of calls are answered live".formatted(100 * rateKnown);
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
