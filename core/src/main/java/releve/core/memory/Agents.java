package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;
import releve.core.routing.LongestIdle;
import releve.core.store.Change;
import releve.core.store.DialerStore.Granted;
import releve.core.store.DialerStore.NodeId;

/**
 * Agents, and what dialers ask of them. An agent moves only out of the state that a change supposes, and only for the
 * reservation it names, so a change that comes late or twice moves nobody.
 */
final class Agents {
    private static final Set<AgentState> BOUND =
            EnumSet.of(AgentState.RESERVED, AgentState.PREVIEW, AgentState.DIALING);
    private static final Set<AgentState> ON_A_CALL = EnumSet.of(AgentState.TALKING, AgentState.HOLD);
    private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(90);

    /** An agent. */
    static final class Row {
        final AgentId id;
        Set<String> skillGroups;
        String phoneUri;
        AgentState state = AgentState.NOT_READY;
        String reason = "logged in";
        Instant since = Instant.MIN;

        @Nullable
        AgentState pending;

        String pendingReason = "";

        @Nullable
        ReservationId reservation;

        @Nullable
        AttemptId attempt;

        @Nullable
        Instant deadline;

        @Nullable
        Instant idleSince;

        Row(AgentId id, Set<String> skillGroups, String phoneUri) {
            this.id = id;
            this.skillGroups = Set.copyOf(skillGroups);
            this.phoneUri = phoneUri;
        }
    }

    /** A reservation request; it is granted once, and stays until its agent's call is over. */
    record Request(Change.ReservationRequested asked, NodeId node, long arrival, boolean isGranted) {
        Request granted() {
            return new Request(asked, node, arrival, true);
        }
    }

    private final Map<AgentId, Row> rows = new LinkedHashMap<>();
    private final Set<Row> ready = new LinkedHashSet<>();
    private final Map<ReservationId, Request> requests = new LinkedHashMap<>();
    private final Consumer<Notice> notices;
    private long arrivals;

    Agents(Consumer<Notice> notices) {
        this.notices = notices;
    }

    /** Logged out → not ready; any other state stays. */
    void logIn(AgentId id, Set<String> skillGroups, String phoneUri) {
        Row row = rows.computeIfAbsent(id, unused -> new Row(id, skillGroups, phoneUri));
        row.skillGroups = Set.copyOf(skillGroups);
        row.phoneUri = phoneUri;
        row.pending = row.pending == AgentState.LOGGED_OUT ? null : row.pending;
        if (row.state == AgentState.LOGGED_OUT) {
            row.state = AgentState.NOT_READY;
            row.reason = "logged in";
        }
    }

    Row get(AgentId id) {
        return Objects.requireNonNull(rows.get(id), () -> "there is no agent " + id);
    }

    List<Row> all() {
        return List.copyOf(rows.values());
    }

    List<Request> requests() {
        return List.copyOf(requests.values());
    }

    /** The agent's own move. */
    void move(Row row, AgentState to, String reason, Instant now) {
        row.reservation = null;
        row.attempt = null;
        row.deadline = null;
        row.pending = null;
        row.pendingReason = "";
        row.reason = reason;
        become(row, to, now);
        if (to == AgentState.READY) {
            notices.accept(new Notice.Routing());
        }
    }

    int endWrapUps(Instant now) {
        List<Row> over = rows.values().stream()
                .filter(row -> row.state == AgentState.WRAP_UP && row.deadline != null && !row.deadline.isAfter(now))
                .toList();
        over.forEach(row -> free(row, now));
        return over.size();
    }

    void request(Change.ReservationRequested asked, NodeId node) {
        if (!requests.containsKey(asked.reservation())) {
            requests.put(asked.reservation(), new Request(asked, node, ++arrivals, false));
            notices.accept(new Notice.Routing());
        }
    }

    void withdraw(ReservationId reservation, Instant now) {
        requests.remove(reservation);
        rows.values().stream()
                .filter(row -> BOUND.contains(row.state) && reservation.equals(row.reservation))
                .forEach(row -> free(row, now));
    }

    /** The agent, if he is bound by that reservation and in one of those states. */
    Optional<Row> bound(@Nullable AgentId id, @Nullable ReservationId reservation, Set<AgentState> states) {
        return Optional.ofNullable(id)
                .map(rows::get)
                .filter(row ->
                        states.contains(row.state) && reservation != null && reservation.equals(row.reservation));
    }

    Optional<Row> reserved(AgentId id, ReservationId reservation) {
        return bound(id, reservation, EnumSet.of(AgentState.RESERVED));
    }

    void talk(Change.AttemptConnected connected, Instant now) {
        bound(connected.agent(), connected.reservation(), EnumSet.of(AgentState.RESERVED, AgentState.DIALING))
                .ifPresent(row -> {
                    become(row, AgentState.TALKING, now);
                    row.attempt = connected.attempt();
                });
    }

    /** His attempt was closed, and he was freed, before this could be told: the reservation is his again if he is nobody's. */
    void talkAfterAll(Change.AttemptConnected connected, CampaignId campaign, NodeId node, Instant now) {
        AgentId agent = connected.agent();
        ReservationId reservation = connected.reservation();
        Row row = agent == null ? null : rows.get(agent);
        if (row != null && reservation != null && row.state == AgentState.READY) {
            row.reservation = reservation;
            row.attempt = connected.attempt();
            become(row, AgentState.TALKING, now);
            Change.ReservationRequested asked =
                    new Change.ReservationRequested(reservation, campaign, "", agent, 0, connected.at());
            requests.put(reservation, new Request(asked, node, ++arrivals, true));
        }
    }

    void dial(Change.AgentDialing dialing, Instant now) {
        reserved(dialing.agent(), dialing.reservation()).ifPresent(row -> {
            become(row, AgentState.DIALING, now);
            row.attempt = dialing.attempt();
        });
    }

    void wrapUp(Change.AgentWrapUp wrapUp, Instant now) {
        Set<AgentState> busy = EnumSet.of(AgentState.TALKING, AgentState.HOLD, AgentState.RESERVED, AgentState.DIALING);
        bound(wrapUp.agent(), wrapUp.reservation(), busy).ifPresent(row -> {
            become(row, AgentState.WRAP_UP, now);
            row.reservation = null;
            row.deadline = wrapUp.deadline();
        });
        requests.remove(wrapUp.reservation());
    }

    void unreachable(Change.AgentUnreachable unreachable, Instant now) {
        bound(unreachable.agent(), unreachable.reservation(), BOUND).ifPresent(row -> {
            row.reservation = null;
            row.attempt = null;
            row.deadline = null;
            row.reason = unreachable.reason();
            become(row, AgentState.NOT_READY, now);
            comeIntoForce(row, now);
        });
        requests.remove(unreachable.reservation());
    }

    /** What a dialer that failed leaves: those it bound are free, those who talk wrap up, its requests go. */
    void settle(NodeId gone, Instant now) {
        for (Request request : requests()) {
            if (request.node().equals(gone)) {
                ReservationId reservation = request.asked().reservation();
                for (Row row : rows.values()) {
                    if (reservation.equals(row.reservation)) {
                        release(row, now);
                    }
                }
                requests.remove(reservation);
            }
        }
    }

    private void release(Row row, Instant now) {
        if (BOUND.contains(row.state)) {
            free(row, now);
        } else if (ON_A_CALL.contains(row.state)) {
            become(row, AgentState.WRAP_UP, now);
            row.reason = "the dialer failed: be ready when your call is over";
            row.reservation = null;
            row.deadline = now.plus(AFTER_A_FAILURE);
        }
    }

    Map<ReservationId, Granted> granted(NodeId node) {
        Map<ReservationId, Granted> granted = new LinkedHashMap<>();
        for (Row row : rows.values()) {
            Request request = row.reservation == null ? null : requests.get(row.reservation);
            if (row.state == AgentState.RESERVED
                    && request != null
                    && request.node().equals(node)) {
                granted.put(request.asked().reservation(), new Granted(row.id, row.phoneUri, row.skillGroups));
            }
        }
        return granted;
    }

    /** One round of the routing gateway. @return how many agents were reserved */
    int route(Map<CampaignId, Campaign> campaigns, Instant now) {
        if (ready.isEmpty()) {
            return 0;
        }
        List<LongestIdle.Request> open = requests.values().stream()
                .filter(request -> !request.isGranted())
                .map(request -> new LongestIdle.Request(
                        request.asked().reservation(),
                        request.asked().campaign(),
                        request.asked().skillGroup(),
                        request.asked().agent(),
                        request.asked().priority(),
                        request.arrival()))
                .toList();
        List<LongestIdle.ReadyAgent> idle = ready.stream()
                .map(row -> new LongestIdle.ReadyAgent(
                        row.id, row.skillGroups, row.idleSince == null ? now : row.idleSince))
                .toList();
        List<LongestIdle.Match> matches = LongestIdle.match(open, idle, shares(campaigns));
        for (LongestIdle.Match match : matches) {
            Row row = get(match.agent());
            become(row, AgentState.RESERVED, now);
            row.reservation = match.reservation();
            row.attempt = null;
            row.reason = "";
            Request granted =
                    Objects.requireNonNull(requests.get(match.reservation())).granted();
            requests.put(match.reservation(), granted);
            notices.accept(new Notice.Granted(granted.node()));
        }
        return matches.size();
    }

    private Map<CampaignId, LongestIdle.Share> shares(Map<CampaignId, Campaign> campaigns) {
        Map<CampaignId, Integer> held = new HashMap<>();
        Map<String, Integer> loggedInTo = new HashMap<>();
        for (Row row : rows.values()) {
            Request request = row.reservation == null ? null : requests.get(row.reservation);
            if (request != null) {
                held.merge(request.asked().campaign(), 1, Integer::sum);
            }
            if (row.state != AgentState.LOGGED_OUT) {
                row.skillGroups.forEach(group -> loggedInTo.merge(group, 1, Integer::sum));
            }
        }
        Map<CampaignId, LongestIdle.Share> shares = new HashMap<>();
        campaigns.forEach((id, campaign) -> {
            int loggedIn = loggedInTo.getOrDefault(campaign.staffing().skillGroup(), 0);
            shares.put(
                    id,
                    new LongestIdle.Share(
                            held.getOrDefault(id, 0), campaign.staffing().agentsMax(loggedIn)));
        });
        return shares;
    }

    /** He need not stay reserved: a wish that he made meanwhile comes into force. */
    private void free(Row row, Instant now) {
        row.reservation = null;
        row.attempt = null;
        row.deadline = null;
        row.reason = row.pending == null ? "" : row.pendingReason;
        become(row, row.pending == null ? AgentState.READY : AgentState.NOT_READY, now);
        comeIntoForce(row, now);
        notices.accept(new Notice.Routing());
    }

    private void comeIntoForce(Row row, Instant now) {
        if (row.pending == AgentState.LOGGED_OUT) {
            become(row, AgentState.LOGGED_OUT, now);
        }
        row.pending = null;
        row.pendingReason = "";
    }

    Set<AgentId> leaving(Instant awaySince) {
        Set<AgentId> leaving = new HashSet<>();
        for (Row row : rows.values()) {
            boolean away = row.state == AgentState.NOT_READY || row.state == AgentState.LOGGED_OUT;
            if (row.pending != null || (away && row.since.isAfter(awaySince))) {
                leaving.add(row.id);
            }
        }
        return leaving;
    }

    /** Reservations that came to nothing do not count as work: who has waited longest is served first. */
    void become(Row row, AgentState to, Instant now) {
        if (to == AgentState.READY && (row.state != AgentState.RESERVED || row.idleSince == null)) {
            row.idleSince = now;
        }
        if (row.state != to) {
            row.since = now;
        }
        row.state = to;
        if (to == AgentState.READY) {
            ready.add(row);
        } else {
            ready.remove(row);
        }
        notices.accept(new Notice.OfAgent(row.id));
    }
}
