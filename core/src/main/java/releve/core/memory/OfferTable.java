package releve.core.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AttemptId;
import releve.core.common.ContactId;
import releve.core.store.Change.ContactOffered;
import releve.core.store.DialerStore.NodeId;

/** Contacts that were offered to agents, and the first answer to each. */
final class OfferTable {
    /** An offer. */
    static final class Row {
        final ContactOffered offered;
        final NodeId node;

        @Nullable
        OfferAnswer answer;

        boolean over;

        Row(ContactOffered offered, NodeId node) {
            this.offered = offered;
            this.node = node;
        }

        boolean isOpen() {
            return answer == null && !over;
        }
    }

    private final Map<AttemptId, Row> rows = new LinkedHashMap<>();
    /** Those that are not over: one of a contact. */
    private final Map<ContactId, Row> open = new LinkedHashMap<>();

    Optional<Row> find(AttemptId offer) {
        return Optional.ofNullable(rows.get(offer));
    }

    /** Nothing when it was made before, or another offer of the contact is not over. @return whether it is made */
    boolean add(ContactOffered offered, NodeId node) {
        if (rows.containsKey(offered.offer()) || open.containsKey(offered.contact())) {
            return false;
        }
        Row row = new Row(offered, node);
        rows.put(offered.offer(), row);
        open.put(offered.contact(), row);
        return true;
    }

    void end(Row row, OfferAnswer answer) {
        row.answer = answer;
        row.over = true;
        open.remove(row.offered.contact());
    }

    /** Answers that this node has not acted on. */
    Map<AttemptId, OfferAnswer> answered(NodeId node) {
        Map<AttemptId, OfferAnswer> answered = new LinkedHashMap<>();
        for (Row row : open.values()) {
            if (row.node.equals(node) && row.answer != null) {
                answered.put(row.offered.offer(), row.answer);
            }
        }
        return answered;
    }

    /** Contacts that agents of this node see, or have accepted. */
    Set<ContactId> contactsOf(NodeId node) {
        return open.values().stream()
                .filter(row -> row.node.equals(node))
                .map(row -> row.offered.contact())
                .collect(Collectors.toSet());
    }

    /** How many offers of the pair's other processes are not over. */
    int openOfOthers(NodeId node) {
        return (int) open.values().stream()
                .filter(row -> row.node.pair() == node.pair() && !row.node.equals(node))
                .count();
    }

    void withdrawAll(NodeId node) {
        for (Row row : List.copyOf(open.values())) {
            if (row.node.equals(node)) {
                end(row, OfferAnswer.WITHDRAWN);
            }
        }
    }
}
