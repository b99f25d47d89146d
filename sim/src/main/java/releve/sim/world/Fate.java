package releve.sim.world;

import java.util.List;
import releve.sip.message.GatewayAnalysis;

/** What becomes of one call to one number. */
public sealed interface Fate {
    /** The value of {@link Answers#talkMs()} when the customer waits for the agent to hang up. */
    int UNTIL_AGENT_ENDS = -1;

    /** How the call announces itself. */
    Progress progress();

    /**
     * Somebody answers.
     *
     * @param ringMs from the provisional response to the answer, ms
     * @param talkMs from the connection with an agent to hanging up, ms, or {@link #UNTIL_AGENT_ENDS}
     * @param patienceMs from the answer to hanging up when no agent comes, ms
     * @param heard what the carrier's analysis hears after the answer, if the caller asked for it
     */
    record Answers(Progress progress, int ringMs, int talkMs, int patienceMs, List<Heard> heard) implements Fate {
        public Answers {
            heard = List.copyOf(heard);
        }

        /** Of whom no analysis hears anything. */
        public Answers(Progress progress, int ringMs, int talkMs, int patienceMs) {
            this(progress, ringMs, talkMs, patienceMs, List.of());
        }
    }

    /** What analysis hears, so long after the answer, ms. */
    record Heard(int afterMs, GatewayAnalysis.Heard what) {}

    /**
     * The network plays a special information tone, and rings on; who does not ask for analysis hears nothing of it.
     *
     * @param afterMs from ringing to the tone, ms
     */
    record Tone(Progress progress, int afterMs, GatewayAnalysis.Heard what) implements Fate {}

    /**
     * The call is refused with a final response.
     *
     * @param afterMs from the call to the refusal, ms
     */
    record Refused(Progress progress, int afterMs, Refusal refusal) implements Fate {}

    /** Rings until the caller gives up. */
    record NoAnswer(Progress progress) implements Fate {}

    /** Why a call is refused. */
    enum Refusal {
        BUSY(486, "Busy Here"),
        INVALID(404, "Not Found"),
        CONGESTION(503, "Service Unavailable"),
        REFUSED(603, "Decline"),
        UNAVAILABLE(480, "Temporarily Unavailable");

        private final int status;
        private final String phrase;

        Refusal(int status, String phrase) {
            this.status = status;
            this.phrase = phrase;
        }

        /** The SIP status (RFC 3261 section 21). */
        public int status() {
            return status;
        }

        public String phrase() {
            return phrase;
        }
    }
}
