package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages (RFC 3261 section 7), with the Content-Length that the body has. The bytes are counted first and then
 * written into the one array that goes on the wire, for every message of every call passes here.
 */
public final class SipWriter {
    private static final String VERSION = "SIP/2.0";

    private byte[] out;
    private int at;

    private SipWriter(int length) {
        this.out = new byte[length];
    }

    /** The bytes of the message as they go on the wire. */
    public static byte[] write(SipMessage message) {
        String text = ascii(message.text());
        byte[] body = text == null ? message.body() : SipMessage.NO_BODY;
        return switch (message) {
            case SipRequest r -> request(r.method(), r.uri(), r.headers(), text, body);
            case SipResponse r -> response(r.status(), r.reasonPhrase(), r.headers(), text, body);
        };
    }

    /** The bytes of a request that is written once and not kept: an ACK. @param sdp the body, if it has one */
    public static byte[] write(Method method, String uri, Headers headers, @Nullable String sdp) {
        String text = ascii(sdp);
        byte[] body = text == null && sdp != null ? sdp.getBytes(StandardCharsets.UTF_8) : SipMessage.NO_BODY;
        return request(method, uri, headers, text, body);
    }

    /** The text if each of its characters is one byte; null otherwise. */
    private static @Nullable String ascii(@Nullable String text) {
        if (text != null) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) >= 128) {
                    return null;
                }
            }
        }
        return text;
    }

    private static byte[] request(Method method, String uri, Headers headers, @Nullable String text, byte[] body) {
        int start = method.name().length() + uri.length() + VERSION.length() + 4;
        int bodyLength = text == null ? body.length : text.length();
        return new SipWriter(start + fieldsLength(headers, bodyLength) + bodyLength)
                .text(method.name())
                .text(" ")
                .text(uri)
                .text(" ")
                .text(VERSION)
                .text("\r\n")
                .fields(headers, bodyLength)
                .end(text, body);
    }

    private static byte[] response(int status, String phrase, Headers headers, @Nullable String text, byte[] body) {
        int start = VERSION.length() + phrase.length() + 7;
        int bodyLength = text == null ? body.length : text.length();
        return new SipWriter(start + fieldsLength(headers, bodyLength) + bodyLength)
                .text(VERSION)
                .text(" ")
                .number(status)
                .text(" ")
                .text(phrase)
                .text("\r\n")
                .fields(headers, bodyLength)
                .end(text, body);
    }

    private SipWriter fields(Headers headers, int bodyLength) {
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.name(i).equals(HeaderName.CONTENT_LENGTH)) {
                text(headers.name(i)).text(": ").text(headers.value(i)).text("\r\n");
            }
        }
        return text(HeaderName.CONTENT_LENGTH).text(": ").number(bodyLength).text("\r\n\r\n");
    }

    /** The bytes between start line and body, if all of their characters are ASCII; others make the array grow later. */
    private static int fieldsLength(Headers headers, int bodyLength) {
        int length = HeaderName.CONTENT_LENGTH.length() + 6 + digits(bodyLength);
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.name(i).equals(HeaderName.CONTENT_LENGTH)) {
                length += headers.name(i).length() + headers.value(i).length() + 4;
            }
        }
        return length;
    }

    private static int digits(int number) {
        int digits = 1;
        for (int n = number; n >= 10; n /= 10) {
            digits++;
        }
        return digits;
    }

    private SipWriter text(String text) {
        int length = text.length();
        room(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                return utf8(text.substring(i));
            }
            out[at++] = (byte) c;
        }
        return this;
    }

    private SipWriter utf8(String rest) {
        byte[] bytes = rest.getBytes(StandardCharsets.UTF_8);
        room(bytes.length);
        System.arraycopy(bytes, 0, out, at, bytes.length);
        at += bytes.length;
        return this;
    }

    private SipWriter number(int number) {
        int end = at + digits(number);
        room(end - at);
        int n = number;
        for (int i = end - 1; i >= at; i--) {
            out[i] = (byte) ('0' + n % 10);
            n /= 10;
        }
        at = end;
        return this;
    }

    private void room(int more) {
        if (at + more > out.length) {
            out = Arrays.copyOf(out, Math.max(at + more, out.length + out.length / 2));
        }
    }

    private byte[] end(@Nullable String text, byte[] body) {
        if (text != null) {
            text(text);
        }
        room(body.length);
        System.arraycopy(body, 0, out, at, body.length);
        at += body.length;
        return at == out.length ? out : Arrays.copyOf(out, at);
    }
}
