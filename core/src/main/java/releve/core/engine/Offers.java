package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import releve.core.call.Target;
import releve.core.campaign.Contact;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.campaign.RetryRules;
import releve.core.common.AttemptId;
import releve.core.common.ContactId;
import releve.core.engine.OfferState.Accepted;
import releve.core.engine.OfferState.Closing;
import releve.core.engine.OfferState.Offered;
import releve.core.engine.OfferState.Over;
import releve.core.store.Change;

/** The contacts that wait for their agents' word: feeds each offer its events, and turns what comes of it into facts. */
final class Offers {
    private record Due(Instant at, AttemptId offer) {}

    private final Outbox out;
    private final Map<AttemptId, Offer> open = new LinkedHashMap<>();
    private final TreeSet<Due> due = new TreeSet<>(Comparator.comparing(Due::at).thenComparing(Due::offer));

    Offers(Outbox out) {
        this.out = out;
    }

    /** Who is offered. */
    void addContacts(Set<ContactId> contacts) {
        open.values().forEach(offer -> contacts.add(offer.contact.id()));
    }

    /** Shows a contact that is held to an agent who is reserved, and idle no more. */
    void offer(AttemptId id, OfferKind kind, CampaignRun run, Contact contact, Target.Agent agent, Instant now) {
        Offer offer = new Offer(id, kind, run, contact, agent, now);
        open.put(id, offer);
        run.offers++;
        run.predictive.left(agent.agent(), now);
        schedule(offer);
        out.change(new Change.ContactOffered(
                id,
                kind,
                run.campaign.id(),
                contact.id(),
                contact.nextPhone(),
                agent.agent(),
                agent.reservation(),
                now.plus(run.campaign.preview().timeout()),
                now));
    }

    /** The answer that the store has; told twice, or too late, it changes nothing. */
    void answered(AttemptId id, OfferAnswer answer, Instant now) {
        Offer offer = open.get(id);
        if (offer == null || offer.state() instanceof Accepted) {
            return;
        }
        switch (answer) {
            case ACCEPT -> {
                if (offer.run.hindrance(now).isEmpty()) {
                    offer.accepted(now);
                    schedule(offer);
                } else {
                    end(offer, OfferAnswer.WITHDRAWN, now);
                }
            }
            case SKIP, REJECT, SKIP_AND_CLOSE, REJECT_AND_CLOSE, TIMED_OUT, WITHDRAWN -> end(offer, answer, now);
        }
    }

    void tick(Instant now) {
        while (!due.isEmpty() && !due.first().at().isAfter(now)) {
            Offer offer = open.get(due.pollFirst().offer());
            if (offer != null) {
                offer.scheduled = Optional.empty();
                deadline(offer, now);
            }
        }
    }

    private void deadline(Offer offer, Instant now) {
        switch (offer.state()) {
            case Offered o -> close(offer, OfferAnswer.TIMED_OUT, now);
            case Closing c -> end(offer, OfferAnswer.WITHDRAWN, now);
            case Accepted a -> end(offer, OfferAnswer.WITHDRAWN, now);
            case Over o -> {}
        }
    }

    private void close(Offer offer, OfferAnswer answer, Instant now) {
        offer.close(now);
        schedule(offer);
        out.change(new Change.OfferClosing(offer.id, answer, now));
    }

    /** The campaign may not dial any more, so nobody has to decide about its contacts. */
    void withdraw(CampaignRun run, Instant now) {
        for (Offer offer : List.copyOf(open.values())) {
            if (offer.run == run) {
                switch (offer.state()) {
                    case Offered o -> close(offer, OfferAnswer.WITHDRAWN, now);
                    case Accepted a -> end(offer, OfferAnswer.WITHDRAWN, now);
                    case Closing c -> {}
                    case Over o -> {}
                }
            }
        }
    }

    /** Ends all at once, whatever their agents say: this dialer may not, or will not, dial any of them. */
    void withdrawAll(Instant now) {
        List.copyOf(open.values()).forEach(offer -> end(offer, OfferAnswer.WITHDRAWN, now));
    }

    /** The contact that was accepted first and is not dialed yet. */
    Optional<Offer> nextAccepted() {
        return open.values().stream()
                .filter(offer -> offer.state() instanceof Accepted)
                .findFirst();
    }

    /** The offer becomes an attempt of the same number, for the agent who accepted. */
    void dialed(Offer offer, Instant now) {
        over(offer, OfferAnswer.ACCEPT);
        out.change(new Change.OfferEnded(
                offer.id, offer.contact.id(), offer.agent.agent(), OfferAnswer.ACCEPT, null, now));
    }

    private void end(Offer offer, OfferAnswer answer, Instant now) {
        over(offer, answer);
        out.change(new Change.OfferEnded(
                offer.id,
                offer.contact.id(),
                offer.agent.agent(),
                answer,
                RetryRules.afterOffer(offer.run.campaign, offer.contact, answer, now),
                now));
        Target.Agent agent = offer.agent;
        if (answer.keepsAgent()) {
            offer.run.idle.free(agent);
            offer.run.predictive.reserved(agent.agent(), now);
            return;
        }
        offer.run.held.remove(agent.reservation());
        if (answer == OfferAnswer.TIMED_OUT) {
            out.change(new Change.AgentUnreachable(
                    agent.agent(), agent.reservation(), "did not answer the offer of a contact in time"));
        } else {
            out.change(new Change.ReservationWithdrawn(
                    agent.reservation(),
                    answer == OfferAnswer.WITHDRAWN ? "the offer was withdrawn" : "the contact was rejected"));
        }
    }

    private void over(Offer offer, OfferAnswer answer) {
        offer.over(answer);
        open.remove(offer.id);
        offer.run.offers--;
        schedule(offer);
    }

    private void schedule(Offer offer) {
        offer.scheduled.ifPresent(at -> due.remove(new Due(at, offer.id)));
        offer.scheduled = offer.deadline();
        offer.scheduled.ifPresent(at -> due.add(new Due(at, offer.id)));
    }

    Optional<Instant> nextDeadline() {
        return due.isEmpty() ? Optional.empty() : Optional.of(due.first().at());
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Offers that are not over: what a handover waits for. */
    int size() {
        return open.size();
    }

    /** When the last of them should be answered at the latest. */
    Optional<Instant> expectedAnswered() {
        return open.values().stream()
                .flatMap(offer -> offer.deadline().stream())
                .max(Comparator.naturalOrder());
    }

    /** When the last of them will be over at the latest, and the call that comes of it settled, which takes so long. */
    Optional<Instant> settledBy(Function<CampaignRun, Duration> longestCall) {
        return open.values().stream()
                .flatMap(offer -> offer.overBy().stream().map(at -> at.plus(longestCall.apply(offer.run))))
                .max(Comparator.naturalOrder());
    }
}
