package releve.sip.transaction;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The transports a message may take (RFC 3261 section 18, RFC 7118). The constants are named as in Via. */
public enum Transport {
    UDP("udp", 5060, false),
    TCP("tcp", 5060, true),
    TLS("tls", 5061, true),
    WS("ws", 80, true),
    WSS("ws", 443, true);

    private final String uriName;
    private final int defaultPort;
    private final boolean reliable;

    Transport(String uriName, int defaultPort, boolean reliable) {
        this.uriName = uriName;
        this.defaultPort = defaultPort;
        this.reliable = reliable;
    }

    /** Whether the transport repeats what is lost by itself, so that no transaction has to (RFC 3261 section 17). */
    public boolean isReliable() {
        return reliable;
    }

    /** Whether what passes is encrypted and the peer, or this end, has shown a certificate. */
    public boolean isSecure() {
        return this == TLS || this == WSS;
    }

    /** Whether messages are WebSocket frames (RFC 7118). */
    public boolean isWebSocket() {
        return this == WS || this == WSS;
    }

    /** The value of a URI's transport parameter; both WebSocket transports have one (RFC 7118 section 5.2.4). */
    public String uriName() {
        return uriName;
    }

    /** The port where none is written: 5060, 5061 for TLS, those of HTTP for WebSockets. */
    public int defaultPort() {
        return defaultPort;
    }

    /**
     * The transport that a URI asks for.
     *
     * @param name its transport parameter, or null
     * @param sips whether its scheme is sips, which asks for the secure form (RFC 3261 section 26.2.2)
     * @return null for a transport we do not have, such as SCTP
     */
    public static @Nullable Transport ofUri(@Nullable String name, boolean sips) {
        if (name == null) {
            return sips ? TLS : UDP;
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "udp" -> sips ? null : UDP;
            case "tcp" -> sips ? TLS : TCP;
            case "tls" -> TLS;
            case "ws" -> sips ? WSS : WS;
            case "wss" -> WSS;
            default -> null;
        };
    }
}
