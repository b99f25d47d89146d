package releve.sim.carrier;

/**
 * What a carrier has seen so far.
 *
 * @param invites calls, without repeated INVITEs
 * @param ringing calls without a final response now
 * @param answered calls that are up now
 * @param ended calls that are over, answered or not
 * @param talked calls that were answered and are over
 * @param overLimit calls refused because they came faster than allowed
 * @param repeated messages that came again and were recognised
 * @param malformed datagrams that were no SIP message
 * @param faults exceptions inside the carrier; anything but 0 is a defect
 */
public record CarrierStatus(
        long invites,
        long ringing,
        long answered,
        long ended,
        long talked,
        long overLimit,
        long repeated,
        long malformed,
        long faults) {}
