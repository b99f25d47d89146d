package releve.server.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;

/**
 * Operators' commands to the nodes, and the nodes' answers: rows, so that it does not matter through which side, or by which
 * tool, a command is given.
 */
public final class OperatorStore {
    private final Transactions transactions;

    public OperatorStore(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    /** What an operator can ask of a side, or of one of its roles. */
    public enum Verb {
        MAINTENANCE_START,
        /** Ends as soon as the two sides' roles allow; before the handover and after it. */
        MAINTENANCE_CANCEL,
        MAINTENANCE_DRY_RUN
    }

    /**
     * What is asked.
     *
     * @param force even though nobody could take over
     * @param handover when the right to dial is passed on
     */
    public record Order(Verb verb, boolean force, Handover handover) {
        /** Without force, and with a sequential handover. */
        public static Order to(Verb verb) {
            return new Order(verb, false, Handover.SEQUENTIAL);
        }
    }

    /**
     * An order as a process takes it.
     *
     * @param role whom it is for; empty for all roles that the process runs
     */
    public record Command(long id, Order order, String requestedBy, Optional<Role> role) {}

    /**
     * A node's answer.
     *
     * @param text a sentence; for a dry run the plan as JSON
     */
    public record Answer(boolean accepted, String text) {}

    /**
     * Enters a command for the process of a side's dialer with all that it runs, and wakes it.
     *
     * @return its number, to look for the answer with
     */
    public long ask(int pair, Side side, Order order, String requestedBy) {
        return ask(pair, side, Role.DIALER, false, order, requestedBy);
    }

    /** The same for one role of the side only. */
    public long ask(int pair, Side side, Role role, Order order, String requestedBy) {
        return ask(pair, side, role, true, order, requestedBy);
    }

    /** @param only whether the role alone is meant; a former version, which knows of no roles, never says so */
    private long ask(int pair, Side side, Role role, boolean only, Order order, String requestedBy) {
        return transactions.run(tx -> {
            long id = tx.first(
                            """
                            insert into operator_command (pair, side, role, command, arguments, requested_by)
                            values (?, ?, ?, ?, jsonb_build_object('force', ?::boolean, 'handover', ?::text, 'only', ?::boolean), ?)
                            returning id""",
                            row -> row.getLong(1),
                            pair,
                            side.name(),
                            role.written(),
                            order.verb().name(),
                            order.force(),
                            order.handover().name(),
                            only,
                            requestedBy)
                    .orElseThrow();
            tx.notify(Channels.pair(pair), "command " + side);
            return id;
        });
    }

    /**
     * Takes the commands that wait for these roles of this node's side, each once; those older than the limit are answered with a
     * refusal.
     */
    public List<Command> take(NodeId node, Set<Role> roles, Duration oldest) {
        Tx.Column mine = Tx.Column.of("text", List.copyOf(roles), Role::written);
        return transactions.run(tx -> {
            tx.update("""
                    update operator_command set answered_at = clock_timestamp(), accepted = false,
                        answer = 'the side did not take the command in time: ask again'
                    where pair = ? and side = ? and answered_at is null and taken_at is null
                      and requested_at < clock_timestamp() - make_interval(secs => ?)""", node.pair(), node.side().name(), oldest.toMillis() / 1000.0);
            return tx.list(
                    """
                    update operator_command set taken_by = ?, taken_at = clock_timestamp()
                    where id in (select id from operator_command
                                 where pair = ? and side = ? and role = any (?) and answered_at is null
                                   and taken_at is null
                                 order by id limit 100 for update skip locked)
                    returning id, command, coalesce((arguments ->> 'force')::boolean, false) as force,
                              coalesce(arguments ->> 'handover', 'SEQUENTIAL') as handover, requested_by, role,
                              coalesce((arguments ->> 'only')::boolean, false) as only_role""",
                    row -> new Command(
                            row.getLong("id"),
                            new Order(
                                    Verb.valueOf(row.getString("command")),
                                    row.getBoolean("force"),
                                    Handover.valueOf(row.getString("handover"))),
                            row.getString("requested_by"),
                            row.getBoolean("only_role") ? Role.of(row.getString("role")) : Optional.empty()),
                    node.instance(),
                    node.pair(),
                    node.side().name(),
                    mine);
        });
    }

    public void answer(long command, boolean accepted, String text) {
        transactions.run(tx -> tx.update("""
                update operator_command set answered_at = clock_timestamp(), accepted = ?, answer = ?
                where id = ? and answered_at is null""", accepted, text, command));
    }

    /** The answer to a command, once there is one. */
    public Optional<Answer> answerTo(long command) {
        return transactions.run(tx -> tx.first(
                "select accepted, answer from operator_command where id = ? and answered_at is not null",
                row -> new Answer(row.getBoolean("accepted"), row.getString("answer")),
                command));
    }

    /** Asks the process of a side's dialer, and waits for the answer; empty when none came within the limit. */
    public Optional<Answer> askAndWait(int pair, Side side, Order order, String requestedBy, Duration limit)
            throws InterruptedException {
        return await(ask(pair, side, order, requestedBy), limit);
    }

    /** The same for one role of the side only. */
    public Optional<Answer> askAndWait(int pair, Side side, Role role, Order order, String requestedBy, Duration limit)
            throws InterruptedException {
        return await(ask(pair, side, role, order, requestedBy), limit);
    }

    private Optional<Answer> await(long command, Duration limit) throws InterruptedException {
        long giveUpNs = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < giveUpNs) {
            Optional<Answer> answer = answerTo(command);
            if (answer.isPresent()) {
                return answer;
            }
            Thread.sleep(Duration.ofMillis(50));
        }
        return Optional.empty();
    }
}
