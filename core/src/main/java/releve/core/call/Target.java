package releve.core.call;

import releve.core.common.AgentId;
import releve.core.common.ReservationId;

/** Where a live answer is transferred. */
public sealed interface Target {

    /** The SIP address to call. */
    String uri();

    /** A reserved agent, at his phone. */
    record Agent(AgentId agent, ReservationId reservation, String uri) implements Target {}

    /** A port of the IVR. */
    record Ivr(String uri) implements Target {}
}
