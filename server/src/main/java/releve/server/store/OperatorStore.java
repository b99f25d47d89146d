package releve.server.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import releve.core.common.Side;
import releve.core.pair.Handover;
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

    /** What an operator can ask of a dialer. */
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

    /** An order as a node takes it. */
    public record Command(long id, Order order, String requestedBy) {}

    /**
     * A node's answer.
     *
     * @param text a sentence; for a dry run the plan as JSON
     */
    public record Answer(boolean accepted, String text) {}

    /** Enters a command for a side, and wakes it. @return its number, to look for the answer with */
    public long ask(int pair, Side side, Order order, String requestedBy) {
        return transactions.run(tx -> {
            long id = tx.first(
                            """
                            insert into operator_command (pair, side, command, arguments, requested_by)
                            values (?, ?, ?, jsonb_build_object('force', ?::boolean, 'handover', ?::text), ?) returning id""",
                            row -> row.getLong(1),
                            pair,
                            side.name(),
                            order.verb().name(),
                            order.force(),
                            order.handover().name(),
                            requestedBy)
                    .orElseThrow();
            tx.notify(Channels.pair(pair), "command " + side);
            return id;
        });
    }

    /** Takes the commands that wait for this node's side, each once; those older than the limit are answered with a refusal. */
    public List<Command> take(NodeId node, Duration oldest) {
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
                                 where pair = ? and side = ? and answered_at is null and taken_at is null
                                 order by id limit 100 for update skip locked)
                    returning id, command, coalesce((arguments ->> 'force')::boolean, false) as force,
                              coalesce(arguments ->> 'handover', 'SEQUENTIAL') as handover, requested_by""",
                    row -> new Command(
                            row.getLong("id"),
                            new Order(
                                    Verb.valueOf(row.getString("command")),
                                    row.getBoolean("force"),
                                    Handover.valueOf(row.getString("handover"))),
                            row.getString("requested_by")),
                    node.instance(),
                    node.pair(),
                    node.side().name());
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

    /** Asks, and waits for the answer; empty when none came within the limit. */
    public Optional<Answer> askAndWait(int pair, Side side, Order order, String requestedBy, Duration limit)
            throws InterruptedException {
        long command = ask(pair, side, order, requestedBy);
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
