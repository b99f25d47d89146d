package releve.server.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import releve.core.common.AttemptId;
import releve.core.store.Change;
import releve.core.store.Change.AgentDialing;
import releve.core.store.Change.AgentUnreachable;
import releve.core.store.Change.AgentWrapUp;
import releve.core.store.Change.AttemptAnswered;
import releve.core.store.Change.AttemptConnected;
import releve.core.store.Change.AttemptDecided;
import releve.core.store.Change.AttemptEnded;
import releve.core.store.Change.AttemptRang;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.Change.CallbackMissed;
import releve.core.store.Change.ContactOffered;
import releve.core.store.Change.ContactReturned;
import releve.core.store.Change.OfferClosing;
import releve.core.store.Change.OfferEnded;
import releve.core.store.Change.ReservationRequested;
import releve.core.store.Change.ReservationWithdrawn;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.Tx.Column;
import releve.server.store.Waves.Kind;

/** One group commit of a dialer. */
final class Batch {
    private final Tx tx;
    private final NodeId node;
    private final AttemptWriter attempts;
    private final AgentWriter agents;
    private final OfferWriter offers;
    private final long epoch;
    private final Map<AttemptId, String> refused = new HashMap<>();

    Batch(Tx tx, NodeId node, long epoch) {
        this.tx = tx;
        this.node = node;
        this.epoch = epoch;
        this.attempts = new AttemptWriter(tx, node, epoch);
        this.agents = new AgentWriter(tx);
        this.offers = new OfferWriter(tx, node, epoch);
    }

    /** Applies the changes; those that use a right to dial which is over are left out, and said to be. */
    CommitResult apply(List<Change> changes) throws SQLException {
        boolean epochOver = false;
        List<Change> applied = changes;
        if (changes.stream().anyMatch(Change.UsesRightToDial.class::isInstance)) {
            LeaseRow lease = LeaseRow.share(tx, node.pair());
            if (!lease.isHeldBy(node, epoch)) {
                applied = withoutRight(changes, lease, SettlingRow.share(tx, node, epoch));
                epochOver = applied.size() < changes.size();
            }
        }
        for (Map<Kind, List<Change>> wave : Waves.of(applied)) {
            for (Map.Entry<Kind, List<Change>> kind : wave.entrySet()) {
                write(kind.getKey(), kind.getValue());
            }
        }
        return new CommitResult(epochOver, Map.copyOf(refused));
    }

    /** A side that settles still starts attempts, with the contacts that it had offered and holds. */
    private List<Change> withoutRight(List<Change> changes, LeaseRow lease, boolean settles) {
        List<Change> own = new ArrayList<>();
        for (Change change : changes) {
            switch (change) {
                case AttemptStarted started when settles -> own.add(started);
                case AttemptStarted started ->
                    refused.put(
                            started.attempt(),
                            "attempt %s not started: epoch %d is over, %s"
                                    .formatted(started.attempt(), epoch, lease.inWords()));
                case Change.UsesRightToDial left -> {}
                default -> own.add(change);
            }
        }
        return own;
    }

    private void write(Kind kind, List<Change> changes) throws SQLException {
        switch (kind) {
            case ENDED -> attempts.end(all(changes, AttemptEnded.class));
            case OFFER_ENDED -> offers.end(all(changes, OfferEnded.class));
            case MISSED -> offers.missed(all(changes, CallbackMissed.class));
            case OFFER_CLOSING -> offers.close(all(changes, OfferClosing.class));
            case OFFERED -> offers.offer(all(changes, ContactOffered.class));
            case AGENT_DIALING -> agents.dial(all(changes, AgentDialing.class));
            case RETURNED -> attempts.giveBack(all(changes, ContactReturned.class));
            case STARTED -> refused.putAll(attempts.start(all(changes, AttemptStarted.class)));
            case RANG -> {
                List<AttemptRang> rang = all(changes, AttemptRang.class);
                attempts.happened(
                        "rang_at",
                        Column.of("bigint", rang, change -> change.attempt().value()),
                        Column.of("timestamptz", rang, AttemptRang::at));
            }
            case ANSWERED -> {
                List<AttemptAnswered> answered = all(changes, AttemptAnswered.class);
                attempts.happened(
                        "answered_at",
                        Column.of("bigint", answered, change -> change.attempt().value()),
                        Column.of("timestamptz", answered, AttemptAnswered::at));
            }
            case CONNECTED -> {
                List<AttemptConnected> connected = all(changes, AttemptConnected.class);
                agents.talk(connected);
                agents.talkAfterAll(node, epoch, connected);
                attempts.connect(connected);
            }
            case DECIDED -> attempts.decide(all(changes, AttemptDecided.class));
            case REQUESTED -> agents.request(node, epoch, all(changes, ReservationRequested.class));
            case WRAP_UP -> agents.wrapUp(all(changes, AgentWrapUp.class));
            case UNREACHABLE -> agents.unreachable(all(changes, AgentUnreachable.class));
            case WITHDRAWN -> agents.withdraw(all(changes, ReservationWithdrawn.class));
        }
    }

    private static <C extends Change> List<C> all(List<Change> changes, Class<C> kind) {
        return changes.stream().map(kind::cast).toList();
    }
}
