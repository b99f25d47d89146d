package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import releve.sip.message.Status;

/**
 * The start line of a response as a message fragment (RFC 3420): how a NOTIFY tells what became of a REFER.
 *
 * @param status 100 to 699
 */
record StatusLine(int status, String phrase) {
    static final String CONTENT_TYPE = "message/sipfrag;version=2.0";

    private static final String VERSION = "SIP/2.0 ";
    private static final int STATUS_END = VERSION.length() + 3;

    static StatusLine of(int status) {
        return new StatusLine(status, Status.phrase(status));
    }

    /** The status line at the start of a body, or null when there is none. */
    static @Nullable StatusLine read(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        String line = text.lines().findFirst().orElse("");
        if (line.length() < STATUS_END || !line.regionMatches(true, 0, VERSION, 0, VERSION.length())) {
            return null;
        }
        int status = 0;
        for (int i = VERSION.length(); i < STATUS_END; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            status = 10 * status + digit;
        }
        return status < 100 || status > 699
                ? null
                : new StatusLine(status, line.substring(STATUS_END).strip());
    }

    byte[] bytes() {
        return (VERSION + status + " " + phrase + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    boolean isFinal() {
        return status >= 200;
    }
}
