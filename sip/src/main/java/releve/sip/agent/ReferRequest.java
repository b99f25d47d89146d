package releve.sip.agent;

import java.util.List;
import releve.sip.message.Header;

/**
 * Asks the peer of a call to call somebody (RFC 3515).
 *
 * @param referTo whom, a URI; with a Replaces header in it ({@code ?Replaces=…}) for an attended transfer
 * @param progress whether the peer shall tell how that call goes; without (RFC 4488) nothing comes after the acceptance
 * @param headers further ones, such as Referred-By
 */
public record ReferRequest(String referTo, boolean progress, List<Header> headers) {
    public ReferRequest {
        headers = List.copyOf(headers);
    }

    /** With progress and nothing further. */
    public static ReferRequest to(String uri) {
        return new ReferRequest(uri, true, List.of());
    }
}
