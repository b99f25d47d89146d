package releve.sip.agent;

import org.jspecify.annotations.Nullable;
import releve.sip.dialog.DialogId;
import releve.sip.message.Event;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipRequest;
import releve.sip.message.TargetDialog;

/**
 * Which of our dialogs a subscription is about (RFC 4235 section 3.2).
 *
 * @param callId the Call-ID; null for all dialogs
 * @param localTag our tag, to-tag of the subscription; null for any
 * @param remoteTag the peer's tag, from-tag of the subscription; null for any
 */
record DialogSelection(
        @Nullable String callId,
        @Nullable String localTag,
        @Nullable String remoteTag) {
    static DialogSelection of(Event event) {
        return new DialogSelection(
                event.params().get("call-id"),
                event.params().get("to-tag"),
                event.params().get("from-tag"));
    }

    /** The dialog by which a subscriber shows that he is a party to a call of ours (RFC 4538); null when he shows none. */
    static @Nullable DialogId shownBy(SipRequest subscribe) {
        String value = subscribe.headers().first("Target-Dialog");
        if (value == null) {
            return null;
        }
        try {
            TargetDialog shown = TargetDialog.parse(value);
            return new DialogId(shown.callId(), shown.remoteTag(), shown.localTag());
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    /** The one dialog that it names with all that names a dialog; null when it is about several. */
    @Nullable
    DialogId only() {
        return callId == null || localTag == null || remoteTag == null
                ? null
                : new DialogId(callId, localTag, remoteTag);
    }

    boolean isAll() {
        return callId == null;
    }

    boolean covers(Call call) {
        if (isAll()) {
            return true;
        }
        DialogId id = CallStates.dialogOf(call);
        return id != null
                && id.callId().equals(callId)
                && (localTag == null || id.localTag().equals(localTag))
                && (remoteTag == null || id.remoteTag().equals(remoteTag));
    }
}
