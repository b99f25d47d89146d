package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import releve.core.agent.AgentState;
import releve.core.call.CallEvent;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.ContactId;
import releve.core.common.Side;
import releve.core.pair.Peer;
import releve.core.pair.RoleState;
import releve.core.pair.Succession;
import releve.core.store.Change;
import releve.core.store.DialerStore.NodeId;

/** One dialer with a store, a trunk, customers and agents around it, on virtual time. The node's loop in small. */
final class World {
    static final Instant START = Instant.parse("2030-01-01T09:00:00Z");
    private static final int TICKS_AT_ONCE_MAX = 1000;

    /** One step, as it was. */
    record Step(Instant at, Event event, Decision decision, DialerStatus status) {}

    /** What an agent says to an offer, and after how long; never when negative. */
    record Reply(long afterMs, OfferAnswer answer) {
        static final Reply NONE = new Reply(-1, OfferAnswer.ACCEPT);
    }

    private record Timed(Instant at, long order, Runnable what) {}

    private final PriorityQueue<Timed> agenda =
            new PriorityQueue<>(Comparator.comparing(Timed::at).thenComparing(Timed::order));
    private final Duration commitTakes = Duration.ofMillis(2);
    private long order;
    private long contactIds;

    Instant now = START;
    final FakeStore store = new FakeStore();
    final FakeCarrier carrier = new FakeCarrier(this);
    final Dialer dialer;
    final Witness witness;
    final List<Step> steps = new ArrayList<>();
    /** What agents make of offers. */
    Function<Change.ContactOffered, Reply> desks = offered -> Reply.NONE;

    /** Agents' answers that the store took. */
    int answersTaken;

    private final Set<AttemptId> told = new HashSet<>();
    boolean storeAnswers = true;
    boolean handoverWorks = true;
    boolean successorLives = true;
    boolean keepsSteps = true;
    long routeEveryMs = 10;

    World(DialerConfig config) {
        dialer = new Dialer(config, START);
        witness = new Witness(config);
    }

    static DialerConfig config() {
        return new DialerConfig(new NodeId(1, Side.A, "a1"), 50, 50, Duration.ofMinutes(90), Duration.ofSeconds(5), 20);
    }

    static World idle() {
        return new World(config());
    }

    /** Active, its peer healthy and its trunk up; the right is renewed as long as the store answers. */
    static World active(Campaign... campaigns) {
        return idle().activated(campaigns);
    }

    World activated(Campaign... campaigns) {
        send(new Event.TrunkUp());
        send(new Event.PeerSeen(new Peer.Healthy("b1")));
        send(new Event.CampaignsRead(List.of(campaigns)));
        return granted("nobody held it");
    }

    /** The right comes, and is renewed from now on; agents are reserved as they become ready. */
    World granted(String how) {
        send(new Event.RightGranted(store.acquire(), now.plusSeconds(2), how));
        keepRenewing();
        keepRouting();
        return this;
    }

    /** From now on the ledger is counted every 5 s, while the store answers. */
    World countingAbandonment(Campaign... campaigns) {
        if (storeAnswers) {
            send(new Event.AbandonmentCounted(Stream.of(campaigns)
                    .map(c -> store.abandonment(c.id(), c.pacing().abandonWindow(), now))
                    .toList()));
        }
        in(5000, () -> countingAbandonment(campaigns));
        return this;
    }

    World contacts(int count, long campaign) {
        for (int i = 0; i < count; i++) {
            Contact contact = Samples.contact(++contactIds, campaign, 0);
            store.contacts.put(contact.id(), new FakeStore.ContactRow(contact));
        }
        return this;
    }

    World agents(int count) {
        return agents(count, "sales");
    }

    World agents(int count, String... groups) {
        for (int i = 1; i <= count; i++) {
            String name = "agent" + (store.agents.size() + 1);
            store.agents.put(name, new FakeStore.AgentRow(new AgentId(name), Set.of(groups), now));
        }
        return this;
    }

    /** An agent who is held wishes to leave, or takes it back; the dialer hears of it at once. */
    World wish(String agent, boolean toLeave) {
        store.agents.get(agent).wishesToLeave = toLeave;
        send(new Event.AgentsLeaving(store.leaving()));
        return this;
    }

    private void keepRenewing() {
        in(500, () -> {
            if (storeAnswers && store.held) {
                send(new Event.RightRenewed(store.epoch, now.plusSeconds(2)));
            } else if (storeAnswers && dialer.role() instanceof RoleState.Settling settling) {
                send(new Event.RightRenewed(settling.epoch(), now.plusSeconds(2)));
            } else if (storeAnswers
                    && successorLives
                    && dialer.role() instanceof RoleState.Monitoring m
                    && m.succession() == Succession.AWAITED) {
                send(new Event.SuccessorSeen());
            }
            keepRenewing();
        });
    }

    private void keepRouting() {
        in(routeEveryMs, () -> {
            if (storeAnswers) {
                store.route(now).forEach(this::send);
                tellAnswers();
            }
            keepRouting();
        });
    }

    /** As the store is watched: each answer is told once. */
    private void tellAnswers() {
        var answered = store.answered();
        told.retainAll(answered.keySet());
        answered.forEach((offer, answer) -> {
            if (told.add(offer)) {
                send(new Event.OfferAnswered(offer, answer));
            }
        });
    }

    /** An agent looks at the contact that is offered to him. */
    private void look(Change.ContactOffered offered) {
        Reply reply = desks.apply(offered);
        if (reply.afterMs() >= 0) {
            in(reply.afterMs(), () -> {
                FakeStore.AgentRow agent = store.agents.get(offered.agent().value());
                answersTaken += agent != null && store.answerOf(agent, offered.offer(), reply.answer(), now) ? 1 : 0;
            });
        }
    }

    void in(long ms, Runnable what) {
        agenda.add(new Timed(now.plusMillis(ms), order++, what));
    }

    Decision send(Event event) {
        long epoch = dialer.role().epochHeld();
        Decision decision = dialer.step(event, now);
        witness.saw(event, decision, dialer, now);
        if (keepsSteps) {
            steps.add(new Step(now, event, decision, dialer.status(now)));
        }
        List<Command> later = new ArrayList<>();
        for (Command command : decision.commands()) {
            if (command instanceof Command.AfterCommit) {
                later.add(command);
            } else {
                atOnce(command);
            }
        }
        if (!decision.changes().isEmpty() || !later.isEmpty()) {
            long under = epoch == 0 ? dialer.role().epochHeld() : epoch;
            in(commitTakes.toMillis(), () -> commit(under, decision.changes(), later));
        }
        return decision;
    }

    private void commit(long epoch, List<Change> changes, List<Command> later) {
        if (!storeAnswers) {
            in(100, () -> commit(epoch, changes, later));
            return;
        }
        var refused = store.commit(epoch, changes, now);
        changes.forEach(change -> {
            if (change instanceof Change.ContactOffered offered) {
                look(offered);
            }
        });
        for (Command command : later) {
            switch (command) {
                case Command.Dial dial -> dial(dial.attempt(), refused, () -> carrier.dial(dial));
                case Command.DialFromAgent dial -> dial(dial.attempt(), refused, () -> carrier.dial(dial));
                case Command.ClaimContacts claim ->
                    send(store.claim(claim.campaign(), epoch, claim.count(), now)
                            .<Event>map(found -> new Event.ContactsClaimed(claim.campaign(), found))
                            .orElseGet(() -> new Event.ClaimFailed(claim.campaign(), "the epoch is over")));
                case Command.ClaimPersonalCallbacks claim ->
                    send(new Event.PersonalCallbacksClaimed(
                            claim.campaign(), store.claimPersonal(claim.campaign(), epoch, claim.count(), now)));
                case Command.HandOver handOver -> {
                    boolean done = handoverWorks && store.handOver(handOver.epoch(), handOver.how());
                    send(
                            done
                                    ? new Event.HandedOver(handOver.epoch(), "handed over to " + handOver.toInstance())
                                    : new Event.HandoverFailed(handOver.epoch(), "the store did not answer"));
                }
                case Command.GiveUpRight giveUp -> {
                    store.release(giveUp.epoch());
                    send(new Event.HandedOver(giveUp.epoch(), "the right is given up"));
                }
                case Command.StopProcess stop -> {}
                case Command other -> throw new IllegalStateException("not after commit: " + other);
            }
        }
    }

    private void dial(AttemptId attempt, Map<AttemptId, String> refused, Runnable leave) {
        String refusal = refused.get(attempt);
        if (refusal != null) {
            send(new Event.StartRefused(attempt, refusal));
        } else if (!dialer.stillToDial(attempt) || dialer.keptBack(attempt, now).isPresent()) {
            send(new Event.CallReported(attempt, new CallEvent.Withheld("too late")));
        } else {
            dialer.left(attempt);
            leave.run();
        }
    }

    private void atOnce(Command command) {
        switch (command) {
            case Command.CancelDial cancel -> carrier.cancel(cancel.attempt());
            case Command.HangUp hangUp -> carrier.hangUp(hangUp.attempt());
            case Command.Bridge bridge -> carrier.bridge(bridge);
            case Command.PlayAndHangUp play -> carrier.play(play.attempt());
            case Command other -> {}
        }
    }

    World run(Duration time) {
        runUntil(now.plus(time), world -> false);
        return this;
    }

    /** Runs until it is so; fails when it is not within that time. */
    World until(Predicate<World> so, Duration atMost) {
        runUntil(now.plus(atMost), so);
        assertThat(so.test(this))
                .as("within %s; now %s", atMost, dialer.status(now))
                .isTrue();
        return this;
    }

    /** Runs until an agent is reserved, and tells who. */
    FakeStore.AgentRow untilReserved(Duration atMost) {
        until(world -> world.store.agentsIn(AgentState.RESERVED) >= 1, atMost);
        return store.agents.values().stream()
                .filter(row -> row.state == AgentState.RESERVED)
                .findFirst()
                .orElseThrow();
    }

    private void runUntil(Instant end, Predicate<World> enough) {
        int ticksAtOnce = 0;
        while (!enough.test(this)) {
            Optional<Instant> deadline = dialer.nextDeadline(now);
            Instant agendaAt = agenda.isEmpty() ? Instant.MAX : agenda.peek().at();
            Instant next = deadline.filter(at -> at.isBefore(agendaAt)).orElse(agendaAt);
            if (next.isAfter(end)) {
                now = end;
                return;
            }
            ticksAtOnce = next.isAfter(now) ? 0 : ticksAtOnce + 1;
            assertThat(ticksAtOnce)
                    .as("steps at the same instant, for %s", deadline)
                    .isLessThan(TICKS_AT_ONCE_MAX);
            if (next.isAfter(now)) {
                now = next;
            }
            if (deadline.isPresent() && deadline.get().isBefore(agendaAt)) {
                send(new Event.Tick());
                assertThat(dialer.nextDeadline(now).filter(at -> !at.isAfter(now.minusNanos(1))))
                        .as("a tick leaves no deadline behind")
                        .isEmpty();
            } else {
                agenda.remove().what().run();
            }
        }
    }

    <C> List<C> commands(Class<C> kind) {
        return steps.stream()
                .flatMap(step -> step.decision().commands().stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    <C> List<C> changes(Class<C> kind) {
        return steps.stream()
                .flatMap(step -> step.decision().changes().stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    Counts counts() {
        return dialer.status(now).counts();
    }

    String phase() {
        return dialer.role().phase();
    }

    ContactStatus status(long contact) {
        return store.contacts.get(new ContactId(contact)).status;
    }
}
