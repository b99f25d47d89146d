package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.server.gateway.OfferCard;

/**
 * Offers of contacts as agents see and answer them. The answer is written once, by whoever comes first, the agent or the
 * dialer whose time-out has come; the dialer that offered acts on it.
 */
final class Offers {
    private final Tx tx;

    Offers(Tx tx) {
        this.tx = tx;
    }

    /** What is offered, or was and is accepted; empty when there is no such offer, or it came to nothing. */
    Optional<OfferCard> card(AttemptId offer) throws SQLException {
        return tx.first("""
                select o.kind, k.name as campaign, c.name as contact, o.phone, c.phones, c.attempts
                from offer o join campaign k on k.id = o.campaign join contact c on c.id = o.contact
                where o.id = ? and (o.ended_at is null or o.answer = 'ACCEPT')""", Offers::read, offer.value());
    }

    /** Whether the offer waits for its answer; it goes on doing so until this transaction ends. */
    boolean isOpen(AttemptId offer) throws SQLException {
        return tx.first(
                        "select 1 from offer where id = ? and answer is null and ended_at is null for update",
                        row -> row.getInt(1),
                        offer.value())
                .isPresent();
    }

    /** Keeps the agent's answer to an offer that is open, and tells the dialer that offered. */
    void answer(AgentId agent, AttemptId offer, OfferAnswer answer) throws SQLException {
        Optional<Integer> pair = tx.first("""
                update offer set answer = ?, answered_at = clock_timestamp() where id = ? and agent = ?
                returning pair""", row -> row.getInt(1), answer, offer.value(), agent.value());
        if (pair.isPresent()) {
            tx.notify(Channels.pair(pair.get()), "answered");
        }
    }

    /** Whether this is what the agent has answered: a request that is repeated. */
    boolean answeredSo(AgentId agent, AttemptId offer, OfferAnswer answer) throws SQLException {
        return tx.first(
                        "select 1 from offer where id = ? and agent = ? and answer = ?",
                        row -> row.getInt(1),
                        offer.value(),
                        agent.value(),
                        answer)
                .isPresent();
    }

    private static OfferCard read(ResultSet row) throws SQLException {
        return new OfferCard(
                OfferKind.valueOf(row.getString("kind")),
                row.getString("campaign"),
                row.getString("contact"),
                row.getString("phone"),
                Tx.texts(row, "phones"),
                row.getInt("attempts"));
    }
}
