package releve.sip.dialog;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipUri;

/** Finds the address of a URI without asking the network (RFC 3263 with a resolver outside comes later). */
public interface Locator {
    /** The address to send to, or null when the URI gives none that this locator knows. */
    @Nullable
    InetSocketAddress locate(String uri);

    /** Knows URIs whose host (or maddr) is an address literal. */
    static @Nullable InetSocketAddress literal(String uri) {
        try {
            SipUri parsed = SipUri.parse(uri);
            String maddr = parsed.params().get("maddr");
            String host = maddr != null ? maddr : parsed.host();
            if (host.startsWith("[")) {
                host = host.substring(1, host.length() - 1);
            }
            return new InetSocketAddress(InetAddress.ofLiteral(host), parsed.portOrDefault());
        } catch (MalformedMessageException | IllegalArgumentException _) {
            return null;
        }
    }
}
