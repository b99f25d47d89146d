package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import releve.core.call.Target;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.Contact;
import releve.core.campaign.RetryRules;
import releve.core.common.AgentId;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.common.Invariants;
import releve.core.common.ReservationId;
import releve.core.store.Change;

/**
 * Promises of agents to call customers back themselves: each from its time until it is offered to somebody, or missed.
 *
 * <pre>
 * due ─▶ his ─┬─ the very agent is there within the window ─▶ offered to him
 *             └─ he is not, and by the campaign's rule ─┬─ another agent ─▶ anybody's ─┬─ one is there within one more window ─▶ offered
 *                                                       │                              └─ none is ─▶ missed: closed (X)
 *                                                       ├─ next business day ─▶ missed: due again at the same time (S)
 *                                                       └─ abandon ─▶ missed: closed (X)
 * </pre>
 *
 * Both windows begin with the time that was promised, not with the dialer's looking at it: a promise whose windows passed
 * while nobody dialed is missed at once. Of several promises of one agent the earliest is asked for; the others wait.
 */
final class PersonalCallbacks {
    /** Held at once for one campaign; the store keeps the rest until some of these are done with. */
    static final int HELD_MAX = 200;

    /** Before requests of the list: a customer was told when he would be called. */
    static final int PRIORITY = 10;

    private static final int CLAIMED_AT_ONCE_MAX = 50;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** A promise that is held, and who is asked for it. */
    private static final class Held {
        final CampaignRun run;
        final Contact contact;
        final Contact.Promise promise;
        boolean anybodys;

        @Nullable
        ReservationId asked;

        Held(CampaignRun run, Contact contact, Contact.Promise promise) {
            this.run = run;
            this.contact = contact;
            this.promise = promise;
        }

        Instant until() {
            Duration window = run.campaign.callbacks().window();
            return promise.due().plus(anybodys ? window.multipliedBy(2) : window);
        }
    }

    /** A promise and the agent who is to keep it. */
    record Kept(CampaignRun run, Contact contact, Target.Agent agent) {}

    private final Outbox out;
    private final Map<ContactId, Held> held = new LinkedHashMap<>();
    private final Map<ReservationId, Held> asked = new HashMap<>();
    private final List<Kept> ready = new ArrayList<>();
    private boolean askedChanged;

    PersonalCallbacks(Outbox out) {
        this.out = out;
    }

    /** Looks for promises that are due, once a second; a campaign whose agents may not promise has none. */
    void claim(CampaignRun run, Instant now) {
        int room = Math.min(CLAIMED_AT_ONCE_MAX, HELD_MAX - run.promises);
        if (run.toIvr()
                || !run.campaign.callbacks().personal()
                || run.claimingPromises
                || room <= 0
                || now.isBefore(run.promisesAt)) {
            return;
        }
        run.claimingPromises = true;
        out.command(new Command.ClaimPersonalCallbacks(run.campaign.id(), room));
    }

    /** The answer to a claim, whoever holds the right now. */
    void claimed(CampaignRun run, List<Contact> contacts, boolean holdsRight, Instant now) {
        run.claimingPromises = false;
        run.promisesAt = now.plus(LOOK_EVERY);
        if (holdsRight) {
            contacts.forEach(contact -> hold(run, contact));
        }
    }

    /** Takes a promise that this dialer holds in the store. */
    void hold(CampaignRun run, Contact contact) {
        Contact.Promise promise = contact.promise();
        Invariants.check(promise != null, "nobody promised anything to contact %s", contact.id());
        if (promise != null && held.putIfAbsent(contact.id(), new Held(run, contact, promise)) == null) {
            run.promises++;
            run.promisesChanged = true;
        }
    }

    /** Asks for the agents who are wanted, and does what the rule says of those who were absent too long. */
    void onward(CampaignRun run, Supplier<ReservationId> nextId, Instant now) {
        if (run.promises == 0 || !(run.promisesChanged || isDue(now))) {
            return;
        }
        for (Held each : List.copyOf(held.values())) {
            if (each.run == run && !each.until().isAfter(now)) {
                absent(each, now);
            }
        }
        Set<AgentId> wanted = new HashSet<>();
        for (Held each : held.values()) {
            boolean first = each.anybodys || wanted.add(each.promise.agent());
            if (each.run == run && first && each.asked == null) {
                ask(each, nextId.get(), now);
            }
        }
        run.promisesChanged = false;
    }

    private boolean isDue(Instant now) {
        return held.values().stream().anyMatch(each -> !each.until().isAfter(now));
    }

    private void ask(Held each, ReservationId id, Instant now) {
        each.asked = id;
        asked.put(id, each);
        askedChanged = true;
        out.change(new Change.ReservationRequested(
                id,
                each.run.campaign.id(),
                each.run.campaign.staffing().skillGroup(),
                each.anybodys ? null : each.promise.agent(),
                PRIORITY,
                now));
    }

    private void absent(Held each, Instant now) {
        withdraw(each, each.promise.agent() + " was not there in time");
        if (!each.anybodys && each.run.campaign.callbacks().whenAbsent() == AbsentAgentRule.OTHER_AGENT) {
            each.anybodys = true;
            if (each.until().isAfter(now)) {
                return;
            }
        }
        letGo(each);
        out.change(new Change.CallbackMissed(
                each.contact.id(),
                CallResult.PERSONAL_CALLBACK_FAILED,
                RetryRules.afterMissedPromise(each.run.campaign, each.contact, now)));
    }

    /** An agent has been reserved. @return false when it was not for a promise */
    boolean granted(ReservationId reservation, Target.Agent agent) {
        Held each = takeAsked(reservation);
        if (each == null) {
            return false;
        }
        letGo(each);
        each.run.held.add(reservation);
        ready.add(new Kept(each.run, each.contact, agent));
        return true;
    }

    /** An agent has been reserved who cannot come now: if for a promise, he is asked for again. @return whether he was for one */
    boolean refused(ReservationId reservation) {
        Held each = takeAsked(reservation);
        if (each != null) {
            each.asked = null;
            each.run.promisesChanged = true;
        }
        return each != null;
    }

    /** Whether there is any promise to keep. */
    boolean any() {
        return !held.isEmpty() || !ready.isEmpty();
    }

    /** Whether that agent himself has a promise to keep now. */
    boolean waitsFor(CampaignRun run, AgentId agent) {
        return run.promises > 0
                && held.values().stream()
                        .anyMatch(each -> each.run == run
                                && !each.anybodys
                                && each.promise.agent().equals(agent));
    }

    /** Those who are to keep a promise of their own now, whichever campaign has them; empty when they are as at the last call. */
    Optional<Set<AgentId>> newlyAwaited() {
        if (!askedChanged) {
            return Optional.empty();
        }
        askedChanged = false;
        return Optional.of(asked.values().stream()
                .filter(each -> !each.anybodys)
                .map(each -> each.promise.agent())
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** The promises whose agents have been reserved since the last call. */
    List<Kept> takeReady() {
        List<Kept> taken = List.copyOf(ready);
        ready.clear();
        return taken;
    }

    /** Idle agents of the campaign keep promises, too: their own, or anybody's; but none whom a call under way may need. */
    void matchIdle(CampaignRun run) {
        if (run.promises == 0 || run.idle.size() == 0) {
            return;
        }
        Set<AgentId> idle = run.idle.all().stream().map(Target.Agent::agent).collect(Collectors.toSet());
        for (Held each : List.copyOf(held.values())) {
            if (each.run != run) {
                continue;
            }
            if (each.anybodys) {
                run.takeSpare().ifPresent(agent -> keep(each, agent));
            } else if (idle.contains(each.promise.agent())) {
                run.takeAwaited(each.promise.agent()).ifPresent(agent -> keep(each, agent));
            }
        }
    }

    private void keep(Held each, Target.Agent agent) {
        withdraw(each, "an agent who was reserved already keeps the promise");
        letGo(each);
        ready.add(new Kept(each.run, each.contact, agent));
    }

    /** Nothing can be offered at this moment: the agent is free, and the promise waits for the next chance. */
    void notNow(Kept kept) {
        kept.run().held.remove(kept.agent().reservation());
        out.change(new Change.ReservationWithdrawn(kept.agent().reservation(), "nothing can be offered now"));
        hold(kept.run(), kept.contact());
    }

    /** Asks for nobody any more. */
    void windDown(CampaignRun run, String reason) {
        if (run.promises == 0) {
            return;
        }
        for (Held each : held.values()) {
            if (each.run == run) {
                withdraw(each, reason);
                run.promisesChanged = true;
            }
        }
    }

    /** Gives the promises of a campaign back to the list, each for its own time. */
    void giveBack(CampaignRun run) {
        for (Held each : List.copyOf(held.values())) {
            if (each.run == run) {
                letGo(each);
                out.change(new Change.ContactReturned(each.contact.id(), each.contact.formerStatus()));
            }
        }
    }

    /** Forgets what belongs to another node now, or what the store has put back. */
    void forget(String reason) {
        for (Held each : List.copyOf(held.values())) {
            withdraw(each, reason);
            letGo(each);
        }
    }

    private void withdraw(Held each, String reason) {
        ReservationId reservation = each.asked;
        if (reservation != null) {
            takeAsked(reservation);
            each.asked = null;
            out.change(new Change.ReservationWithdrawn(reservation, reason));
        }
    }

    private @Nullable Held takeAsked(ReservationId reservation) {
        Held each = asked.remove(reservation);
        askedChanged |= each != null;
        return each;
    }

    private void letGo(Held each) {
        held.remove(each.contact.id());
        each.run.promises--;
        each.run.promisesChanged = true;
    }

    /** When the next window is over. */
    Optional<Instant> nextDeadline(Instant now) {
        return held.values().stream()
                .map(Held::until)
                .filter(until -> until.isAfter(now))
                .min(Comparator.naturalOrder());
    }
}
