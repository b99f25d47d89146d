package releve.sip.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.message.SipResponse;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;

/**
 * A 2xx to an INVITE that nobody waits for: of another fork, or of a call given up. Each repetition is acknowledged with
 * the same ACK, and its dialog is ended with one BYE (RFC 3261 section 13.2.2.4). It is remembered for as long as its
 * sender may repeat it, so that a repetition starts no second BYE under the same number.
 */
final class SurplusAnswer extends Deadline {
    /** Numbers that PRACKs of ours, or a process that held the dialog before, may have used in it. */
    private static final int SKIPPED_CSEQS = 1000;

    private final Core core;
    private final DialogId id;
    private final String branch;

    private SurplusAnswer(Core core, DialogId id) {
        this.core = core;
        this.id = id;
        this.branch = core.ids.branch();
    }

    /**
     * Acknowledges and ends.
     *
     * @param peer where the INVITE went, or where the answer came from
     */
    static void end(Core core, SipResponse response, Hop peer, long nowMs) {
        Dialog fork = Dialog.ofResponse(response, peer, null);
        SurplusAnswer known = core.surplus.get(fork.id());
        if (known == null && core.transactions.size() >= core.config.transactionsMax()) {
            core.count(Counter.DROPPED_STRAY);
            return;
        }
        SurplusAnswer surplus = known != null ? known : new SurplusAnswer(core, fork.id());
        core.sendAck(fork, response.cseq().number(), surplus.branch, null, List.of(), known != null);
        if (known == null) {
            core.count(Counter.SURPLUS_ANSWERS_ENDED);
            core.surplus.put(fork.id(), surplus);
            core.deadlines.set(surplus, nowMs + 2 * core.config.timers().timeoutMs());
            core.sendBye(fork.skipLocal(SKIPPED_CSEQS).nextLocal(), List.of(), ClientUser.NOBODY, nowMs);
        }
    }

    /**
     * Acknowledges a 2xx in a dialog of ours whose INVITE we know nothing of: the former holder of an adopted dialog sent
     * it and could not acknowledge any more. Without the ACK the peer would end the call.
     */
    static void acknowledge(Core core, @Nullable Dialog dialog, SipResponse response) {
        if (dialog != null) {
            core.sendAck(dialog, response.cseq().number(), core.ids.branch(), null, List.of(), false);
        }
    }

    @Override
    protected void expire(long nowMs) {
        core.surplus.remove(id, this);
    }
}
