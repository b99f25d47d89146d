package releve.core.memory;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AttemptId;
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

    Optional<Row> find(AttemptId offer) {
        return Optional.ofNullable(rows.get(offer));
    }

    void add(ContactOffered offered, NodeId node) {
        rows.putIfAbsent(offered.offer(), new Row(offered, node));
    }

    /** Answers that this node has not acted on. */
    Map<AttemptId, OfferAnswer> answered(NodeId node) {
        Map<AttemptId, OfferAnswer> answered = new LinkedHashMap<>();
        rows.forEach((id, row) -> {
            if (row.node.equals(node) && !row.over && row.answer != null) {
                answered.put(id, row.answer);
            }
        });
        return answered;
    }

    void withdrawAll(NodeId node) {
        rows.values().stream().filter(row -> row.node.equals(node) && !row.over).forEach(row -> {
            row.answer = OfferAnswer.WITHDRAWN;
            row.over = true;
        });
    }
}
