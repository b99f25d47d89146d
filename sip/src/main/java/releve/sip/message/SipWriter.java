package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes messages (RFC 3261 section 7), with the Content-Length that the body has. */
public final class SipWriter {
    private SipWriter() {}

    /** The bytes of the message as they go on the wire. */
    public static byte[] write(SipMessage message) {
        StringBuilder out = new StringBuilder(1024);
        switch (message) {
            case SipRequest r ->
                out.append(r.method().name()).append(' ').append(r.uri()).append(" SIP/2.0\r\n");
            case SipResponse r ->
                out.append("SIP/2.0 ")
                        .append(r.status())
                        .append(' ')
                        .append(r.reasonPhrase())
                        .append("\r\n");
        }
        Headers headers = message.headers();
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.name(i).equals(HeaderName.CONTENT_LENGTH)) {
                out.append(headers.name(i))
                        .append(": ")
                        .append(headers.value(i))
                        .append("\r\n");
            }
        }
        byte[] body = message.body();
        out.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        byte[] head = out.toString().getBytes(StandardCharsets.UTF_8);
        if (body.length == 0) {
            return head;
        }
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }
}
