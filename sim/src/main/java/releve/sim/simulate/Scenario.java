package releve.sim.simulate;

import java.util.List;

/**
 * A described contact centre.
 *
 * @param days how many days are run, 1 to 60
 * @param seeds one run for each
 * @param opensAtMs when dialing begins each day, ms after midnight
 * @param closesAtMs when it ends; 24 h after midnight when it never does
 * @param shifts who works when
 * @param breaks how often and how long agents go away after a call
 * @param answers how often a call becomes live
 * @param ring how long phones ring
 * @param talk how long people talk
 * @param wrapUp how long agents need afterwards
 * @param analysis how long it takes to tell human from machine
 * @param waitSeconds how long a live party may wait for an agent, 0 to 10
 * @param abandonLimit share of live answers, 0.001 to 1
 * @param thirtyDays whether the limit is kept over 30 days rather than each day
 * @param delays what store, network and phones take
 * @param faults what goes wrong
 */
public record Scenario(
        String name,
        int days,
        List<Long> seeds,
        long opensAtMs,
        long closesAtMs,
        List<ShiftPlan> shifts,
        Breaks breaks,
        Answers answers,
        Ring ring,
        Span talk,
        Span wrapUp,
        Analysis analysis,
        double waitSeconds,
        double abandonLimit,
        boolean thirtyDays,
        double linesPerAgentMax,
        Delays delays,
        List<Fault> faults) {
    static final long DAY_MS = 86_400_000;

    /** So many agents from then to then, each day. */
    public record ShiftPlan(int agents, long fromMs, long toMs) {}

    /** @param afterCall the chance of a break after a call, 0 to 1 */
    public record Breaks(double afterCall, Span length) {}

    /**
     * @param rate the chance that a dialed call becomes live
     * @param byHour a factor for each hour of the day
     * @param drift standard deviation of the logarithm of a slow random drift
     * @param jumpEverySeconds mean time between jumps; 0 when there are none
     * @param jumpFrom the least factor that a jump leads to
     * @param jumpTo the greatest
     */
    public record Answers(
            double rate, double[] byHour, double drift, double jumpEverySeconds, double jumpFrom, double jumpTo) {}

    /**
     * @param live from the dial to a human's answer
     * @param other to the end of a call that nobody takes before the limit
     * @param limitSeconds the no-answer ring limit; 0 for none
     * @param noAnswer the share of calls that are not live and ring to the limit
     */
    public record Ring(Span live, Span other, double limitSeconds, double noAnswer) {}

    /**
     * @param machines the share of calls that are not live and are picked up by a machine
     * @param human how long the verdict on a human takes
     * @param machine how long the one on a machine takes
     */
    public record Analysis(double machines, Span human, Span machine) {
        /** Nothing is analysed, and nobody waits for a verdict. */
        public static final Analysis NONE = new Analysis(0, new Span.Fixed(0), new Span.Fixed(0));
    }

    /**
     * What the parts of the centre take from one another, in ms.
     *
     * @param storeMs one request of the store, or one wake-up by it
     * @param networkMs one way of a SIP message between dialer and trunk
     * @param transferMs until an agent's phone has taken the call and both are connected
     */
    public record Delays(long storeMs, long networkMs, long transferMs) {
        /** A store beside the dialer, a trunk in the same country, a phone that answers by itself. */
        public static final Delays DEFAULT = new Delays(3, 15, 100);
    }

    /** What happens, on which day (from 1), when, ms after midnight. */
    public record Fault(Kind kind, int day, long atMs, double share, double seconds) {
        /** The kinds of fault. */
        public enum Kind {
            /** The dialer fails: calls in flight are lost, and what was learnt; another takes over after some seconds. */
            CRASH,
            /** The dialer settles its calls, then another goes on; what was learnt stays behind. */
            HANDOVER,
            /** The other dialer starts calls at once, while this one settles its own. */
            OVERLAP,
            /** A share of the agents goes away at once, for some time. */
            AGENTS_LEAVE
        }
    }

    /** The same with other seeds and days; faults on later days fall away. */
    public Scenario with(List<Long> otherSeeds, int otherDays) {
        List<Fault> kept =
                faults.stream().filter(fault -> fault.day() <= otherDays).toList();
        return new Scenario(
                name,
                otherDays,
                otherSeeds,
                opensAtMs,
                closesAtMs,
                shifts,
                breaks,
                answers,
                ring,
                talk,
                wrapUp,
                analysis,
                waitSeconds,
                abandonLimit,
                thirtyDays,
                linesPerAgentMax,
                delays,
                kept);
    }

    boolean aroundTheClock() {
        return closesAtMs - opensAtMs >= DAY_MS;
    }

    /** How many agents are there at most. */
    public int agents() {
        return shifts.stream().mapToInt(ShiftPlan::agents).sum();
    }
}
