package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
        byte[] body = message.body();
        SipWriter writer = new SipWriter(length(message) + body.length);
        writer.startLine(message);
        Headers headers = message.headers();
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.name(i).equals(HeaderName.CONTENT_LENGTH)) {
                writer.text(headers.name(i)).text(": ").text(headers.value(i)).text("\r\n");
            }
        }
        writer.text(HeaderName.CONTENT_LENGTH).text(": ").number(body.length).text("\r\n\r\n");
        return writer.end(body);
    }

    private void startLine(SipMessage message) {
        switch (message) {
            case SipRequest r ->
                text(r.method().name()).text(" ").text(r.uri()).text(" ").text(VERSION);
            case SipResponse r ->
                text(VERSION).text(" ").number(r.status()).text(" ").text(r.reasonPhrase());
        }
        text("\r\n");
    }

    /** The bytes up to the body, if all of its characters are ASCII; others make the array grow later. */
    private static int length(SipMessage message) {
        int length = 2
                + VERSION.length()
                + switch (message) {
                    case SipRequest r -> r.method().name().length() + r.uri().length() + 2;
                    case SipResponse r -> r.reasonPhrase().length() + 5;
                };
        Headers headers = message.headers();
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.name(i).equals(HeaderName.CONTENT_LENGTH)) {
                length += headers.name(i).length() + headers.value(i).length() + 4;
            }
        }
        return length + HeaderName.CONTENT_LENGTH.length() + 6 + digits(message.body().length);
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

    private byte[] end(byte[] body) {
        room(body.length);
        System.arraycopy(body, 0, out, at, body.length);
        at += body.length;
        return at == out.length ? out : Arrays.copyOf(out, at);
    }
}
