package releve.sip.agent;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Via;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/**
 * What we call ourselves in Via and Contact, by the transport and the address family of the hop a message takes: each
 * transport has a port of its own, and a peer on IPv6 cannot use an IPv4 address (RFC 3261 sections 8.1.1.7, 8.1.1.8).
 */
final class OwnAddresses {
    private static final int FAMILIES = 2;

    private final String[] viaStarts = new String[Transport.values().length * FAMILIES];
    private final String[] uris = new String[viaStarts.length];
    private final Header[] contacts = new Header[viaStarts.length];
    private final List<SentBy> sentBys = new ArrayList<>();

    private record SentBy(String host, int port) {}

    OwnAddresses(UserAgentConfig config) {
        List<Hop> own = new ArrayList<>();
        own.add(Hop.udp(config.local()));
        own.addAll(config.alsoAt());
        own.forEach(
                hop -> sentBys.add(new SentBy(host(hop.address()), hop.address().getPort())));
        // Nobody connects to a WebSocket client, whose name says so (RFC 7118 section 5.2.5).
        String unreachable = "sip:" + config.contactUser() + "@releve.invalid;transport=ws";
        for (Transport transport : Transport.values()) {
            for (int family = 0; family < FAMILIES; family++) {
                Hop best = best(own, transport, family == 1);
                String sentBy = text(best.address());
                int index = transport.ordinal() * FAMILIES + family;
                viaStarts[index] = "SIP/2.0/" + transport + " " + sentBy + ";rport;branch=";
                // Without an address of that transport peers are told one of another, at which somebody listens.
                String parameter = best.transport() == Transport.UDP
                        ? ""
                        : ";transport=" + best.transport().uriName();
                boolean webSocketClient = transport.isWebSocket() && best.transport() != transport;
                uris[index] = webSocketClient ? unreachable : "sip:" + config.contactUser() + "@" + sentBy + parameter;
                contacts[index] = new Header(HeaderName.CONTACT, "<" + uris[index] + ">");
            }
        }
    }

    /** The transport's own address in that family, else its other one, else one in that family, else the first. */
    private static Hop best(List<Hop> own, Transport transport, boolean v6) {
        Hop best = own.getFirst();
        int bestScore = -1;
        for (Hop hop : own) {
            int score = (hop.transport() == transport ? 2 : 0) + (isV6(hop) == v6 ? 1 : 0);
            if (score > bestScore) {
                best = hop;
                bestScore = score;
            }
        }
        return best;
    }

    private static boolean isV6(Hop hop) {
        return hop.address().getAddress() instanceof Inet6Address;
    }

    private static String host(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static String text(InetSocketAddress address) {
        return host(address) + ":" + address.getPort();
    }

    private static int index(Hop hop) {
        return hop.transport().ordinal() * FAMILIES + (isV6(hop) ? 1 : 0);
    }

    /** Our Via on a request that takes that hop. */
    String via(Hop hop, String branch) {
        return viaStarts[index(hop)] + branch;
    }

    /** The URI at which the peer behind that hop reaches us. */
    String uri(Hop hop) {
        return uris[index(hop)];
    }

    /** Our Contact towards the peer behind that hop. */
    Header contact(Hop hop) {
        return contacts[index(hop)];
    }

    /** Whether a sent-by is ours. */
    boolean isSentBy(Via via) {
        for (int i = 0; i < sentBys.size(); i++) {
            SentBy own = sentBys.get(i);
            if (via.isSentBy(own.host, own.port)) {
                return true;
            }
        }
        return false;
    }
}
