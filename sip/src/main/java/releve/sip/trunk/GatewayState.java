package releve.sip.trunk;

/**
 * Whether a gateway takes calls.
 *
 * <pre>
 * UNKNOWN a probe is answered, or nothing is probed → UP;   {@code downAfter} failures, or the network refuses → DOWN
 * UP      {@code downAfter} failures in a row, or the network refuses → DOWN
 * DOWN    {@code upAfter} successes in a row → UP
 * </pre>
 *
 * A call that gets no answer at all counts as a failed probe, one that gets any answer as a successful one. Calls are given
 * to gateways that are UP only: an unknown peer counts as unusable.
 */
public enum GatewayState {
    UNKNOWN,
    UP,
    DOWN
}
