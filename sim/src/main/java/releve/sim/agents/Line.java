package releve.sim.agents;

import java.util.SplittableRandom;
import releve.sim.world.Draws;

/**
 * One phone number and its owner's decisions. Used on the endpoint's loop only.
 *
 * <p>A phone of an agent takes one call at a time and tells its desktop; the IVR takes any number.
 */
final class Line {
    /** What a phone tells its desktop; called on the endpoint's loop, must not block. */
    interface Watcher {
        void phoneBusy();

        void phoneIdle();

        /** For the IVR, which has no desktop. */
        Watcher NOBODY = new Watcher() {
            @Override
            public void phoneBusy() {}

            @Override
            public void phoneIdle() {}
        };
    }

    /** What the owner makes of one call. */
    sealed interface Choice {
        /** Takes it and hangs up after that time, if the other side has not. */
        record Talk(int answerAfterMs, int talkMs) implements Choice {}

        /** The phone says busy though it is free. */
        record FaultBusy() implements Choice {}

        /** Nobody answers. */
        record FaultSilent() implements Choice {}
    }

    private static final int ANSWER_BY_HAND_MIN_MS = 1_000;
    private static final int ANSWER_BY_HAND_MAX_MS = 3_000;

    final String user;
    final boolean ivr;
    final Watcher watcher;
    private final long seed;
    private final AgentHabits habits;
    private int calls;
    private int busyCalls;

    Line(String user, boolean ivr, Watcher watcher, long seed, AgentHabits habits) {
        this.user = user;
        this.ivr = ivr;
        this.watcher = watcher;
        this.seed = seed;
        this.habits = habits;
    }

    /** Whether it can take no further call. */
    boolean isBusy() {
        return !ivr && busyCalls > 0;
    }

    /** Decides on a call that may be taken. */
    Choice choose(boolean autoAnswer) {
        SplittableRandom random = Draws.of(seed, user, calls++);
        double fault = random.nextDouble();
        boolean ends = random.nextDouble() < habits.agentEnds();
        int talkMs = (ivr ? habits.ivrTalk() : habits.talk()).draw(random);
        int byHandMs = random.nextInt(ANSWER_BY_HAND_MIN_MS, ANSWER_BY_HAND_MAX_MS);
        if (!ivr && fault < habits.busyFaults()) {
            return new Choice.FaultBusy();
        }
        if (!ivr && fault < habits.busyFaults() + habits.silentFaults()) {
            return new Choice.FaultSilent();
        }
        int limitMs = ivr || ends ? talkMs : habits.talk().maxMs();
        return new Choice.Talk(ivr || autoAnswer ? 0 : byHandMs, limitMs);
    }

    void taken() {
        busyCalls++;
        watcher.phoneBusy();
    }

    void released() {
        busyCalls--;
        watcher.phoneIdle();
    }
}
