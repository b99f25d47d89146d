package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.Disposition;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.Termination;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.NodeId;

/** All attempts, and which of them are live. */
final class Ledger {
    private static final Set<CallResult> LIVE = Set.of(
            CallResult.VOICE,
            CallResult.DIALER_ABANDON,
            CallResult.ABANDONED_TO_IVR,
            CallResult.CUSTOMER_ABANDON,
            CallResult.AGENT_TIMED_OUT);

    /** An attempt. */
    static final class Row {
        final AttemptStarted started;
        final NodeId node;

        @Nullable
        Instant rangAt;

        @Nullable
        Instant answeredAt;

        @Nullable
        Instant connectedAt;

        @Nullable
        AgentId agent;

        @Nullable
        Termination termination;

        @Nullable
        Instant endedAt;

        @Nullable
        Disposition disposition;

        Change.@Nullable AttemptDecided decided;

        boolean corrected;

        Row(AttemptStarted started, NodeId node) {
            this.started = started;
            this.node = node;
        }

        boolean isLive() {
            return termination == null;
        }

        /** Whether it was closed because its dialer seemed dead, so that the dialer's own word is better. */
        boolean closedWithoutItsDialer() {
            return termination != null
                    && (termination.result() == CallResult.UNKNOWN_DIALER_FAILED || decided != null)
                    && termination.endedBy() == EndedBy.UNKNOWN;
        }
    }

    private final Map<AttemptId, Row> rows = new LinkedHashMap<>();
    private final Map<String, AttemptId> byCallId = new HashMap<>();
    private final Map<String, Row> liveByPhone = new HashMap<>();
    private final Map<ContactId, Row> liveByContact = new HashMap<>();
    private final Map<ContactId, List<Row>> abandoned = new HashMap<>();
    private final List<Row> unknown = new ArrayList<>();
    private final Map<CampaignId, LiveAnswers> liveAnswers = new HashMap<>();

    List<Row> closedAsUnknown() {
        return unknown;
    }

    Optional<Row> find(AttemptId attempt) {
        return Optional.ofNullable(rows.get(attempt));
    }

    List<Row> all() {
        return List.copyOf(rows.values());
    }

    List<Row> live(NodeId node) {
        return liveByContact.values().stream()
                .filter(row -> row.node.equals(node))
                .sorted((a, b) -> a.started.attempt().compareTo(b.started.attempt()))
                .toList();
    }

    /** Live attempts of the pair's other processes. */
    List<Row> liveOfOthers(NodeId node) {
        return liveByContact.values().stream()
                .filter(row -> row.node.pair() == node.pair() && !row.node.equals(node))
                .toList();
    }

    /** Adds whoever has a live attempt. */
    void addOwners(Set<NodeId> owners) {
        liveByContact.values().forEach(row -> owners.add(row.node));
    }

    boolean isIdle(List<String> phones) {
        return phones.stream().noneMatch(liveByPhone::containsKey);
    }

    /** Whether this very attempt was written before: its batch is being repeated. */
    boolean has(AttemptStarted start) {
        Row row = rows.get(start.attempt());
        return row != null
                && row.started.contact().equals(start.contact())
                && row.started.callId().equals(start.callId());
    }

    /** What is in the way of an attempt; empty when nothing is. */
    Optional<String> hindrance(AttemptStarted start) {
        Row live = liveByContact.getOrDefault(start.contact(), liveByPhone.get(start.phone()));
        if (live != null) {
            return Optional.of("attempt %s not started: attempt %s is live for the same contact or phone (%s)"
                    .formatted(start.attempt(), live.started.attempt(), live.started.phone()));
        }
        if (rows.containsKey(start.attempt())) {
            return Optional.of(
                    "attempt %s not started: the ledger has another of this number".formatted(start.attempt()));
        }
        AttemptId used = byCallId.get(start.callId());
        return used == null
                ? Optional.empty()
                : Optional.of(
                        "attempt %s not started: its Call-ID was used by attempt %s".formatted(start.attempt(), used));
    }

    void start(AttemptStarted start, NodeId node) {
        Row row = new Row(start, node);
        rows.put(start.attempt(), row);
        byCallId.put(start.callId(), start.attempt());
        liveByPhone.put(start.phone(), row);
        liveByContact.put(start.contact(), row);
    }

    void end(Row row, Termination termination, Instant at) {
        if (row.isLive()) {
            liveByPhone.remove(row.started.phone(), row);
            liveByContact.remove(row.started.contact(), row);
        } else {
            row.corrected = true;
            count(row, LiveAnswers::remove);
            abandoned.computeIfPresent(row.started.contact(), (id, rows) -> without(rows, row));
        }
        row.termination = termination;
        row.endedAt = at;
        if (termination.result() == CallResult.UNKNOWN_DIALER_FAILED) {
            unknown.add(row);
        }
        count(row, LiveAnswers::add);
        if (termination.result().isAbandoned()) {
            abandoned
                    .computeIfAbsent(row.started.contact(), id -> new ArrayList<>())
                    .add(row);
        }
    }

    private static List<Row> without(List<Row> rows, Row row) {
        rows.remove(row);
        return rows;
    }

    boolean wasAbandoned(ContactId contact, Instant after) {
        return abandoned.getOrDefault(contact, List.of()).stream()
                .anyMatch(row -> row.endedAt != null && row.endedAt.isAfter(after));
    }

    private interface Counting {
        void count(LiveAnswers in, Instant at, boolean abandoned);
    }

    /** Has it counted where it counts, if a person answered. */
    private void count(Row row, Counting by) {
        Termination termination = row.termination;
        Instant at = row.endedAt;
        if (termination != null && at != null && LIVE.contains(termination.result())) {
            by.count(
                    liveAnswers.computeIfAbsent(row.started.campaign(), id -> new LiveAnswers()),
                    at,
                    termination.result().isAbandoned());
        }
    }

    Abandonment abandonment(Campaign campaign, Instant now) {
        Duration window = campaign.pacing().abandonWindow();
        return new Abandonment(
                campaign.id(),
                window,
                liveAnswers
                        .getOrDefault(campaign.id(), new LiveAnswers())
                        .since(now.minus(window), Abandonment.partOf(window)));
    }

    /** Drops attempts that ended before then; what counts against the limit still does. */
    void forget(Instant before) {
        rows.values().removeIf(row -> {
            boolean old = row.endedAt != null && row.endedAt.isBefore(before);
            if (old) {
                byCallId.remove(row.started.callId());
            }
            return old;
        });
        unknown.removeIf(row -> row.endedAt != null && row.endedAt.isBefore(before));
        abandoned
                .values()
                .removeIf(rows -> rows.stream().allMatch(row -> row.endedAt != null && row.endedAt.isBefore(before)));
    }
}
