package releve.sip.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.DialogId;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Replaces;
import releve.sip.message.SipRequest;

/**
 * Which call a new INVITE is to take the place of (RFC 3891 section 3).
 *
 * @param status 0 when the INVITE may go on; else the status that refuses it
 * @param replaced the call that ends when the new one is answered; null when the INVITE replaces nothing or is refused
 */
record Replacement(int status, @Nullable Call replaced) {
    private static final Replacement NONE = new Replacement(0, null);
    private static final String REPLACES = "Replaces";

    static Replacement of(SipRequest invite, Core core) {
        List<String> values = invite.headers().values(REPLACES);
        if (values.isEmpty()) {
            return NONE;
        }
        if (values.size() > 1) {
            return new Replacement(400, null);
        }
        Replaces replaces;
        try {
            replaces = Replaces.parse(values.getFirst());
        } catch (MalformedMessageException _) {
            return new Replacement(400, null);
        }
        Call call = core.dialogs.get(new DialogId(replaces.callId(), replaces.toTag(), replaces.fromTag()));
        if (call == null) {
            return new Replacement(481, null);
        }
        return switch (call.phase) {
            // An early dialog may be replaced only by whom its maker chooses, and an incoming one is not ours to give.
            case SETUP -> new Replacement(481, null);
            case UP -> replaces.earlyOnly() ? new Replacement(486, null) : new Replacement(0, call);
            case ENDING, OVER -> new Replacement(603, null);
        };
    }
}
