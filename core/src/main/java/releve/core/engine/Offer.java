package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import releve.core.call.Target;
import releve.core.campaign.Contact;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.common.AttemptId;
import releve.core.common.Invariants;
import releve.core.engine.OfferState.Accepted;
import releve.core.engine.OfferState.Closing;
import releve.core.engine.OfferState.Offered;
import releve.core.engine.OfferState.Over;

/**
 * A contact that is shown to a reserved agent before it is dialed.
 *
 * <pre>
 * offered ─┬─ accepts ─▶ accepted ─┬─ there is leave to dial ─▶ over: the attempt has its number
 *          │                       └─ none within 10 s, or the campaign may not dial ─▶ over: withdrawn
 *          ├─ skips, rejects, closes ─▶ over
 *          └─ his time is over, or the campaign may not dial ─▶ closing ─┬─ the store's answer: as if it had come before
 *                                                                        └─ none within 5 s ─▶ over: withdrawn
 * any ─ the right is another's, or the process stops at once ─▶ over: withdrawn
 * </pre>
 *
 * Agent and dialer may speak at the same moment. The store keeps the first word, so the dialer only asks it to close the
 * offer, and acts on the answer that it is told then. The 5 s bound what a handover may wait for an answer that is lost.
 */
final class Offer {
    /** The store is looked at twice a second; beyond this it has nothing to tell, or is away. */
    static final Duration ANSWER_KNOWN_WITHIN = Duration.ofSeconds(5);

    /** An agent who has accepted does not wait longer for a port, the trunk or its rate. */
    static final Duration DIALED_WITHIN = Duration.ofSeconds(10);

    final AttemptId id;
    final OfferKind kind;
    final CampaignRun run;
    final Contact contact;
    final Target.Agent agent;
    private OfferState state;

    /** The deadline that has been put in store for it. */
    Optional<Instant> scheduled = Optional.empty();

    Offer(AttemptId id, OfferKind kind, CampaignRun run, Contact contact, Target.Agent agent, Instant now) {
        this.id = id;
        this.kind = kind;
        this.run = run;
        this.contact = contact;
        this.agent = agent;
        this.state = new Offered(now.plus(run.campaign.preview().timeout()));
    }

    OfferState state() {
        return state;
    }

    /** When something has to be done about it; none when it is over. */
    Optional<Instant> deadline() {
        return switch (state) {
            case Offered o -> Optional.of(o.deadline());
            case Closing c -> Optional.of(c.until());
            case Accepted a -> Optional.of(a.until());
            case Over o -> Optional.empty();
        };
    }

    /** When it is over, or dialed, at the latest, whatever its agent and the store do. */
    Optional<Instant> overBy() {
        return switch (state) {
            case Offered o -> Optional.of(o.deadline().plus(ANSWER_KNOWN_WITHIN).plus(DIALED_WITHIN));
            case Closing c -> Optional.of(c.until().plus(DIALED_WITHIN));
            case Accepted a -> Optional.of(a.until());
            case Over o -> Optional.empty();
        };
    }

    void close(Instant now) {
        become(new Closing(now.plus(ANSWER_KNOWN_WITHIN)));
    }

    void accepted(Instant now) {
        become(new Accepted(now.plus(DIALED_WITHIN)));
    }

    void over(OfferAnswer answer) {
        become(new Over(answer));
    }

    private void become(OfferState next) {
        Invariants.check(mayBecome(state, next), "offer %s never goes %s → %s", id, state.phase(), next.phase());
        state = next;
    }

    private static boolean mayBecome(OfferState from, OfferState to) {
        return switch (from) {
            case Offered o -> !(to instanceof Offered);
            case Closing c -> to instanceof Accepted || to instanceof Over;
            case Accepted a -> to instanceof Over;
            case Over o -> false;
        };
    }
}
