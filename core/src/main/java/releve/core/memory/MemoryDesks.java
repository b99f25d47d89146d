package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentRules;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.common.Termination;
import releve.core.pair.PeerHealth;
import releve.core.store.DialerStore.NodeId;

/**
 * The store in memory as everybody sees it who is not a dialer: lists and campaigns, agents' desktops, the gateways,
 * heartbeats, and the ledger for whoever checks it.
 */
public final class MemoryDesks {
    private final MemoryStore store;
    private final Supplier<Instant> time;

    MemoryDesks(MemoryStore store, Supplier<Instant> time) {
        this.store = store;
        this.time = time;
    }

    /** An agent as he is now. */
    public record AgentRow(
            AgentId agent,
            AgentState state,
            @Nullable AgentState pending,
            @Nullable ReservationId reservation,
            @Nullable AttemptId attempt,
            @Nullable Instant deadline) {}

    /** A contact as it is now. */
    public record ContactRow(
            ContactId contact,
            CampaignId campaign,
            List<String> phones,
            ContactStatus status,
            int attempts,
            @Nullable Instant notBefore,
            Optional<NodeId> claimedBy) {}

    /** An attempt as the ledger has it. */
    public record AttemptRow(
            AttemptId attempt,
            NodeId node,
            CampaignId campaign,
            ContactId contact,
            String phone,
            String callId,
            Instant startedAt,
            @Nullable Instant rangAt,
            @Nullable Instant answeredAt,
            @Nullable Instant connectedAt,
            @Nullable AgentId agent,
            Optional<Termination> termination,
            @Nullable Instant endedAt,
            boolean corrected) {}

    /** An offer as it is now. */
    public record OfferRow(
            AttemptId offer,
            NodeId node,
            AgentId agent,
            ContactId contact,
            Optional<OfferAnswer> answer,
            boolean over) {}

    /** A reservation request that its dialer has not withdrawn. */
    public record RequestRow(ReservationId reservation, NodeId node, CampaignId campaign) {}

    /** Makes or changes a campaign. */
    public void put(Campaign campaign) {
        synchronized (store) {
            store.campaignsById().put(campaign.id(), campaign);
        }
    }

    /** A new contact at the end of the campaign's list. */
    public ContactId add(CampaignId campaign, List<String> phones) {
        synchronized (store) {
            return store.contacts().add(campaign, phones).id;
        }
    }

    /** Lists a number that no campaign may dial. */
    public void doNotCall(String phone) {
        synchronized (store) {
            store.doNotCall.add(phone);
        }
    }

    /** Whether a number is on the do-not-call list now. */
    public boolean isListed(String phone) {
        synchronized (store) {
            return store.doNotCall.lists(List.of(phone));
        }
    }

    /** Takes a number off the do-not-call list. */
    public void mayCall(String phone) {
        synchronized (store) {
            store.doNotCall.remove(phone);
        }
    }

    /**
     * Drops attempts that ended before then, and contacts that are over for good since; what they count against the limit stays.
     * For long runs: nothing of it can be asked for or corrected any more.
     */
    public void forget(Instant before) {
        synchronized (store) {
            store.ledger.forget(before);
            store.contacts()
                    .forget(row -> row.lastAttempt == null
                            || store.ledger.find(row.lastAttempt).isEmpty());
        }
    }

    /** The contact is promised a call: by that agent, or by anybody when null. */
    public void promise(ContactId contact, @Nullable AgentId agent, Instant due) {
        synchronized (store) {
            Contacts.Row row = store.contacts().get(contact);
            row.callbackAgent = agent;
            store.contacts().become(row, agent == null ? ContactStatus.CALLBACK : ContactStatus.PERSONAL_CALLBACK, due);
        }
    }

    public void logIn(AgentId agent, Set<String> skillGroups, String phoneUri) {
        synchronized (store) {
            store.agents.logIn(agent, skillGroups, phoneUri);
        }
    }

    /** What an agent asks for, by the rules of {@link AgentRules}. @return why it is refused */
    public Optional<String> ask(AgentId agent, AgentCommand command) {
        synchronized (store) {
            Agents.Row row = store.agents.get(agent);
            return switch (AgentRules.decide(row.state, Optional.ofNullable(row.pending), row.reason, command)) {
                case AgentRules.Outcome.Move move -> {
                    store.agents.move(row, move.to(), move.reason(), time.get());
                    yield Optional.empty();
                }
                case AgentRules.Outcome.Wish wish -> {
                    row.pending = wish.pending();
                    row.pendingReason = wish.reason();
                    yield Optional.empty();
                }
                case AgentRules.Outcome.Nothing nothing -> Optional.empty();
                case AgentRules.Outcome.Refuse refuse -> Optional.of(refuse.sentence());
            };
        }
    }

    /** The agent's answer to what is offered to him: preview → reserved. @return whether it counts */
    public boolean answer(AgentId agent, AttemptId offer, OfferAnswer answer) {
        synchronized (store) {
            Agents.Row row = store.agents.get(agent);
            Optional<OfferTable.Row> open = store.offers
                    .find(offer)
                    .filter(OfferTable.Row::isOpen)
                    .filter(shown -> row.state == AgentState.PREVIEW && offer.equals(row.attempt));
            open.ifPresent(shown -> {
                shown.answer = answer;
                row.deadline = null;
                row.attempt = answer == OfferAnswer.ACCEPT ? offer : null;
                store.agents.become(row, AgentState.RESERVED, time.get());
                store.tell(new Notice.Answered(shown.node.pair()));
            });
            return open.isPresent();
        }
    }

    /** What the agent makes of his call. @return whether it is his */
    public boolean dispose(AgentId agent, AttemptId attempt, Disposition disposition) {
        synchronized (store) {
            Agents.Row row = store.agents.get(agent);
            Ledger.Row call = store.ledger.find(attempt).orElse(null);
            boolean his = attempt.equals(row.attempt)
                    && EnumSet.of(AgentState.TALKING, AgentState.HOLD, AgentState.WRAP_UP)
                            .contains(row.state)
                    && call != null
                    && agent.equals(call.agent);
            if (his && call != null) {
                call.disposition = disposition;
                if (disposition.result() == CallResult.DO_NOT_CALL) {
                    store.doNotCall.enter(attempt, call.started.phone());
                } else {
                    store.doNotCall.takeBack(attempt);
                }
                decide(call);
            }
            return his;
        }
    }

    /** Moves the contact where both the end and the disposition are known; the table is {@link Disposition}'s. */
    void decide(Ledger.Row call) {
        Disposition said = call.disposition;
        Instant endedAt = call.endedAt;
        Contacts.Row contact = store.contacts().get(call.started.contact());
        boolean undecided = contact.status != ContactStatus.ACTIVE && contact.status != ContactStatus.DIALED;
        Campaign campaign = store.campaignsById().get(call.started.campaign());
        if (said == null
                || endedAt == null
                || campaign == null
                || !undecided
                || !call.started.attempt().equals(contact.lastAttempt)) {
            return;
        }
        boolean more = contact.attempts < campaign.retry().maximumAttempts();
        ContactStatus next = switch (said.result()) {
            case CALLBACK_REQUESTED, CALLBACK_FROM_MACHINE ->
                said.personal() ? ContactStatus.PERSONAL_CALLBACK : ContactStatus.CALLBACK;
            case AGENT_REJECTED -> ContactStatus.AGENT_REJECTED;
            case WRONG_NUMBER ->
                contact.attempts < contact.phones.size() && more ? ContactStatus.RETRY : ContactStatus.CLOSED;
            case ANSWERING_MACHINE, WRONG_PERSON -> more ? ContactStatus.RETRY : ContactStatus.MAXIMUM_ATTEMPTS;
            default -> ContactStatus.CLOSED;
        };
        Duration delay = switch (said.result()) {
            case ANSWERING_MACHINE -> campaign.retry().delays().answeringMachine();
            case WRONG_PERSON -> campaign.retry().delays().notHome();
            default -> Duration.ZERO;
        };
        contact.callbackAgent = next == ContactStatus.PERSONAL_CALLBACK ? call.agent : null;
        store.contacts()
                .become(
                        contact,
                        next,
                        switch (next) {
                            case CALLBACK, PERSONAL_CALLBACK -> said.callbackAt();
                            case RETRY -> endedAt.plus(delay);
                            default -> null;
                        });
    }

    /** One round of the agent gateway: wrap-ups whose time is over end. @return how many */
    public int endWrapUps() {
        synchronized (store) {
            return store.agents.endWrapUps(time.get());
        }
    }

    /** One round of the routing gateway. @return how many agents were reserved */
    public int route() {
        synchronized (store) {
            return store.agents.route(store.campaignsById(), time.get());
        }
    }

    /** Enters a process that starts; false when another process of its side lives. */
    public boolean register(NodeId node, String version, Duration silentFor) {
        synchronized (store) {
            return store.nodes.register(node, version, silentFor, time.get());
        }
    }

    /** A heartbeat. @return why the process should stop, when it has been superseded */
    public Optional<String> beat(NodeId node, String phase, boolean ready, String notReadyReason) {
        synchronized (store) {
            return store.nodes.beat(node, phase, ready, notReadyReason, time.get());
        }
    }

    /** The process has ended in order. */
    public void stopped(NodeId node, String reason) {
        synchronized (store) {
            store.nodes.stopped(node, reason);
        }
    }

    /** Whether a node may dial now what its agents had been offered under that epoch. */
    public boolean settles(NodeId node, long epoch) {
        synchronized (store) {
            return store.settles(node, epoch);
        }
    }

    /** The last heartbeat of a side; empty when nothing runs there. */
    public Optional<PeerHealth.Heartbeat> heartbeat(int pair, Side side) {
        synchronized (store) {
            return store.nodes.latest(pair, side, time.get());
        }
    }

    public AgentRow agent(AgentId agent) {
        synchronized (store) {
            return view(store.agents.get(agent));
        }
    }

    public List<AgentRow> agents() {
        synchronized (store) {
            return store.agents.all().stream().map(MemoryDesks::view).toList();
        }
    }

    public ContactRow contact(ContactId contact) {
        synchronized (store) {
            return view(store.contacts().get(contact));
        }
    }

    public List<ContactRow> contacts() {
        synchronized (store) {
            return store.contacts().all().stream().map(MemoryDesks::view).toList();
        }
    }

    public Optional<AttemptRow> attempt(AttemptId attempt) {
        synchronized (store) {
            return store.ledger.find(attempt).map(MemoryDesks::view);
        }
    }

    /** The ledger, oldest first. */
    public List<AttemptRow> attempts() {
        synchronized (store) {
            return store.ledger.all().stream().map(MemoryDesks::view).toList();
        }
    }

    /** Attempts that were closed as unknown, in the order in which they were, without the first so many. */
    public List<AttemptRow> closedAsUnknown(int without) {
        synchronized (store) {
            return store.ledger.closedAsUnknown().stream()
                    .skip(without)
                    .map(MemoryDesks::view)
                    .toList();
        }
    }

    public Optional<OfferRow> offer(AttemptId offer) {
        synchronized (store) {
            return store.offers
                    .find(offer)
                    .map(row -> new OfferRow(
                            offer,
                            row.node,
                            row.offered.agent(),
                            row.offered.contact(),
                            Optional.ofNullable(row.answer),
                            row.over));
        }
    }

    public List<RequestRow> requests() {
        synchronized (store) {
            return store.agents.requests().stream()
                    .map(request -> new RequestRow(
                            request.asked().reservation(),
                            request.node(),
                            request.asked().campaign()))
                    .toList();
        }
    }

    private static AgentRow view(Agents.Row row) {
        return new AgentRow(row.id, row.state, row.pending, row.reservation, row.attempt, row.deadline);
    }

    private static ContactRow view(Contacts.Row row) {
        return new ContactRow(
                row.id,
                row.campaign,
                row.phones,
                row.status,
                row.attempts,
                row.notBefore,
                Optional.ofNullable(row.claimedBy));
    }

    private static AttemptRow view(Ledger.Row row) {
        return new AttemptRow(
                row.started.attempt(),
                row.node,
                row.started.campaign(),
                row.started.contact(),
                row.started.phone(),
                row.started.callId(),
                row.started.at(),
                row.rangAt,
                row.answeredAt,
                row.connectedAt,
                row.agent,
                Optional.ofNullable(row.termination),
                row.endedAt,
                row.corrected);
    }
}
