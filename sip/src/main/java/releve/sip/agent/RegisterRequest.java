package releve.sip.agent;

import java.util.List;
import releve.sip.auth.Authenticator;
import releve.sip.transaction.Hop;

/**
 * A registration to keep (RFC 3261 section 10.2).
 *
 * @param registrar the registrar's URI, such as {@code sip:example.com}
 * @param hops where it is, best first; at least one
 * @param addressOfRecord whom we are reached as, such as {@code sip:dialer@example.com}
 * @param expiresSeconds for how long each REGISTER asks, 1 to 86,400
 * @param authenticator shows credentials
 */
public record RegisterRequest(
        String registrar, List<Hop> hops, String addressOfRecord, int expiresSeconds, Authenticator authenticator) {
    /** @throws IllegalArgumentException when there is no hop, or the time is out of its range */
    public RegisterRequest {
        hops = List.copyOf(hops);
        if (hops.isEmpty() || expiresSeconds < 1 || expiresSeconds > 86_400) {
            throw new IllegalArgumentException("a registration needs a hop, and 1 to 86400 seconds");
        }
    }
}
