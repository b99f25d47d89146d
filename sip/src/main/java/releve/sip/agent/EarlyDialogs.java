package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Method;
import releve.sip.message.RAck;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Hop;

/**
 * The early dialogs of a call of ours, one for each branch that sent a reliable provisional response (RFC 3262 section 4):
 * such a response is acknowledged with PRACK, once and in the order of RSeq, and from then on both sides may send requests.
 * One with the peer's offer is acknowledged when the user has answered that; until then the peer repeats it, and gives up
 * after 64·T1.
 */
final class EarlyDialogs {
    /** Branches of one call that are followed; responses of further ones are told, but not acknowledged. */
    static final int MAX = 16;

    /** How often a response is acknowledged anew when another request overtakes its PRACK. */
    static final int PRACKS_MAX = 6;

    private static final byte[] NO_BODY = new byte[0];

    private final Call call;
    private final Core core;
    private final Map<DialogId, Early> dialogs = new LinkedHashMap<>(4);

    /** One dialog, the RSeq taken last in it, and what its PRACK says that waits for our answer to the peer's offer. */
    private record Early(Dialog dialog, long rseq, @Nullable RAck owed) {}

    EarlyDialogs(Call call) {
        this.call = call;
        this.core = call.core;
    }

    /** Whether a response wants a PRACK. */
    static boolean isReliable(SipResponse response) {
        return response.status() > 100
                && response.headers().has(HeaderName.RSEQ)
                && OptionTags.requires(response.headers(), OptionTags.RELIABLE);
    }

    /**
     * Takes a reliable provisional response.
     *
     * @param peer where the INVITE went
     * @param offer the offer in the INVITE
     * @return whether it is new; a repetition, or one that overtook another, is to be ignored
     */
    boolean take(SipResponse response, Hop peer, @Nullable String offer, long nowMs) {
        String value = response.headers().first(HeaderName.RSEQ);
        long rseq;
        try {
            rseq = RAck.parseRSeq(value == null ? "" : value);
        } catch (MalformedMessageException _) {
            return false;
        }
        DialogId id = DialogId.ofResponse(response);
        Early known = dialogs.get(id);
        if (known == null && dialogs.size() >= MAX) {
            return true;
        }
        if (known != null && rseq != known.rseq() + 1) {
            return false;
        }
        Dialog dialog = known == null
                ? Dialog.ofResponse(response, peer, offer)
                : known.dialog().refreshed(response).described(null, response.sdp());
        RAck rack = new RAck(rseq, response.cseq());
        boolean owes = offer == null && response.sdp() != null && dialog.localSdp() == null;
        dialogs.put(id, new Early(dialog, rseq, owes ? rack : null));
        core.dialogs.put(id, call);
        if (!owes) {
            prack(id, rack, null, 1, nowMs);
        }
        return true;
    }

    /**
     * Answers the offer in a reliable provisional response, the one that came first if several wait (RFC 3262 section 5).
     *
     * @return false when none waits
     */
    boolean answer(String sdp, long nowMs) {
        for (Early early : dialogs.values()) {
            RAck owed = early.owed();
            if (owed != null) {
                DialogId id = early.dialog().id();
                dialogs.put(id, new Early(early.dialog().described(sdp, null), early.rseq(), null));
                prack(id, owed, sdp, 1, nowMs);
                return true;
            }
        }
        return false;
    }

    private void prack(DialogId id, RAck rack, @Nullable String answer, int tries, long nowMs) {
        int number = call.nextNumber(id);
        Dialog dialog = call.dialog(id);
        if (dialog == null) {
            return;
        }
        Hop hop = core.nextHop(dialog);
        List<Header> headers = new ArrayList<>(2);
        headers.add(new Header(HeaderName.RACK, rack.toString()));
        headers.addAll(call.authenticator.forNew(Method.PRACK.name(), dialog.remoteTarget()));
        if (answer != null) {
            headers.add(new Header(HeaderName.CONTENT_TYPE, Sdp.CONTENT_TYPE));
        }
        byte[] body = answer == null ? NO_BODY : answer.getBytes(StandardCharsets.UTF_8);
        SipRequest prack = dialog.request(Method.PRACK, number, core.via(hop, core.ids.branch()), headers, body);
        Exchange.User user = (outcome, atMs) -> {
            // A later request of ours has overtaken it (RFC 3261 section 12.2.2). Of anything else the peer's
            // repetitions, and then its
            // final response, are the outcome.
            if (outcome.status() == 500 && !outcome.isLocal() && tries < PRACKS_MAX && get(id) != null) {
                prack(id, rack, answer, tries + 1, atMs);
            }
        };
        Exchange.start(core, prack, List.of(hop), call.authenticator, () -> call.nextNumber(id), user, nowMs);
    }

    @Nullable
    Dialog get(DialogId id) {
        Early early = dialogs.get(id);
        return early == null ? null : early.dialog();
    }

    void put(Dialog dialog) {
        dialogs.computeIfPresent(dialog.id(), (_, early) -> new Early(dialog, early.rseq(), early.owed()));
    }

    /** The only dialog, to which a request may be sent before anybody answered; null when there are none or several. */
    @Nullable
    Dialog only() {
        return dialogs.size() == 1 ? dialogs.values().iterator().next().dialog() : null;
    }

    /** The call is answered or over: no early dialog is found any more. */
    void close() {
        dialogs.keySet().forEach(id -> core.dialogs.remove(id, call));
        dialogs.clear();
    }
}
