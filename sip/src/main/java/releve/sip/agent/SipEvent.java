package releve.sip.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.DialogInfo;
import releve.sip.event.TransferEnd;
import releve.sip.message.SipRequest;
import releve.sip.transaction.Hop;

/**
 * What a user agent tells its user. Each call ends in exactly one final event: {@link InviteFailed},
 * {@link CancelledByPeer} or {@link CallEnded}; after it the call's number means nothing.
 */
public sealed interface SipEvent {
    /** An event of one call. */
    sealed interface CallEvent extends SipEvent {
        /** The number the user agent gave to the call. */
        long call();

        /** Whether the call is over with this event. */
        default boolean isFinal() {
            return switch (this) {
                case InviteFailed _, CancelledByPeer _, CallEnded _ -> true;
                case Provisional _,
                        Answered _,
                        AnsweredAfterCancel _,
                        IncomingCall _,
                        Acknowledged _,
                        IncomingReinvite _,
                        ReinviteAnswered _,
                        ReinviteFailed _,
                        ReferAccepted _,
                        ReferProgress _,
                        ReferFailed _,
                        Referred _,
                        InfoReceived _,
                        InfoAnswered _,
                        UpdateReceived _,
                        UpdateAnswered _ -> false;
            };
        }
    }

    /**
     * Our call makes progress: 101 to 199, early media when there is a description. In reliable progress of an INVITE without an
     * offer it is the peer's offer, and {@link UserAgent#answerProgress} must follow.
     */
    record Provisional(long call, int status, @Nullable String sdp) implements CallEvent {}

    /**
     * Our call was answered. When the INVITE carried an offer the ACK has been sent, and {@code sdp} is the peer's answer, of
     * its progress when the 200 has none; otherwise {@code sdp} is the peer's offer and {@link UserAgent#acknowledge} must follow.
     */
    record Answered(long call, @Nullable String sdp) implements CallEvent {}

    /**
     * The 200 crossed our CANCEL: the call was up. It has been acknowledged and is being ended with BYE;
     * {@link CallEnded} follows.
     */
    record AnsweredAfterCancel(long call, @Nullable String sdp) implements CallEvent {}

    /**
     * Our call failed.
     *
     * @param status the final status; 408 for a time-out and 503 for a transport failure or a limit when local; 487
     *     when a cancelled call's final response never came
     * @param q850Cause the Q.850 cause of a Reason header, or null
     * @param retryAfterSeconds of a Retry-After header, or null
     * @param local whether the status was made here and no final response came
     * @param cancelled whether a cancel had been asked for, by the user or by the ring limit
     */
    record InviteFailed(
            long call,
            int status,
            String reasonPhrase,
            @Nullable Integer q850Cause,
            @Nullable Integer retryAfterSeconds,
            boolean local,
            boolean cancelled)
            implements CallEvent {}

    /**
     * An established call is over, or an incoming one was rejected by us.
     *
     * @param byRemote whether the peer ended it
     * @param q850Cause the Q.850 cause the peer gave, or null
     * @param detail why, in one clause
     */
    record CallEnded(long call, boolean byRemote, @Nullable Integer q850Cause, String detail) implements CallEvent {}

    /**
     * A call comes in; 100 has been sent. Ring, answer or reject it.
     *
     * @param from the From URI
     * @param to the To URI
     * @param callId the SIP Call-ID
     * @param sdp the offer, or null when the peer wants ours in the answer
     * @param invite the whole request, for headers such as Call-Info
     */
    record IncomingCall(
            long call,
            String requestUri,
            String from,
            String to,
            String callId,
            @Nullable String sdp,
            Hop source,
            SipRequest invite)
            implements CallEvent {}

    /** The ACK of our 200 came; with the caller's answer when the offer was ours, in the 200 or in reliable progress. */
    record Acknowledged(long call, @Nullable String sdp) implements CallEvent {}

    /** The caller cancelled, or hung up, before we answered. */
    record CancelledByPeer(long call, @Nullable Integer q850Cause) implements CallEvent {}

    /** The peer wants to change the session, by INVITE or UPDATE; answer or reject it within 10 s. {@code sdp} is null when it wants our offer. */
    record IncomingReinvite(long call, @Nullable String sdp) implements CallEvent {}

    /** Our re-INVITE was accepted; acknowledged like {@link Answered}. */
    record ReinviteAnswered(long call, @Nullable String sdp) implements CallEvent {}

    /**
     * Our re-INVITE failed and the session is as before; after 408 and 481 the call is being ended and
     * {@link CallEnded} follows (RFC 3261 section 12.2.1.2).
     */
    record ReinviteFailed(long call, int status, String reasonPhrase, boolean local) implements CallEvent {}

    /** The peer took our REFER. @param progressFollows whether {@link ReferProgress} tells how the call it makes goes */
    record ReferAccepted(long call, boolean progressFollows) implements CallEvent {}

    /**
     * How the call goes that the peer makes for our REFER.
     *
     * @param status of that call, 100 to 699; 408 also when nothing was heard for as long as a call may ring
     * @param isLast whether nothing follows
     */
    record ReferProgress(long call, int status, String reasonPhrase, boolean isLast) implements CallEvent {}

    /** The peer did not take our REFER. */
    record ReferFailed(long call, int status, String reasonPhrase, boolean local) implements CallEvent {}

    /**
     * The peer asks us to call somebody; accept or reject it within 10 s.
     *
     * @param referTo whom
     * @param referredBy who says so, or null
     */
    record Referred(long call, String referTo, @Nullable String referredBy, SipRequest refer) implements CallEvent {}

    /** An INFO of the peer came; it has been answered. @param contentType of its body, or null when it has none */
    record InfoReceived(long call, @Nullable String contentType, byte[] body) implements CallEvent {}

    /** Our INFO was answered, or not: 408 and 503 when local. */
    record InfoAnswered(long call, int status, boolean local) implements CallEvent {}

    /** A registration holds, anew or still. */
    record Registered(long registration, int expiresSeconds) implements SipEvent {}

    /** A registration failed; it is tried again. @param retryMs when, in ms from now */
    record RegistrationFailed(long registration, int status, String reasonPhrase, long retryMs, boolean local)
            implements SipEvent {}

    /** A registration was given up; the registrar has been told, or cannot be reached. */
    record Unregistered(long registration) implements SipEvent {}
    /**
     * The peer sent an UPDATE with something other than a session description, such as the result of a gateway's call
     * progress analysis; before the call is answered, too. It has been answered with 200. What a provisional response to our
     * INVITE, or the answer, carries beside its description is told in the same way, before that response.
     *
     * @param contentType as it came, or null when the peer gave none
     */
    record UpdateReceived(long call, @Nullable String contentType, byte[] body) implements CallEvent {}

    /**
     * The outcome of our UPDATE; after 408 and 481 the call is being ended and {@link CallEnded} follows, unless it was for a phone
     * of a forked call that another has answered meanwhile.
     *
     * @param sdp the peer's answer to an offer
     * @param local whether the status was made here and no final response came
     */
    record UpdateAnswered(
            long call,
            int status,
            String reasonPhrase,
            @Nullable String sdp,
            boolean local) implements CallEvent {}

    /**
     * A peer answered our OPTIONS, with any final status: it is there.
     *
     * @param question the number that {@link UserAgent#options} gave
     * @param retryAfterSeconds of a Retry-After header, or null
     */
    record OptionsAnswered(
            long question,
            Hop destination,
            int status,
            @Nullable Integer retryAfterSeconds) implements SipEvent {}

    /** A peer did not answer our OPTIONS: 408 no answer in time, 503 the network refused it. */
    record OptionsFailed(long question, Hop destination, int status) implements SipEvent {}

    /** An event of a subscription of ours to the dialogs of a peer. */
    sealed interface SubscriptionEvent extends SipEvent {
        /** The number that {@link UserAgent#subscribe} gave. */
        long subscription();
    }

    /** A subscription holds, anew or still. @param pending whether the notifier has not decided yet, and tells nothing so far */
    record Subscribed(long subscription, boolean pending) implements SubscriptionEvent {}

    /** Dialogs of the peer that are new, different or over, in their last state. */
    record DialogsChanged(long subscription, List<DialogInfo.Entry> dialogs) implements SubscriptionEvent {
        public DialogsChanged {
            dialogs = List.copyOf(dialogs);
        }
    }

    /**
     * A subscription ended or was refused.
     *
     * @param status the final status that refused it; 408 also when no notification came; 0 when the notifier ended it
     * @param retryMs when it begins anew, in ms from now; -1 when it does not, and its number means nothing any more
     */
    record SubscriptionEnded(long subscription, int status, String reason, long retryMs) implements SubscriptionEvent {}

    /** An event of a call that is followed after its transfer by REFER; the call's own events come beside it. */
    sealed interface TransferEvent extends SipEvent {
        /** The number that {@link UserAgent#transfer} gave. */
        long transfer();
    }

    /** Somebody answered the peer's call. @param followed whether its dialog is seen, so that its end will be told */
    record TransferAnswered(long transfer, boolean followed) implements TransferEvent {}

    /** The transferred call is over, or nobody tells any more; the last event of a transfer. */
    record TransferOver(long transfer, TransferEnd end) implements TransferEvent {}
}
