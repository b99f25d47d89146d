package releve.sip.transport;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import releve.sip.transaction.Transport;

/**
 * Where an endpoint listens, and the limits of its connections.
 *
 * @param udp the address that UDP binds first; peers are told the user agent's local address for it
 * @param more further addresses to listen on: other transports, other addresses
 * @param tls what TLS and secure WebSockets use; null without them
 * @param origins which web pages may connect over WebSocket, by their Origin; clients that send none may always
 * @param limits of connections
 */
public record EndpointConfig(
        InetSocketAddress udp,
        List<Bind> more,
        @Nullable TlsSettings tls,
        Predicate<String> origins,
        ConnectionLimits limits) {
    /** @throws IllegalArgumentException when a secure transport lacks its settings */
    public EndpointConfig {
        more = List.copyOf(more);
        if (tls == null && more.stream().anyMatch(bind -> bind.transport().isSecure())) {
            throw new IllegalArgumentException("TLS and secure WebSockets need a certificate: give TlsSettings");
        }
    }

    /**
     * One address to listen on.
     *
     * @param bind what the socket binds; port 0 takes a free one
     * @param told what peers are told, with the port bound if its own is 0
     */
    public record Bind(Transport transport, InetSocketAddress bind, InetSocketAddress told) {}

    /** UDP only, the defaults otherwise. */
    public static EndpointConfig udp(InetSocketAddress bind) {
        return new EndpointConfig(bind, List.of(), null, _ -> true, ConnectionLimits.DEFAULT);
    }

    /** One more address to listen on, told to peers as it is. */
    public EndpointConfig listening(Transport transport, InetSocketAddress at) {
        return listening(new Bind(transport, at, at));
    }

    public EndpointConfig listening(Bind bind) {
        List<Bind> longer = new ArrayList<>(more);
        longer.add(bind);
        return new EndpointConfig(udp, longer, tls, origins, limits);
    }

    /** With TLS: give it before what listens with it. */
    public EndpointConfig secured(TlsSettings settings) {
        return new EndpointConfig(udp, more, settings, origins, limits);
    }

    public EndpointConfig withOrigins(Predicate<String> allowed) {
        return new EndpointConfig(udp, more, tls, allowed, limits);
    }

    public EndpointConfig withLimits(ConnectionLimits newLimits) {
        return new EndpointConfig(udp, more, tls, origins, newLimits);
    }
}
