package releve.sim.faults;

import java.util.SplittableRandom;

/**
 * How often what fails, drawn from the seed: worlds in which everything fails at once hide faults that only a quiet world
 * with one failure shows, so each kind is off in a third of all worlds or more. Times are means, in seconds; 0 is never.
 */
record FaultRates(Processes processes, Store store, Sip sip, Desks desks, Operators operators) {

    /**
     * @param crashEveryS of each
     * @param freezeEveryS of each, and half of those suspend the whole machine
     * @param freezeS how long
     * @param freezesAtAsk share of what it asks of the store during which it freezes: a renewal or a commit is under way then
     * @param drift largest of a machine's monotonic clock, in parts
     * @param leapEveryS of each machine's wall clock
     * @param restartS until one that ended is started again
     */
    record Processes(
            double crashEveryS,
            double freezeEveryS,
            double freezeS,
            double freezesAtAsk,
            double drift,
            double leapEveryS,
            double restartS) {}

    /**
     * @param downEveryS for both sides
     * @param cutEveryS for one side
     * @param downS how long
     * @param slowMs each way to it and back
     * @param answerLost share of its answers that get lost after it did what was asked
     * @param wakeLost share of its wake-ups
     */
    record Store(
            double downEveryS, double cutEveryS, double downS, double slowMs, double answerLost, double wakeLost) {}

    /**
     * @param trunkEveryS it is down, or wants no calls for a while
     * @param silent share of INVITEs that nobody answers in any way
     * @param byeLost share of calls whose end is not told, and found out much later
     * @param doubled share of provisional responses that come twice
     */
    record Sip(double trunkEveryS, double silent, double byeLost, double doubled) {}

    /**
     * @param vanishes chance that an agent leaves a call or an offer to itself
     * @param refuses chance that an agent's phone does not take a call
     * @param lost share of what desktops say that never arrives
     * @param doubled share that arrives twice
     * @param late share that arrives seconds later
     */
    record Desks(double vanishes, double refuses, double lost, double doubled, double late) {}

    /**
     * @param maintenanceEveryS of a side, or of one of its roles
     * @param ofOneRole share that is of one role only
     * @param cancelled share that is called off
     * @param forced share that is forced
     * @param impatient share after which the process is stopped at once
     * @param overlapped share whose handover overlaps
     * @param listsEveryS a number is put on the do-not-call list
     */
    record Operators(
            double maintenanceEveryS,
            double ofOneRole,
            double cancelled,
            double forced,
            double impatient,
            double overlapped,
            double listsEveryS) {}

    /** Nothing fails, and nobody asks for anything. */
    static final FaultRates NONE = new FaultRates(
            new Processes(0, 0, 0, 0, 0, 0, 5),
            new Store(0, 0, 0, 1, 0, 0),
            new Sip(0, 0, 0, 0),
            new Desks(0, 0, 0, 0, 0),
            new Operators(0, 0, 0, 0, 0, 0, 0));

    static FaultRates draw(SplittableRandom random) {
        return new FaultRates(
                new Processes(
                        maybe(random, 120, 1200),
                        maybe(random, 90, 900),
                        between(random, 0.3, 60),
                        random.nextInt(3) == 0 ? between(random, 0.0002, 0.003) : 0,
                        random.nextInt(2) == 0 ? between(random, 0, 0.002) : 0,
                        maybe(random, 120, 900),
                        between(random, 1, 60)),
                new Store(
                        maybe(random, 120, 900),
                        maybe(random, 120, 900),
                        between(random, 0.5, 20),
                        random.nextInt(3) == 0 ? between(random, 20, 400) : between(random, 0.5, 5),
                        random.nextInt(3) == 0 ? between(random, 0.001, 0.05) : 0,
                        random.nextInt(2) == 0 ? between(random, 0, 0.5) : 0),
                new Sip(
                        maybe(random, 90, 600),
                        random.nextInt(2) == 0 ? between(random, 0, 0.1) : 0,
                        random.nextInt(2) == 0 ? between(random, 0, 0.1) : 0,
                        random.nextInt(2) == 0 ? between(random, 0, 0.3) : 0),
                new Desks(
                        random.nextInt(2) == 0 ? between(random, 0, 0.15) : 0,
                        random.nextInt(2) == 0 ? between(random, 0, 0.2) : 0,
                        random.nextInt(2) == 0 ? between(random, 0, 0.2) : 0,
                        random.nextInt(2) == 0 ? between(random, 0, 0.2) : 0,
                        random.nextInt(2) == 0 ? between(random, 0, 0.2) : 0),
                new Operators(
                        between(random, 60, 400),
                        between(random, 0, 0.6),
                        between(random, 0, 0.5),
                        between(random, 0, 0.3),
                        between(random, 0, 0.2),
                        between(random, 0, 0.6),
                        maybe(random, 5, 120)));
    }

    private static double maybe(SplittableRandom random, double from, double to) {
        return random.nextInt(3) == 0 ? 0 : between(random, from, to);
    }

    private static double between(SplittableRandom random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }
}
