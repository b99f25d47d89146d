package releve.sip.transport;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The upgrade from HTTP to WebSocket with the subprotocol {@code sip} (RFC 6455 section 4, RFC 7118 section 4). Pure. */
final class WebSocketHandshake {
    /** The longest request or response, bytes. */
    static final int BYTES_MAX = 8 * 1024;

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    private final @Nullable String clientKey;
    private final Predicate<String> origins;
    private byte[] held = {};

    private WebSocketHandshake(@Nullable String clientKey, Predicate<String> origins) {
        this.clientKey = clientKey;
        this.origins = origins;
    }

    /** The server's part. @param origins which web pages may connect, by their Origin; asked only when there is one */
    static WebSocketHandshake server(Predicate<String> origins) {
        return new WebSocketHandshake(null, origins);
    }

    static WebSocketHandshake client(RandomGenerator random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new WebSocketHandshake(Base64.getEncoder().encodeToString(key), _ -> true);
    }

    /** A client's request. @param host what Host says, with the port */
    byte[] request(String host) {
        return ascii("GET / HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: " + clientKey + "\r\nSec-WebSocket-Protocol: sip\r\n"
                + "Sec-WebSocket-Version: 13\r\n\r\n");
    }

    /** What a step of the handshake came to. */
    sealed interface Step {
        /** More bytes are needed. */
        record More() implements Step {}

        /** Done; the server sends {@code answer}, a client has none. {@code rest} belongs to the frames. */
        record Done(byte[] answer, byte[] rest) implements Step {}

        /** Refused; the server sends {@code answer} and closes. */
        record Refused(byte[] answer, String reason) implements Step {}
    }

    /** Takes bytes that came. */
    Step arrived(byte[] bytes) {
        int before = held.length;
        held = Arrays.copyOf(held, before + bytes.length);
        System.arraycopy(bytes, 0, held, before, bytes.length);
        int end = end(Math.max(0, before - 3));
        if (end < 0) {
            return held.length > BYTES_MAX ? refused("431 Too Large", "its HTTP header is too long") : new Step.More();
        }
        if (end > BYTES_MAX) {
            return refused("431 Too Large", "its HTTP header is too long");
        }
        String[] lines = new String(held, 0, end - 4, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        byte[] rest = Arrays.copyOfRange(held, end, held.length);
        held = new byte[0];
        Map<String, String> fields = fields(lines);
        return clientKey == null ? asServer(lines[0], fields, rest) : asClient(lines[0], fields, rest);
    }

    private int end(int from) {
        for (int i = from; i + 3 < held.length; i++) {
            if (held[i] == '\r' && held[i + 1] == '\n' && held[i + 2] == '\r' && held[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static Map<String, String> fields(String[] lines) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                String name = lines[i].substring(0, colon).trim().toLowerCase(Locale.ROOT);
                fields.merge(name, lines[i].substring(colon + 1).trim(), (a, b) -> a + "," + b);
            }
        }
        return fields;
    }

    private Step asServer(String start, Map<String, String> fields, byte[] rest) {
        String key = fields.getOrDefault("sec-websocket-key", "");
        String origin = fields.get("origin");
        if (!start.startsWith("GET ") || !start.endsWith(" HTTP/1.1")) {
            return refused("400 Bad Request", "it sent no HTTP/1.1 GET");
        }
        if (!lists(fields, "upgrade", "websocket") || !lists(fields, "connection", "upgrade")) {
            return refused("426 Upgrade Required\r\nUpgrade: websocket", "it asked for no WebSocket");
        }
        if (!"13".equals(fields.get("sec-websocket-version"))) {
            return refused("426 Upgrade Required\r\nSec-WebSocket-Version: 13", "its WebSocket version is not 13");
        }
        if (!isKey(key)) {
            return refused("400 Bad Request", "its Sec-WebSocket-Key is wrong");
        }
        if (!lists(fields, "sec-websocket-protocol", "sip")) {
            return refused("400 Bad Request", "it did not offer the subprotocol sip");
        }
        if (origin != null && !origins.test(origin)) {
            return refused("403 Forbidden", "its web page's origin is not allowed");
        }
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\nSec-WebSocket-Protocol: sip\r\n\r\n";
        return new Step.Done(ascii(answer), rest);
    }

    private Step asClient(String start, Map<String, String> fields, byte[] rest) {
        boolean good = start.startsWith("HTTP/1.1 101")
                && lists(fields, "upgrade", "websocket")
                && lists(fields, "connection", "upgrade")
                && accept(Objects.requireNonNull(clientKey)).equals(fields.get("sec-websocket-accept"))
                && "sip".equals(fields.get("sec-websocket-protocol"));
        byte[] nothing = {};
        return good
                ? new Step.Done(nothing, rest)
                : new Step.Refused(nothing, "it did not upgrade to WebSocket for SIP");
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean lists(Map<String, String> fields, String name, String token) {
        return Arrays.stream(fields.getOrDefault(name, "").split(",", -1))
                .anyMatch(part -> part.trim().equalsIgnoreCase(token));
    }

    /** The proof of having read the key (RFC 6455 section 4.2.2). */
    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(ascii(key + GUID));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }

    private static Step refused(String status, String reason) {
        return new Step.Refused(
                ascii("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), reason);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
