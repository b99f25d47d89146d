package releve.core.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.store.DialerStore.NodeId;

/** The contacts of all lists, and who holds which. */
final class Contacts {
    /** A contact. */
    static final class Row {
        final ContactId id;
        final CampaignId campaign;
        final List<String> phones;
        ContactStatus status = ContactStatus.PENDING;
        ContactStatus former = ContactStatus.PENDING;
        int attempts;

        @Nullable
        Instant notBefore;

        @Nullable
        CallResult lastResult;

        @Nullable
        AttemptId lastAttempt;

        @Nullable
        AgentId callbackAgent;

        @Nullable
        NodeId claimedBy;

        long claimedUnder;

        Row(ContactId id, CampaignId campaign, List<String> phones) {
            this.id = id;
            this.campaign = campaign;
            this.phones = List.copyOf(phones);
        }

        boolean isHeldBy(NodeId node) {
            return status == ContactStatus.ACTIVE && node.equals(claimedBy);
        }

        boolean isHeldBy(NodeId node, long epoch) {
            return isHeldBy(node) && claimedUnder == epoch;
        }

        void become(ContactStatus next) {
            status = next;
            claimedBy = null;
            claimedUnder = 0;
        }

        private void closeAsDoNotCall() {
            lastResult = CallResult.DO_NOT_CALL;
            notBefore = null;
            callbackAgent = null;
            become(ContactStatus.CLOSED);
        }

        private boolean isDue(Instant now) {
            return notBefore != null && !notBefore.isAfter(now);
        }
    }

    private static final Comparator<Row> LONGEST_DUE = Comparator.comparing(
                    (Row row) -> row.notBefore == null ? Instant.MIN : row.notBefore)
            .thenComparing(row -> row.id.value());

    private final Map<ContactId, Row> rows = new LinkedHashMap<>();
    private final Predicate<Row> idle;
    private final Predicate<Row> agentOwed;
    private final Predicate<Row> listed;

    /**
     * @param idle whether no phone of the contact has a live attempt
     * @param agentOwed whether he was abandoned so lately that only a kept agent may call
     * @param listed whether one of his phones is on the do-not-call list
     */
    Contacts(Predicate<Row> idle, Predicate<Row> agentOwed, Predicate<Row> listed) {
        this.listed = listed;
        this.idle = idle;
        this.agentOwed = agentOwed;
    }

    Row add(CampaignId campaign, List<String> phones) {
        Row row = new Row(new ContactId(rows.size() + 1L), campaign, phones);
        rows.put(row.id, row);
        return row;
    }

    Row get(ContactId id) {
        return Objects.requireNonNull(rows.get(id), () -> "there is no contact " + id);
    }

    Optional<Row> find(ContactId id) {
        return Optional.ofNullable(rows.get(id));
    }

    List<Row> all() {
        return List.copyOf(rows.values());
    }

    /** Callbacks, retries and pending contacts in the order given, each kind with what the kinds before have left; who is not to be called is closed. */
    List<Contact> claim(
            NodeId node, long epoch, CampaignId campaign, List<ContactStatus> kinds, int count, Instant now) {
        rows.values().stream()
                .filter(row -> row.campaign.equals(campaign) && kinds.contains(row.status) && listed.test(row))
                .filter(row -> row.status == ContactStatus.PENDING || row.isDue(now))
                .forEach(Row::closeAsDoNotCall);
        List<Row> claimed = new ArrayList<>();
        for (ContactStatus kind : kinds) {
            rows.values().stream()
                    .filter(row -> row.status == kind && row.campaign.equals(campaign))
                    .filter(row -> kind == ContactStatus.PENDING || row.isDue(now))
                    .filter(idle)
                    .sorted(
                            kind == ContactStatus.PENDING
                                    ? Comparator.comparing((Row row) -> row.id.value())
                                    : LONGEST_DUE)
                    .limit(count - claimed.size())
                    .forEach(claimed::add);
        }
        return claimed.stream().map(row -> hold(row, node, epoch)).toList();
    }

    /** Promises first, then callbacks, retries and pending contacts. */
    List<Contact> held(NodeId node, long epoch) {
        return rows.values().stream()
                .filter(row -> row.isHeldBy(node, epoch))
                .sorted(Comparator.comparing((Row row) -> "SBRP".indexOf(row.former.letter()))
                        .thenComparing(row -> row.id.value()))
                .map(this::view)
                .toList();
    }

    /** Adds whoever holds a contact. */
    void addOwners(Set<NodeId> owners) {
        rows.values().forEach(row -> {
            if (row.claimedBy != null) {
                owners.add(row.claimedBy);
            }
        });
    }

    /** What a node holds becomes another's, but for those that stay. */
    void handOver(NodeId from, NodeId to, long epoch, Set<ContactId> but) {
        rows.values().stream()
                .filter(row -> row.isHeldBy(from) && !but.contains(row.id))
                .forEach(row -> {
                    row.claimedBy = to;
                    row.claimedUnder = epoch;
                });
    }

    /** What a node holds it holds under a new epoch. */
    void restamp(NodeId node, long epoch) {
        handOver(node, node, epoch, Set.of());
    }

    /** What this node holds goes back. @return how many contacts that were */
    int returnAll(NodeId node) {
        List<Row> held =
                rows.values().stream().filter(row -> row.isHeldBy(node)).toList();
        held.forEach(row -> row.become(row.former));
        return held.size();
    }

    void giveBack(ContactId id, NodeId node, ContactStatus former) {
        Row row = get(id);
        if (row.isHeldBy(node)) {
            row.become(former);
        }
    }

    /** A contact that was held, and not dialed, moves on. */
    void move(ContactId id, NodeId node, CallResult result, ContactOutcome outcome) {
        Row row = get(id);
        if (row.isHeldBy(node)) {
            row.notBefore = waits(outcome.status()) ? outcome.notBefore() : null;
            row.lastResult = result;
            if (outcome.status() != ContactStatus.PERSONAL_CALLBACK) {
                row.callbackAgent = null;
            }
            row.become(outcome.status());
        }
    }

    /** The attempt that a contact was dialed by has ended. */
    void ended(ContactId id, AttemptId attempt, CallResult result, ContactOutcome outcome, Instant at) {
        Row row = get(id);
        if (row.status == ContactStatus.DIALED && attempt.equals(row.lastAttempt)) {
            row.attempts += outcome.attemptCounts() ? 1 : 0;
            row.lastResult = result;
            row.notBefore = !waits(outcome.status()) ? null : outcome.notBefore() == null ? at : outcome.notBefore();
            row.become(outcome.status());
        }
    }

    private static boolean waits(ContactStatus status) {
        return status == ContactStatus.RETRY
                || status == ContactStatus.CALLBACK
                || status == ContactStatus.PERSONAL_CALLBACK;
    }

    private Contact hold(Row row, NodeId node, long epoch) {
        row.former = row.status;
        row.status = ContactStatus.ACTIVE;
        row.claimedBy = node;
        row.claimedUnder = epoch;
        return view(row);
    }

    private Contact view(Row row) {
        return new Contact(
                row.id,
                row.campaign,
                row.phones,
                row.attempts,
                row.former,
                row.former == ContactStatus.PERSONAL_CALLBACK
                        ? new Contact.Promise(
                                Objects.requireNonNull(row.callbackAgent), Objects.requireNonNull(row.notBefore))
                        : null,
                agentOwed.test(row));
    }
}
