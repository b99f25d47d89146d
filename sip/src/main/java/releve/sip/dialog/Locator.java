package releve.sip.dialog;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipUri;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/** Finds the address of a URI without asking the network (RFC 3263 with a resolver outside comes later). */
public interface Locator {
    /** Where to send and how, or null when the URI gives no hop that this locator knows. */
    @Nullable
    Hop locate(String uri);

    /** This locator for a user agent of its own, on whose thread it may remember what it found. */
    default Locator forOne() {
        return this;
    }

    /** Knows URIs whose host (or maddr) is an address literal; the transport parameter decides how (RFC 3263 section 4.1). */
    static @Nullable Hop literal(String uri) {
        try {
            SipUri parsed = SipUri.parse(uri);
            String maddr = parsed.params().get("maddr");
            String host = maddr != null ? maddr : parsed.host();
            if (host.startsWith("[")) {
                host = host.substring(1, host.length() - 1);
            }
            Transport transport = Transport.ofUri(
                    parsed.params().get("transport"), parsed.scheme().equals("sips"));
            if (transport == null) {
                return null;
            }
            int port = parsed.port() >= 0 ? parsed.port() : transport.defaultPort();
            return Hop.of(transport, new InetSocketAddress(InetAddress.ofLiteral(host), port));
        } catch (MalformedMessageException | IllegalArgumentException _) {
            return null;
        }
    }
}
