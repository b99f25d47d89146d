package releve.core.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import releve.core.agent.AgentCommand;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.common.Termination;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.NodeId;

/**
 * A pair, a few contacts and agents, and whatever dialers, desktops and gateways might ask of their store, in an order drawn
 * from a seed: sensible or late, repeated, under an old epoch. Two stores that are taken through the same day must answer
 * and keep the same. Contacts are named by their place in the list, because each store numbers them itself; no agent is
 * asked for but by name, because who of two has been idle longer may be a matter of microseconds.
 */
public final class RandomDay {
    /** Longer ago than an abandoned customer is left in peace, by the clock of either store. */
    private static final Instant AT = Instant.parse("2026-02-02T10:00:00Z");

    private static final Instant NEVER = Instant.parse("2040-01-01T00:00:00Z");
    private static final Duration LONG = Duration.ofHours(1);
    private static final int CONTACTS = 5;
    private static final int AGENTS = 3;

    private final StoreWorld world;
    private final SplittableRandom random;
    private final int pair;
    private final String group;
    private final CampaignId campaign;
    private final List<ContactId> contacts = new ArrayList<>();
    private final List<AgentId> agents = new ArrayList<>();
    private final List<NodeId> nodes;
    private final List<AttemptId> attempts = new ArrayList<>();
    private final List<ReservationId> reservations = new ArrayList<>();
    private final Map<Integer, AttemptId> latest = new HashMap<>();
    private List<Change> lastBatch = List.of();
    private NodeId lastNode;
    private long lastEpoch;
    private long sequence;

    public RandomDay(StoreWorld world, int pair, SplittableRandom random) {
        this.world = world;
        this.pair = pair;
        this.random = random;
        this.group = "random-" + pair;
        this.nodes = List.of(new NodeId(pair, Side.A, "a" + pair), new NodeId(pair, Side.B, "b" + pair));
        this.lastNode = nodes.getFirst();
        this.campaign = world.campaign(Campaign.named("random " + pair, DialingMode.PREVIEW, "+12025550100")
                .withStaffing(Staffing.by(group)));
        for (int i = 0; i < CONTACTS; i++) {
            // The last two are a couple: they share a phone.
            contacts.add(world.contact(campaign, phone(Math.min(i, CONTACTS - 2)), phone(10 + i)));
        }
        for (int i = 0; i < AGENTS; i++) {
            AgentId agent = new AgentId("random-%d-%d".formatted(pair, i));
            agents.add(agent);
            world.logIn(agent, Set.of(group), "sip:" + agent + "@127.0.0.1:5090");
            world.ask(agent, new AgentCommand.Ready());
        }
        world.store().acquire(nodes.getFirst(), LONG);
    }

    private String phone(int number) {
        return "+1202%04d%03d".formatted(pair, number);
    }

    /** Does one thing, and tells what it was and what came of it. */
    public String step() {
        NodeId node = random.nextInt(4) == 0
                ? any(nodes)
                : world.store().lease(pair).holder().orElse(any(nodes));
        long current = world.store().lease(pair).epoch();
        long epoch = random.nextInt(8) == 0 ? Math.max(1, current - 1) : current;
        return switch (random.nextInt(22)) {
            case 0 ->
                "%s acquires: %s"
                        .formatted(node, world.store().acquire(node, random.nextInt(3) == 0 ? Duration.ZERO : LONG));
            case 1 ->
                "%s hands over: %s"
                        .formatted(
                                node,
                                world.store()
                                        .handOver(
                                                node,
                                                epoch,
                                                other(node),
                                                random.nextBoolean() ? LONG : Duration.ZERO,
                                                random.nextBoolean() ? Handover.OVERLAP : Handover.SEQUENTIAL));
            case 2 ->
                "%s renews: %s"
                        .formatted(
                                node, world.store().renew(node, epoch, random.nextInt(4) == 0 ? Duration.ZERO : LONG));
            case 3 -> {
                if (random.nextInt(3) == 0) {
                    world.store().release(node, epoch);
                }
                yield "%s releases %d".formatted(node, epoch);
            }
            case 4, 5 ->
                "%s claims: %s"
                        .formatted(
                                node,
                                world.store()
                                        .claim(node, epoch, campaign, 1 + random.nextInt(3))
                                        .map(this::named));
            case 6 ->
                "%s claims promises: %s"
                        .formatted(
                                node,
                                world.store()
                                        .claimPersonalCallbacks(node, epoch, campaign, 2)
                                        .map(this::named));
            case 7, 8 -> {
                world.route(); // how many is not told: other days may have left agents and requests in the store
                yield "routed";
            }
            case 9 -> asks();
            case 10 -> answers();
            case 11 -> disposes();
            case 12 -> {
                world.endWrapUps();
                yield "wrap-ups whose time is over end";
            }
            case 20 -> "%s renews settling: %s".formatted(node, world.store().renewSettling(node, epoch, LONG));
            case 21 -> "%s sees elsewhere: %s".formatted(node, world.store().elsewhere(node));
            case 13 -> "repeated: " + commit(lastNode, lastEpoch, lastBatch);
            default -> {
                List<Change> batch = IntStream.rangeClosed(0, random.nextInt(3))
                        .mapToObj(unused -> change(epoch))
                        .toList();
                lastBatch = batch;
                lastNode = node;
                lastEpoch = epoch;
                yield commit(node, epoch, batch);
            }
        };
    }

    private String commit(NodeId node, long epoch, List<Change> batch) {
        CommitResult result = world.store().commit(node, epoch, batch);
        return "%s commits under %d %s: %s, refused %s"
                .formatted(
                        node,
                        epoch,
                        batch.stream()
                                .map(change -> change.getClass().getSimpleName())
                                .toList(),
                        result.epochOver() ? "over" : "in force",
                        result.refused().keySet().stream().sorted().toList());
    }

    private String asks() {
        AgentId agent = any(agents);
        AgentCommand command = switch (random.nextInt(4)) {
            case 0 -> new AgentCommand.NotReady("lunch");
            case 1 -> new AgentCommand.LogOut("going home");
            default -> new AgentCommand.Ready();
        };
        if (random.nextInt(3) == 0) {
            world.logIn(agent, Set.of(group), "sip:" + agent + "@127.0.0.1:5090");
        }
        return "%s asks for %s: %s"
                .formatted(agent, command, world.ask(agent, command).isPresent());
    }

    private String answers() {
        OfferAnswer answer = any(List.of(OfferAnswer.ACCEPT, OfferAnswer.SKIP, OfferAnswer.REJECT));
        AgentId agent = any(agents);
        AttemptId offer = anyAttempt();
        boolean loggedIn = world.agent(agent).state() != releve.core.agent.AgentState.LOGGED_OUT;
        return "%s answers %s to %s: %s"
                .formatted(agent, answer, offer, loggedIn && world.answer(agent, offer, answer));
    }

    private String disposes() {
        CallResult result = any(List.of(CallResult.VOICE, CallResult.CALLBACK_REQUESTED, CallResult.WRONG_PERSON));
        boolean callback = result == CallResult.CALLBACK_REQUESTED;
        Disposition said = new Disposition(result, callback ? AT : null, callback && random.nextBoolean(), "");
        AgentId agent = any(agents);
        AttemptId attempt = anyAttempt();
        boolean loggedIn = world.agent(agent).state() != releve.core.agent.AgentState.LOGGED_OUT;
        return "%s says %s of %s: %s"
                .formatted(agent, result, attempt, loggedIn && world.dispose(agent, attempt, said));
    }

    private Change change(long epoch) {
        int place = random.nextInt(CONTACTS);
        ContactId contact = contacts.get(place);
        AgentId agent = any(agents);
        ReservationId reservation = anyReservation();
        AttemptId attempt = random.nextInt(5) == 0 ? anyAttempt() : latest.getOrDefault(place, anyAttempt());
        Instant at = AT.plusSeconds(++sequence);
        return switch (random.nextInt(18)) {
            case 0, 1, 2 -> start(place, contact, epoch, at);
            case 3 -> new Change.AttemptRang(attempt, at);
            case 4 -> new Change.AttemptAnswered(attempt, at);
            case 5, 6 -> new Change.AttemptConnected(attempt, agent, reservation, "leg" + sequence, at);
            case 7, 8 -> new Change.AttemptEnded(attempt, contact, termination(), outcome(), at);
            case 9, 10 -> {
                AttemptId offer = fresh(place, epoch);
                yield new Change.ContactOffered(
                        offer, OfferKind.PREVIEW, campaign, contact, phone(10 + place), agent, reservation, NEVER, at);
            }
            case 11 -> new Change.OfferClosing(attempt, OfferAnswer.TIMED_OUT, at);
            case 12 ->
                new Change.OfferEnded(
                        attempt, contact, agent, OfferAnswer.SKIP, random.nextBoolean() ? null : outcome(), at);
            case 13 ->
                random.nextBoolean()
                        ? new Change.AgentDialing(agent, reservation, attempt)
                        : new Change.AgentUnreachable(agent, reservation, "no answer");
            case 14 -> new Change.AgentWrapUp(agent, reservation, random.nextBoolean() ? AT : NEVER);
            case 15 -> new Change.ReservationWithdrawn(reservation, "not needed");
            case 16 -> new Change.ContactReturned(contact, ContactStatus.PENDING);
            default -> {
                ReservationId asked = ReservationId.of(pair, epoch, ++sequence);
                reservations.add(asked);
                yield new Change.ReservationRequested(asked, campaign, group, agent, 1, at);
            }
        };
    }

    private Change start(int place, ContactId contact, long epoch, Instant at) {
        AttemptId id = random.nextInt(4) == 0 ? latest.getOrDefault(place, fresh(place, epoch)) : fresh(place, epoch);
        String phone = phone(random.nextInt(4) == 0 ? 10 + place : Math.min(place, CONTACTS - 2));
        return new Change.AttemptStarted(id, campaign, contact, phone, "call-" + id, 1, at);
    }

    private AttemptId fresh(int place, long epoch) {
        AttemptId id = AttemptId.of(pair, epoch, ++sequence);
        attempts.add(id);
        latest.put(place, id);
        return id;
    }

    private Termination termination() {
        return new Termination(
                any(List.of(CallResult.VOICE, CallResult.BUSY, CallResult.DIALER_ABANDON)), EndedBy.CUSTOMER, "x");
    }

    private ContactOutcome outcome() {
        return switch (random.nextInt(4)) {
            case 0 -> new ContactOutcome(ContactStatus.CLOSED, null, true);
            case 1 -> new ContactOutcome(ContactStatus.CALLBACK, NEVER, true);
            default -> new ContactOutcome(ContactStatus.RETRY, AT, random.nextBoolean());
        };
    }

    private List<String> named(List<Contact> claimed) {
        return claimed.stream()
                .map(contact -> "%d from %s after %d%s"
                        .formatted(
                                contacts.indexOf(contact.id()),
                                contact.formerStatus().letter(),
                                contact.attempts(),
                                contact.agentOwed() ? ", owed an agent" : ""))
                .toList();
    }

    private AttemptId anyAttempt() {
        return attempts.isEmpty() ? AttemptId.of(pair, 1, 0) : any(attempts);
    }

    private ReservationId anyReservation() {
        int count = reservations.size();
        return count == 0
                ? ReservationId.of(pair, 1, 0)
                : reservations.get(count - 1 - random.nextInt(Math.min(3, count)));
    }

    private NodeId other(NodeId node) {
        return nodes.get(1 - nodes.indexOf(node));
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** All there is to see. Times that the store gives itself are only told to be there. */
    public String state() {
        StringBuilder all = new StringBuilder();
        var lease = world.store().lease(pair);
        all.append("epoch %d, %s%n".formatted(lease.epoch(), lease.holder()));
        for (int i = 0; i < CONTACTS; i++) {
            all.append("contact %d: %s%n".formatted(i, world.contact(contacts.get(i))));
        }
        for (AgentId agent : agents) {
            var view = world.agent(agent);
            all.append("%s: %s, %s, deadline %s%n"
                    .formatted(agent, view.state(), view.reservation(), view.deadline() != null));
        }
        for (AttemptId attempt : attempts) {
            world.attempt(attempt)
                    .ifPresent(row -> all.append("%s: %s%n"
                            .formatted(
                                    attempt,
                                    row.endedBy() == EndedBy.UNKNOWN
                                            ? List.of(String.valueOf(row.result()), String.valueOf(row.connectedAt()))
                                            : row)));
        }
        for (NodeId node : nodes) {
            all.append("%s: holds %s, granted %s, answered %s%n"
                    .formatted(
                            node,
                            named(world.store().held(node, lease.epoch())),
                            sorted(world.store().granted(node)),
                            sorted(world.store().answered(node))));
        }
        return all.toString();
    }

    private static List<String> sorted(Map<?, ?> map) {
        return map.entrySet().stream().map(Object::toString).sorted().toList();
    }
}
