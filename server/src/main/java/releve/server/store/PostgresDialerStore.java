package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.SelectionOrder;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.pair.Role;
import releve.core.store.Change;
import releve.core.store.DialerStore;

/** The dialer's store in PostgreSQL. All time is the database's; safe for use by several threads. */
public final class PostgresDialerStore implements DialerStore {
    private static final String CLAIM_PERSONAL = """
            with due as (
                select c.id from contact c
                where c.campaign = ? and c.status = 'S' and c.not_before <= statement_timestamp()
                  and not exists (select from unnest(c.phones) as number (phone)
                                  join attempt a on a.phone = number.phone and a.ended_at is null)
                order by c.not_before, c.id limit ?
                for update of c skip locked
            ), claimed as (
                update contact c
                set former_status = c.status, status = 'A',
                    claimed_pair = ?, claimed_epoch = ?, claimed_side = ?, claimed_instance = ?
                where c.id = any (array(select id from due))
                returning c.id, c.campaign, c.phones, c.attempts, c.former_status, c.not_before, c.callback_agent
            )
            select c.*, %s from claimed c order by c.not_before, c.id""".formatted(ClaimQuery.AGENT_OWED);

    private final Transactions transactions;
    private final AbandonmentCount abandonment = new AbandonmentCount();

    /** @param dataSource with limits as {@link StoreConnections#pool} sets them */
    public PostgresDialerStore(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    @Override
    public LeaseView lease(int pair) {
        return transactions.run(tx -> LeaseRow.read(tx, pair).view());
    }

    @Override
    public Optional<Takeover> acquire(NodeId node, Duration ttl) {
        return transactions.run(tx -> {
            // A look without a lock first: a standby that asks again and again must not disturb the holder.
            if (LeaseRow.read(tx, node.pair()).isHeldByAnother(node)) {
                return Optional.empty();
            }
            LeaseRow lease = LeaseRow.take(tx, node.pair());
            if (lease.isHeldByAnother(node)) {
                return Optional.empty();
            }
            int closed = 0;
            int returned = 0;
            if (lease.holder().isPresent()) {
                NodeId former = lease.holder().get();
                Settlement settlement = new Settlement(tx, former);
                returned = settlement.returnContacts();
                if (!former.equals(node)) {
                    closed = settlement.closeAttempts("dialer %s failed; %s took over".formatted(former, node));
                    settlement.freeAgents();
                }
            }
            LeaseRow.hold(tx, Role.DIALER, node, ttl, "takeover");
            SettlingRow.end(tx, node);
            tx.update("""
                    update contact set claimed_epoch = ?
                    where status = 'A' and claimed_pair = ? and claimed_side = ? and claimed_instance = ?""", lease.epoch() + 1, node.pair(), node.side(), node.instance());
            return Optional.of(new Takeover(lease.epoch() + 1, closed, returned));
        });
    }

    @Override
    public boolean renew(NodeId node, long epoch, Duration ttl) {
        return transactions.run(tx -> LeaseRow.renew(tx, Role.DIALER, node, epoch, ttl));
    }

    @Override
    public Optional<Long> handOver(NodeId from, long epoch, NodeId to, Duration ttl, Handover how) {
        return transactions.run(tx -> handOver(tx, from, epoch, to, ttl, how));
    }

    static Optional<Long> handOver(Tx tx, NodeId from, long epoch, NodeId to, Duration ttl, Handover how)
            throws SQLException {
        LeaseRow lease = LeaseRow.take(tx, from.pair());
        if (lease.isHeldBy(to, epoch + 1) && lease.takenBy().equals("handover")) {
            return Optional.of(epoch + 1); // this call was made before, and its answer was lost
        }
        if (!lease.isHeldBy(from, epoch)) {
            return Optional.empty();
        }
        LeaseRow.hold(tx, Role.DIALER, to, ttl, "handover");
        if (how == Handover.OVERLAP) {
            SettlingRow.grant(tx, from, epoch, ttl);
        }
        tx.update(
                """
                update contact c set claimed_epoch = ?, claimed_side = ?, claimed_instance = ?
                where status = 'A' and claimed_pair = ? and claimed_side = ? and claimed_instance = ?
                  and not (? and exists (select from offer o where o.contact = c.id and o.ended_at is null
                                         and o.pair = c.claimed_pair and o.side = c.claimed_side
                                         and o.instance = c.claimed_instance))""",
                epoch + 1,
                to.side(),
                to.instance(),
                from.pair(),
                from.side(),
                from.instance(),
                how == Handover.OVERLAP);
        return Optional.of(epoch + 1);
    }

    @Override
    public boolean renewSettling(NodeId node, long epoch, Duration ttl) {
        return transactions.run(tx -> SettlingRow.renew(tx, node, epoch, ttl));
    }

    @Override
    public Elsewhere elsewhere(NodeId node) {
        return transactions.run(tx -> tx.first(
                        """
                        select count(*) as calls,
                               count(*) filter (where connected_at is null and decided_result is null) as unsettled,
                               (select count(*) from offer o where o.ended_at is null and o.pair = ?
                                and (o.side, o.instance) is distinct from (?, ?)) as offers
                        from attempt where ended_at is null and pair = ? and (side, instance) is distinct from (?, ?)""",
                        row -> new Elsewhere(row.getInt("calls"), row.getInt("unsettled"), row.getInt("offers")),
                        node.pair(),
                        node.side(),
                        node.instance(),
                        node.pair(),
                        node.side(),
                        node.instance())
                .orElseThrow());
    }

    @Override
    public void release(NodeId node, long epoch) {
        transactions.run(tx -> {
            if (LeaseRow.take(tx, node.pair()).isHeldBy(node, epoch)) {
                new Settlement(tx, node).returnContacts();
                LeaseRow.giveUp(tx, Role.DIALER, node.pair());
            }
            return true;
        });
    }

    @Override
    public CommitResult commit(NodeId node, long epoch, List<Change> changes) {
        return changes.isEmpty()
                ? CommitResult.ALL_APPLIED
                : transactions.run(tx -> new Batch(tx, node, epoch).apply(changes));
    }

    @Override
    public Optional<List<Contact>> claim(NodeId node, long epoch, CampaignId campaign, int count) {
        return transactions.run(tx -> {
            if (!LeaseRow.share(tx, node.pair()).isHeldBy(node, epoch)) {
                return Optional.empty();
            }
            long id = campaign.value();
            Optional<SelectionOrder> order = tx.first(
                    "select selection_order from campaign where id = ?",
                    row -> new SelectionOrder(row.getString(1)),
                    id);
            String statement = ClaimQuery.in(order.orElse(SelectionOrder.DEFAULT));
            return Optional.of(DoNotCall.claim(
                    tx,
                    count,
                    wanted -> tx.list(
                            statement,
                            PostgresDialerStore::contact,
                            id,
                            wanted,
                            id,
                            wanted,
                            id,
                            wanted,
                            node.pair(),
                            epoch,
                            node.side(),
                            node.instance())));
        });
    }

    @Override
    public Optional<List<Contact>> claimPersonalCallbacks(NodeId node, long epoch, CampaignId campaign, int count) {
        return transactions.run(tx -> {
            if (!LeaseRow.share(tx, node.pair()).isHeldBy(node, epoch)) {
                return Optional.empty();
            }
            return Optional.of(DoNotCall.claim(
                    tx,
                    count,
                    wanted -> tx.list(
                            CLAIM_PERSONAL,
                            PostgresDialerStore::contact,
                            campaign.value(),
                            wanted,
                            node.pair(),
                            epoch,
                            node.side(),
                            node.instance())));
        });
    }

    @Override
    public List<Contact> held(NodeId node, long epoch) {
        return transactions.run(tx -> tx.list(
                """
                select c.id, c.campaign, c.phones, c.attempts, c.former_status, c.not_before, c.callback_agent, %s from contact c
                where c.status = 'A' and c.claimed_pair = ? and c.claimed_epoch = ?
                  and c.claimed_side = ? and c.claimed_instance = ?
                order by array_position('{S,B,R,P}', c.former_status), c.id""".formatted(ClaimQuery.AGENT_OWED),
                PostgresDialerStore::contact,
                node.pair(),
                epoch,
                node.side(),
                node.instance()));
    }

    @Override
    public List<Campaign> campaigns() {
        return transactions.run(CampaignRows::all);
    }

    @Override
    public Set<AgentId> leaving() {
        return transactions.run(
                tx -> Set.copyOf(tx.list("""
                select id from agent
                where pending_state is not null
                   or (state in ('NOT_READY', 'LOGGED_OUT') and state_since > clock_timestamp() - ? * interval '1 millisecond')""", row -> new AgentId(row.getString("id")), AWAY_REMEMBERED.toMillis())));
    }

    @Override
    public Map<AttemptId, OfferAnswer> answered(NodeId node) {
        return transactions.run(tx -> {
            Map<AttemptId, OfferAnswer> answered = new HashMap<>();
            tx.list(
                    """
                    select id, answer from offer
                    where pair = ? and side = ? and instance = ? and ended_at is null and answer is not null""",
                    row -> answered.put(new AttemptId(row.getLong("id")), OfferAnswer.valueOf(row.getString("answer"))),
                    node.pair(),
                    node.side(),
                    node.instance());
            return Map.copyOf(answered);
        });
    }

    @Override
    public List<Abandonment> abandonment() {
        return transactions.run(abandonment::count).known();
    }

    @Override
    public Map<ReservationId, Granted> granted(NodeId node) {
        return transactions.run(tx -> {
            Map<ReservationId, Granted> granted = new HashMap<>();
            tx.list(
                    """
                    select r.id, g.id as agent, g.phone_uri, g.skill_groups
                    from reservation_request r join agent g on g.reservation = r.id
                    where r.pair = ? and r.side = ? and r.instance = ? and g.state = 'RESERVED'""",
                    row -> granted.put(
                            new ReservationId(row.getLong("id")),
                            new Granted(
                                    new AgentId(row.getString("agent")),
                                    row.getString("phone_uri"),
                                    Set.copyOf(Tx.texts(row, "skill_groups")))),
                    node.pair(),
                    node.side(),
                    node.instance());
            return Map.copyOf(granted);
        });
    }

    private static Contact contact(ResultSet row) throws SQLException {
        ContactStatus former =
                ContactStatus.ofLetter(row.getString("former_status").charAt(0));
        return new Contact(
                new ContactId(row.getLong("id")),
                new CampaignId(row.getLong("campaign")),
                Tx.texts(row, "phones"),
                row.getInt("attempts"),
                former,
                former == ContactStatus.PERSONAL_CALLBACK
                        ? new Contact.Promise(new AgentId(row.getString("callback_agent")), Tx.time(row, "not_before"))
                        : null,
                row.getBoolean("agent_owed"));
    }
}
