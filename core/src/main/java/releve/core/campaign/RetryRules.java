package releve.core.campaign;

import java.time.Duration;
import java.time.Instant;
import releve.core.common.CallResult;
import releve.core.common.Termination;

/** What becomes of a contact after each call result. */
public final class RetryRules {
    /** A contact whose call the trunk did not take waits this long, so that it is not first in line again and again. */
    private static final Duration TRUNK_REFUSED = Duration.ofSeconds(10);

    /** What becomes of a contact that has used up its attempts before it was dialed again: M, with result 102. */
    public static final ContactOutcome CAPPED = new ContactOutcome(ContactStatus.MAXIMUM_ATTEMPTS, null, false);

    private RetryRules() {}

    /**
     * Whether a contact may be dialed once more. The cap counts all attempts over all its phones; it may have been lowered
     * since the contact was put back. A call that was promised is made all the same.
     */
    public static boolean mayBeDialed(Campaign campaign, Contact contact) {
        return contact.isCallback() || contact.attempts() < campaign.retry().maximumAttempts();
    }

    /**
     * The outcome of an attempt.
     *
     * @param contact as claimed, before this attempt
     */
    public static ContactOutcome after(Campaign campaign, Contact contact, Termination termination, Instant now) {
        RetryDelays delays = campaign.retry().delays();
        return switch (termination.result()) {
            case VOICE, AGENT_CLOSED, WRONG_NUMBER, WRONG_PERSON, DO_NOT_CALL, ABANDONED_TO_IVR ->
                closed(ContactStatus.CLOSED);
            case UNKNOWN_DIALER_FAILED, OUTSIDE_CALLING_HOURS, CONSENT_MISSING -> closed(ContactStatus.CLOSED);
            case NOT_IN_SERVICE, INVALID_NUMBER -> closed(ContactStatus.INVALID);
            case OPERATOR_INTERCEPT -> closed(ContactStatus.OPERATOR);
            case FAX -> closed(ContactStatus.FAX);
            case ATTEMPT_CAP -> closed(ContactStatus.MAXIMUM_ATTEMPTS);
            case AGENT_REJECTED -> closed(ContactStatus.AGENT_REJECTED);
            case CALLBACK_REQUESTED, CALLBACK_FROM_MACHINE -> closed(ContactStatus.CALLBACK);
            case PERSONAL_CALLBACK_FAILED -> closed(ContactStatus.CALLBACK_AGENT_UNAVAILABLE);
            case BUSY -> retry(campaign, contact, delays.busy(), now);
            case DIALER_ABANDON -> retry(campaign, contact, afterAbandon(campaign), now);
            case CUSTOMER_ABANDON -> retry(campaign, contact, delays.customerAbandon(), now);
            case ANSWERING_MACHINE, NETWORK_MACHINE -> retry(campaign, contact, delays.answeringMachine(), now);
            case NO_ANSWER,
                    NO_RINGBACK,
                    DIAL_ERROR,
                    CANCELLED_BY_DIALER,
                    NETWORK_DROP,
                    DEAD_AIR,
                    SIP_UNSUPPORTED,
                    SIP_UNAUTHORISED,
                    SIP_INVALID,
                    STORE_LOST,
                    AGENT_TIMED_OUT -> retry(campaign, contact, delays.noAnswer(), now);
            case NOT_ATTEMPTED, RETURNED_UNATTEMPTED -> notDialed(contact, now);
            case NO_DIAL_TONE -> notTaken(contact, now);
        };
    }

    /** As {@link #after}, where the result was heard, not signalled: the trunk took the call, so congestion counts too. */
    public static ContactOutcome afterTone(Campaign campaign, Contact contact, Termination termination, Instant now) {
        return termination.result() == CallResult.NO_DIAL_TONE
                ? retry(campaign, contact, campaign.retry().delays().noAnswer(), now)
                : after(campaign, contact, termination, now);
    }

    /**
     * What becomes of a contact that was offered to an agent and is not dialed.
     *
     * @param answer any but the acceptance
     */
    public static ContactOutcome afterOffer(Campaign campaign, Contact contact, OfferAnswer answer, Instant now) {
        return switch (answer) {
            case SKIP, REJECT, TIMED_OUT ->
                notDialed(contact, now.plus(campaign.preview().skipDelay()));
            case SKIP_AND_CLOSE -> new ContactOutcome(ContactStatus.CLOSED, null, false);
            case REJECT_AND_CLOSE -> new ContactOutcome(ContactStatus.AGENT_REJECTED, null, false);
            case WITHDRAWN -> withdrawn(contact, now);
            case ACCEPT -> throw new IllegalArgumentException("a contact that was accepted is dialed");
        };
    }

    /** What becomes of a promise that nobody was there to keep in time. */
    public static ContactOutcome afterMissedPromise(Campaign campaign, Contact contact, Instant now) {
        Contact.Promise promise = contact.promise();
        if (promise == null || campaign.callbacks().whenAbsent() != AbsentAgentRule.NEXT_BUSINESS_DAY) {
            return new ContactOutcome(ContactStatus.CALLBACK_AGENT_UNAVAILABLE, null, false);
        }
        Instant next = promise.due();
        do {
            next = campaign.schedule().sameTimeNextBusinessDay(next);
        } while (!next.plus(campaign.callbacks().window()).isAfter(now));
        return new ContactOutcome(ContactStatus.PERSONAL_CALLBACK, next, false);
    }

    private static ContactOutcome withdrawn(Contact contact, Instant now) {
        Contact.Promise promise = contact.promise();
        return new ContactOutcome(contact.formerStatus(), promise == null ? now : promise.due(), false);
    }

    /** The trunk did not take the call: nobody was disturbed, nothing is used up. */
    public static ContactOutcome notTaken(Contact contact, Instant now) {
        return notDialed(contact, now.plus(TRUNK_REFUSED));
    }

    /** The INVITE never left: as if nothing had been. */
    public static ContactOutcome notDialed(Contact contact, Instant now) {
        return new ContactOutcome(
                contact.formerStatus() == ContactStatus.PENDING ? ContactStatus.RETRY : contact.formerStatus(),
                now,
                false);
    }

    /** Without agents none can be kept for the customer, so the campaign stays away as long as one would have to be. */
    private static Duration afterAbandon(Campaign campaign) {
        Duration delay = campaign.retry().delays().dialerAbandon();
        Duration guarantee = campaign.abandon().guarantee();
        return campaign.mode().toIvr() && guarantee.compareTo(delay) > 0 ? guarantee : delay;
    }

    private static ContactOutcome closed(ContactStatus status) {
        return new ContactOutcome(status, null, true);
    }

    private static ContactOutcome retry(Campaign campaign, Contact contact, Duration delay, Instant now) {
        if (contact.attempts() + 1 >= campaign.retry().maximumAttempts()) {
            return new ContactOutcome(ContactStatus.MAXIMUM_ATTEMPTS, null, true);
        }
        // Who was promised a call by one agent, and was not reached, is still his.
        ContactStatus again = contact.promise() == null ? ContactStatus.RETRY : ContactStatus.PERSONAL_CALLBACK;
        return new ContactOutcome(again, now.plus(delay), true);
    }
}
