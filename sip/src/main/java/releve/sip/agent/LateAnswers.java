package releve.sip.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.message.Header;
import releve.sip.message.SipResponse;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.Hop;
import releve.sip.transaction.InviteClientTransaction;

/**
 * What is kept of an answered call of ours after its end, for as long as 2xx to its INVITE may come (RFC 6026): the call's own
 * answer is acknowledged again, those of other forks are ended (RFC 3261 section 13.2.2.4). Busy dialers have many of these, so
 * each is small: the dialog is read from the answer, which names it.
 *
 * @param remoteTag the tag of the fork that was the call
 * @param peer where the INVITE went
 * @param acknowledged whose answer has an ACK; null when the call ended before it was acknowledged
 * @param ackSdp our answer, when the 2xx carried the offer
 * @param credentials those of the INVITE
 */
record LateAnswers(
        Core core,
        String remoteTag,
        Hop peer,
        @Nullable InviteClientTransaction acknowledged,
        @Nullable String ackSdp,
        List<Header> credentials)
        implements ClientUser {
    @Override
    public void onResponse(SipResponse response, long nowMs) {
        DialogId id = DialogId.ofResponse(response);
        if (!id.remoteTag().equals(remoteTag)) {
            SurplusAnswer.end(core, response, peer, nowMs);
        } else if (acknowledged != null) {
            Dialog dialog = Dialog.ofResponse(response, peer, null);
            String branch = OutgoingInvite.ackBranch(acknowledged);
            core.sendAck(dialog, response.cseq().number(), branch, ackSdp, credentials, true);
        }
    }

    /** An answered INVITE has no time-out. */
    @Override
    public void onTimeout(long nowMs) {}

    @Override
    public void onTransportFailure(long nowMs) {}
}
