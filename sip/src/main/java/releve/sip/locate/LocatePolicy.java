package releve.sip.locate;

import java.util.List;
import releve.sip.transaction.Transport;

/**
 * What we can use of what the DNS offers.
 *
 * @param transports ours, in the order of our preference, which counts where the domain states none
 * @param families address families to ask for, the preferred one first: {@link Question.Type#A},
 *     {@link Question.Type#AAAA} or both
 * @param hopsMax the most hops a URI may lead to; further ones are left out
 */
public record LocatePolicy(List<Transport> transports, List<Question.Type> families, int hopsMax) {
    /** UDP, TCP and TLS to IPv4 addresses, 16 hops. */
    public static final LocatePolicy DEFAULT =
            new LocatePolicy(List.of(Transport.UDP, Transport.TCP, Transport.TLS), List.of(Question.Type.A), 16);

    /** @throws IllegalArgumentException when there is no transport, no family, or a limit below 1 */
    public LocatePolicy {
        transports = List.copyOf(transports);
        families = List.copyOf(families);
        if (transports.isEmpty() || families.isEmpty() || hopsMax < 1) {
            throw new IllegalArgumentException("a policy needs a transport, an address family and a hop at least");
        }
        for (Question.Type family : families) {
            if (family != Question.Type.A && family != Question.Type.AAAA) {
                throw new IllegalArgumentException(family + " is no address family");
            }
        }
    }
}
