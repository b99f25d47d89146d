package releve.core.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

        private boolean isDue(Instant now) {
            return status == ContactStatus.PENDING || (notBefore != null && !notBefore.isAfter(now));
        }

        private Place place() {
            return new Place(campaign, status);
        }
    }

    /** Where contacts wait for being claimed. */
    private record Place(CampaignId campaign, ContactStatus status) {}

    private static final Set<ContactStatus> CLAIMABLE = EnumSet.of(
            ContactStatus.PENDING, ContactStatus.RETRY, ContactStatus.CALLBACK, ContactStatus.PERSONAL_CALLBACK);

    private static final Set<ContactStatus> OVER =
            EnumSet.of(ContactStatus.CLOSED, ContactStatus.MAXIMUM_ATTEMPTS, ContactStatus.UNKNOWN);

    /** Those that are due at no time come last, in the order of their list; so do pending ones among themselves. */
    private static final Comparator<Row> LONGEST_DUE = Comparator.comparing(
                    (Row row) -> row.notBefore == null ? Instant.MAX : row.notBefore)
            .thenComparing(row -> row.id.value());

    private final Map<ContactId, Row> rows = new LinkedHashMap<>();
    /** Those who wait: a row's place and time change only while it is not in here. */
    private final Map<Place, NavigableSet<Row>> waiting = new HashMap<>();

    /** By who claimed them; some of them are dialed by now. */
    private final Map<NodeId, Set<Row>> claimed = new LinkedHashMap<>();

    private long added;
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
        Row row = new Row(new ContactId(++added), campaign, phones);
        rows.put(row.id, row);
        waits(row);
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

    /** Moves a row; whoever held it holds it no more. @param notBefore null when it is due at no time */
    void become(Row row, ContactStatus next, @Nullable Instant notBefore) {
        waitsNoMore(row);
        if (row.claimedBy != null) {
            claimedBy(row.claimedBy).remove(row);
        }
        row.claimedBy = null;
        row.claimedUnder = 0;
        row.status = next;
        row.notBefore = notBefore;
        waits(row);
    }

    private void waits(Row row) {
        if (CLAIMABLE.contains(row.status)) {
            waitingAt(row.place()).add(row);
        }
    }

    private NavigableSet<Row> waitingAt(Place place) {
        return waiting.computeIfAbsent(place, unused -> new TreeSet<>(LONGEST_DUE));
    }

    private void waitsNoMore(Row row) {
        if (CLAIMABLE.contains(row.status)) {
            waitingAt(row.place()).remove(row);
        }
    }

    private void closeAsDoNotCall(Row row) {
        row.lastResult = CallResult.DO_NOT_CALL;
        row.callbackAgent = null;
        become(row, ContactStatus.CLOSED, null);
    }

    /** Callbacks, retries and pending contacts in the order given, each kind with what the kinds before have left; who is not to be called is closed. */
    List<Contact> claim(
            NodeId node, long epoch, CampaignId campaign, List<ContactStatus> kinds, int count, Instant now) {
        List<Row> found = new ArrayList<>();
        List<Row> notToBeCalled = new ArrayList<>();
        for (ContactStatus kind : kinds) {
            for (Row row : waitingAt(new Place(campaign, kind))) {
                if (found.size() == count || !row.isDue(now)) {
                    break;
                }
                if (listed.test(row)) {
                    notToBeCalled.add(row);
                } else if (idle.test(row)) {
                    found.add(row);
                }
            }
        }
        notToBeCalled.forEach(this::closeAsDoNotCall);
        return found.stream().map(row -> hold(row, node, epoch)).toList();
    }

    /** Promises first, then callbacks, retries and pending contacts. */
    List<Contact> held(NodeId node, long epoch) {
        return claimedBy(node).stream()
                .filter(row -> row.isHeldBy(node, epoch))
                .sorted(Comparator.comparing((Row row) -> "SBRP".indexOf(row.former.letter()))
                        .thenComparing(row -> row.id.value()))
                .map(this::view)
                .toList();
    }

    /** Adds whoever holds a contact. */
    void addOwners(Set<NodeId> owners) {
        claimed.forEach((node, held) -> {
            if (!held.isEmpty()) {
                owners.add(node);
            }
        });
    }

    /** What a node holds becomes another's, but for those that stay. */
    void handOver(NodeId from, NodeId to, long epoch, Set<ContactId> but) {
        for (Row row : held(from)) {
            if (!but.contains(row.id)) {
                claimedBy(from).remove(row);
                claims(row, to, epoch);
            }
        }
    }

    /** What a node holds it holds under a new epoch. */
    void restamp(NodeId node, long epoch) {
        handOver(node, node, epoch, Set.of());
    }

    /** What this node holds goes back. @return how many contacts that were */
    int returnAll(NodeId node) {
        List<Row> held = held(node);
        held.forEach(row -> become(row, row.former, row.notBefore));
        return held.size();
    }

    private List<Row> held(NodeId node) {
        return claimedBy(node).stream().filter(row -> row.isHeldBy(node)).toList();
    }

    void giveBack(ContactId id, NodeId node, ContactStatus former) {
        Row row = get(id);
        if (row.isHeldBy(node)) {
            become(row, former, row.notBefore);
        }
    }

    /** A contact that was held, and not dialed, moves on. */
    void move(ContactId id, NodeId node, CallResult result, ContactOutcome outcome) {
        Row row = get(id);
        if (row.isHeldBy(node)) {
            row.lastResult = result;
            if (outcome.status() != ContactStatus.PERSONAL_CALLBACK) {
                row.callbackAgent = null;
            }
            become(row, outcome.status(), waitsUntil(outcome.status()) ? outcome.notBefore() : null);
        }
    }

    /** The attempt that a contact was dialed by has ended. */
    void ended(ContactId id, AttemptId attempt, CallResult result, ContactOutcome outcome, Instant at) {
        Row row = get(id);
        if (row.status == ContactStatus.DIALED && attempt.equals(row.lastAttempt)) {
            row.attempts += outcome.attemptCounts() ? 1 : 0;
            row.lastResult = result;
            become(
                    row,
                    outcome.status(),
                    !waitsUntil(outcome.status()) ? null : outcome.notBefore() == null ? at : outcome.notBefore());
        }
    }

    /** An attempt of a contact that is held starts; its claim is kept in mind until the attempt ends. */
    void dialed(Row row, AttemptId attempt) {
        row.status = ContactStatus.DIALED;
        row.lastAttempt = attempt;
    }

    private static boolean waitsUntil(ContactStatus status) {
        return status == ContactStatus.RETRY
                || status == ContactStatus.CALLBACK
                || status == ContactStatus.PERSONAL_CALLBACK;
    }

    private Contact hold(Row row, NodeId node, long epoch) {
        row.former = row.status;
        become(row, ContactStatus.ACTIVE, row.notBefore);
        claims(row, node, epoch);
        return view(row);
    }

    private void claims(Row row, NodeId node, long epoch) {
        row.claimedBy = node;
        row.claimedUnder = epoch;
        claimedBy(node).add(row);
    }

    private Set<Row> claimedBy(NodeId node) {
        return claimed.computeIfAbsent(node, unused -> new LinkedHashSet<>());
    }

    /** Drops those of the contacts that are over for good. */
    void forget(Predicate<Row> which) {
        rows.values().removeIf(row -> OVER.contains(row.status) && which.test(row));
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
