package releve.sim.simulate;

/**
 * The exact optimum of the memoryless case: with {@code x} agents idle and {@code m} calls in flight, calls are started so that
 * idle agents plus a price for each abandoned call cost least in the long run, and no call is withdrawn. The price is found by
 * bisection, so that the abandoned share meets the limit; between two prices the optimum mixes their policies.
 */
public final class LaboratoryBound {
    private static final int SWEEPS_MAX = 60_000;
    private static final int PRICES = 26;
    private static final double SETTLED = 1e-7;

    private final int agents;
    private final int callsMax;
    private final double answerRate;
    private final double ringRate;
    private final double handlingRate;
    private final double[][] value;
    private final int[][] upTo;

    private record Outcome(double utilisation, double abandoned) {}

    private LaboratoryBound(int agents, double answerRate, double ringSeconds, double handlingSeconds) {
        this.agents = agents;
        this.answerRate = answerRate;
        this.ringRate = 1 / ringSeconds;
        this.handlingRate = 1 / handlingSeconds;
        double mean = agents * ringSeconds / handlingSeconds / answerRate;
        this.callsMax = (int) Math.ceil(2 * mean + 6 * Math.sqrt(mean) + 4 + 12 / answerRate / 2);
        this.value = new double[agents + 1][callsMax + 1];
        this.upTo = new int[agents + 1][callsMax + 1];
    }

    /**
     * The greatest utilisation, 0 to 1.
     *
     * @param limit abandoned share of live answers
     */
    public static double utilisation(
            int agents, double answerRate, double ringSeconds, double handlingSeconds, double limit) {
        LaboratoryBound bound = new LaboratoryBound(agents, answerRate, ringSeconds, handlingSeconds);
        double low = 0;
        double high = 4000;
        Outcome tooMany = new Outcome(1, 1);
        Outcome withinLimit = new Outcome(0, 0);
        for (int i = 0; i < PRICES; i++) {
            double price = i == 0 ? 300 : (low + high) / 2;
            Outcome outcome = bound.at(price);
            if (outcome.abandoned > limit) {
                low = price;
                tooMany = outcome;
            } else {
                high = price;
                withinLimit = outcome;
            }
        }
        if (tooMany.abandoned - withinLimit.abandoned < 1e-9) {
            return withinLimit.utilisation;
        }
        double mix = (limit - withinLimit.abandoned) / (tooMany.abandoned - withinLimit.abandoned);
        return withinLimit.utilisation + mix * (tooMany.utilisation - withinLimit.utilisation);
    }

    private Outcome at(double price) {
        double pace = callsMax * ringRate + agents * handlingRate;
        for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
            choose();
            if (improve(price, pace) < SETTLED) {
                break;
            }
        }
        choose();
        return measure(pace);
    }

    /** From each state, up to how many calls it is best to go. */
    private void choose() {
        for (int x = 0; x <= agents; x++) {
            upTo[x][callsMax] = callsMax;
            for (int m = callsMax - 1; m >= 0; m--) {
                int above = upTo[x][m + 1];
                upTo[x][m] = value[x][above] < value[x][m] ? above : m;
            }
        }
    }

    private double chosen(int x, int m) {
        return value[x][upTo[x][m]];
    }

    /** One step of relative value iteration; how much the gains still differ between states. */
    private double improve(double price, double pace) {
        double[][] next = new double[agents + 1][callsMax + 1];
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        for (int x = 0; x <= agents; x++) {
            for (int m = 0; m <= callsMax; m++) {
                double rings = m * ringRate / pace;
                double frees = (agents - x) * handlingRate / pace;
                double cost = x / pace + (x == 0 ? price * answerRate * rings : 0);
                double v = cost + (1 - rings - frees) * value[x][m];
                if (m > 0) {
                    v += rings * (answerRate * chosen(Math.max(0, x - 1), m - 1) + (1 - answerRate) * chosen(x, m - 1));
                }
                if (x < agents) {
                    v += frees * chosen(x + 1, m);
                }
                next[x][m] = v;
                least = Math.min(least, v - value[x][m]);
                most = Math.max(most, v - value[x][m]);
            }
        }
        double base = next[0][0];
        for (int x = 0; x <= agents; x++) {
            for (int m = 0; m <= callsMax; m++) {
                value[x][m] = next[x][m] - base;
            }
        }
        return (most - least) * pace / agents;
    }

    /** The long-run share of time busy and of answers abandoned, by following the distribution until it stands still. */
    private Outcome measure(double pace) {
        double[][] share = new double[agents + 1][callsMax + 1];
        share[agents][upTo[agents][0]] = 1;
        Outcome before = new Outcome(0, 0);
        for (int round = 1; round < SWEEPS_MAX; round++) {
            share = moved(share, pace);
            if (round % 500 == 0) {
                Outcome now = outcome(share);
                if (Math.abs(now.utilisation - before.utilisation) + Math.abs(now.abandoned - before.abandoned)
                        < 1e-7) {
                    return now;
                }
                before = now;
            }
        }
        return before;
    }

    private double[][] moved(double[][] share, double pace) {
        double[][] next = new double[agents + 1][callsMax + 1];
        for (int x = 0; x <= agents; x++) {
            for (int m = 0; m <= callsMax; m++) {
                double here = share[x][m];
                if (here < 1e-15) {
                    continue;
                }
                double rings = m * ringRate / pace;
                double frees = (agents - x) * handlingRate / pace;
                next[x][m] += here * (1 - rings - frees);
                if (m > 0) {
                    int taken = Math.max(0, x - 1);
                    next[taken][upTo[taken][m - 1]] += here * rings * answerRate;
                    next[x][upTo[x][m - 1]] += here * rings * (1 - answerRate);
                }
                if (x < agents) {
                    next[x + 1][upTo[x + 1][m]] += here * frees;
                }
            }
        }
        return next;
    }

    private Outcome outcome(double[][] share) {
        double idle = 0;
        double lives = 0;
        double left = 0;
        for (int x = 0; x <= agents; x++) {
            for (int m = 0; m <= callsMax; m++) {
                idle += share[x][m] * x;
                lives += share[x][m] * m;
                left += x == 0 ? share[x][m] * m : 0;
            }
        }
        return new Outcome(1 - idle / agents, lives == 0 ? 0 : left / lives);
    }
}
