package releve.core.call;

import releve.core.common.AgentId;
import releve.core.common.ReservationId;

/** Where a live answer is transferred. */
public sealed interface Target {

    /** The SIP address to call. */
    String uri();

    /** A reserved agent, at his phone. */
    record Agent(AgentId agent, ReservationId reservation, String uri) implements Target {}

    /** A port of the campaign's IVR. */
    record Ivr(String uri) implements Target {}

    /** The IVR for customers whom nobody could serve in time; it has no ports that are counted. */
    record AbandonIvr(String uri) implements Target {}
}
