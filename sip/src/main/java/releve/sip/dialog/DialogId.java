package releve.sip.dialog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.sip.message.SipMessage;

/**
 * What names a dialog at one end (RFC 3261 section 12).
 *
 * @param callId the Call-ID
 * @param localTag this end's tag
 * @param remoteTag the other end's tag, empty for an RFC 2543 peer without one
 */
public record DialogId(String callId, String localTag, String remoteTag) {
    /** The dialog that a received request belongs to: our tag is in To. */
    public static DialogId ofReceived(SipMessage request) {
        return new DialogId(
                request.callId(),
                orEmpty(request.to().tag()),
                orEmpty(request.from().tag()));
    }

    /** The dialog that a response to our request belongs to: our tag is in From. */
    public static DialogId ofResponse(SipMessage response) {
        return new DialogId(
                response.callId(),
                orEmpty(response.from().tag()),
                orEmpty(response.to().tag()));
    }

    private static String orEmpty(@Nullable String tag) {
        return Objects.requireNonNullElse(tag, "");
    }
}
