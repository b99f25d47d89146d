package releve.sip.agent;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogInfo;
import releve.sip.event.SubscriptionEnd;
import releve.sip.event.TransferEnd;
import releve.sip.event.TransferState;
import releve.sip.message.TargetDialog;
import releve.sip.transaction.Deadline;

/**
 * A call that the peer of a call of ours makes because we asked it to, followed to its end, beyond that of our own call.
 * {@link TransferState} has the states. With the REFER taken we subscribe to the peer's dialogs, and show the dialog that we
 * have with it; the one that goes to whom we named is the call.
 */
final class Transfer extends Deadline implements OutgoingRefer.Follower, Subscription.User {
    private final long number;
    private final Core core;
    private final Call call;
    private final CallParty target;
    private TransferState state = TransferState.asked();
    private long subscription;
    private @Nullable String dialogId;

    Transfer(long number, Call call, ReferRequest spec) {
        this.number = number;
        this.core = call.core;
        this.call = call;
        this.target = CallParty.of(spec.referTo());
    }

    /** How long a call's dialog may take to be told, once the call is known to be answered. */
    private long patienceMs() {
        return core.config.timers().timeoutMs();
    }

    @Override
    public void taken(boolean tells, long nowMs) {
        if (state.phase() == TransferState.Phase.OVER) {
            // Nobody wants to know any more: the peer's dialogs are not asked for.
            return;
        }
        Dialog dialog = call.dialog();
        SubscribeRequest spec = SubscribeRequest.toDialogsOf(
                        dialog.remoteTarget(),
                        core.nextHop(dialog),
                        dialog.local().uri())
                .along(dialog.routeSet())
                .knowing(new TargetDialog(
                        dialog.id().callId(),
                        dialog.id().localTag(),
                        dialog.id().remoteTag()))
                .withAuthenticator(call.authenticator);
        move(state.taken(tells, true, patienceMs(), nowMs), nowMs);
        subscription = core.nextCallNumber();
        core.subscriptions.open(subscription, spec, this, nowMs);
    }

    @Override
    public void refused(int status, long nowMs) {
        move(state.refused(status), nowMs);
    }

    @Override
    public void told(int status, long nowMs) {
        move(state.status(status, patienceMs(), nowMs), nowMs);
    }

    @Override
    public void untold(long nowMs) {
        move(state.untold(patienceMs(), nowMs), nowMs);
    }

    @Override
    public void subscribed(boolean pending, long nowMs) {
        // Only what is told of dialogs counts: a notifier may take us and show us none.
    }

    @Override
    public void changed(List<DialogInfo.Entry> dialogs, long nowMs) {
        for (DialogInfo.Entry entry : dialogs) {
            if (isTheCall(entry)) {
                dialogId = entry.id();
                move(state.seen(entry.state(), entry.cause(), entry.code(), patienceMs(), nowMs), nowMs);
            }
        }
    }

    /** A peer that is refused or sent elsewhere may call again: then the latest dialog counts. */
    private boolean isTheCall(DialogInfo.Entry entry) {
        boolean free = dialogId == null || state.sight() == TransferState.Sight.GONE;
        return entry.id().equals(dialogId)
                || (free && entry.remote() != null && target.isSameAs(CallParty.of(entry.remote())));
    }

    @Override
    public void ended(SubscriptionEnd end, long retryMs, long nowMs) {
        if (retryMs < 0) {
            move(state.unwatched(patienceMs(), nowMs), nowMs);
        }
    }

    @Override
    protected void expire(long nowMs) {
        move(state.elapsed(patienceMs(), nowMs), nowMs);
    }

    private void move(TransferState next, long nowMs) {
        TransferState before = state;
        state = next;
        if (next.phase() == TransferState.Phase.TALKING && before.phase() != TransferState.Phase.TALKING) {
            core.emit(new SipEvent.TransferAnswered(number, next.sight() == TransferState.Sight.LIVE));
        }
        if (next.phase() == TransferState.Phase.OVER && before.phase() != TransferState.Phase.OVER) {
            TransferEnd end = Objects.requireNonNull(next.end());
            if (before.phase() == TransferState.Phase.SETUP && wasAnswered(end)) {
                core.emit(new SipEvent.TransferAnswered(number, false));
            }
            stop(nowMs);
            core.emit(new SipEvent.TransferOver(number, end));
        } else if (next.seenByMs() == Long.MAX_VALUE) {
            core.deadlines.clear(this);
        } else {
            core.deadlines.set(this, next.seenByMs());
        }
    }

    /** Whether one step took the call from its set-up over the answer to its end. */
    private static boolean wasAnswered(TransferEnd end) {
        return switch (end.how()) {
            case ENDED, ANSWERED_UNKNOWN -> true;
            case REFUSED, FAILED, UNKNOWN -> false;
        };
    }

    /** Follows no more, and says nothing more. */
    void stop(long nowMs) {
        state = state.phase() == TransferState.Phase.OVER ? state : state.forgotten();
        core.deadlines.clear(this);
        core.transfers.remove(number);
        core.subscriptions.leave(subscription, nowMs);
    }
}
