package releve.sim.faults;

import java.util.SplittableRandom;

/**
 * How often what fails, drawn from the seed: worlds in which everything fails at once hide faults that only a quiet world
 * with one failure shows, so each kind is off in a third of all worlds.
 *
 * @param crashEveryS of each process, mean; 0 never
 * @param freezeEveryS of each process, and half of those suspend the whole machine
 * @param freezeS mean length
 * @param storeDownEveryS the store is gone for both sides
 * @param cutEveryS the store is gone for one side
 * @param storeDownS mean length of either
 * @param storeSlowMs mean of each way to the store and back
 * @param answerLost share of the store's answers that get lost after it did what was asked
 * @param wakeLost share of wake-ups that get lost
 * @param clockDrift largest drift of a node's clock, in parts
 * @param clockJumpEveryS of each node's wall clock
 * @param trunkTroubleEveryS it is down, or wants no calls for a while
 * @param agentVanishes chance that an agent leaves a call or an offer to itself
 * @param phoneRefuses chance that an agent's phone does not take a call
 * @param maintenanceEveryS an operator starts maintenance of a side that works
 * @param cancelled share of maintenances that are called off
 * @param forced share of maintenances that are forced
 * @param impatient share of maintenances after which the process is stopped at once
 * @param overlapped share of maintenances whose handover overlaps
 * @param restartS mean time until a process that ended is started again
 */
record FaultRates(
        double crashEveryS,
        double freezeEveryS,
        double freezeS,
        double storeDownEveryS,
        double cutEveryS,
        double storeDownS,
        double storeSlowMs,
        double answerLost,
        double wakeLost,
        double clockDrift,
        double clockJumpEveryS,
        double trunkTroubleEveryS,
        double agentVanishes,
        double phoneRefuses,
        double maintenanceEveryS,
        double cancelled,
        double forced,
        double impatient,
        double overlapped,
        double restartS) {

    /** Nothing fails, and nobody asks for anything. */
    static final FaultRates NONE = new FaultRates(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5);

    static FaultRates draw(SplittableRandom random) {
        return new FaultRates(
                maybe(random, 120, 1200),
                maybe(random, 90, 900),
                between(random, 0.3, 60),
                maybe(random, 120, 900),
                maybe(random, 120, 900),
                between(random, 0.5, 20),
                random.nextInt(3) == 0 ? between(random, 20, 400) : between(random, 0.5, 5),
                random.nextInt(3) == 0 ? between(random, 0.001, 0.05) : 0,
                random.nextInt(2) == 0 ? between(random, 0, 0.5) : 0,
                random.nextInt(2) == 0 ? between(random, 0, 0.002) : 0,
                maybe(random, 120, 900),
                maybe(random, 90, 600),
                random.nextInt(2) == 0 ? between(random, 0, 0.15) : 0,
                random.nextInt(2) == 0 ? between(random, 0, 0.2) : 0,
                between(random, 60, 400),
                between(random, 0, 0.5),
                between(random, 0, 0.3),
                between(random, 0, 0.2),
                between(random, 0, 0.6),
                between(random, 1, 60));
    }

    private static double maybe(SplittableRandom random, double from, double to) {
        return random.nextInt(3) == 0 ? 0 : between(random, from, to);
    }

    private static double between(SplittableRandom random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }
}
