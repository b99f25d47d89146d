package releve.server.http;

import java.time.Duration;
import java.util.Optional;
import releve.core.common.Side;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.server.http.OperatorOrders.Answer;

/** Operators' commands: each goes to a side as a row in the store, and that side's node answers it there. */
final class Operations {
    /** How long a node may take to answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long LOOK_EVERY_MS = 100;

    private final OperatorOrders orders;

    Operations(OperatorOrders orders) {
        this.orders = orders;
    }

    /** What an operator may ask of a side. */
    enum Action {
        START("maintenance-start"),
        CANCEL("maintenance-cancel"),
        DRY_RUN("maintenance-dry-run");

        private final String command;

        Action(String command) {
            this.command = command;
        }

        String command() {
            return command;
        }

        static Action named(String name) {
            return switch (name) {
                case "start" -> START;
                case "cancel" -> CANCEL;
                case "dry-run" -> DRY_RUN;
                default -> throw Refused.badRequest("The field \"action\" must be start, cancel or dry-run.");
            };
        }
    }

    /** Sends the command and waits up to five seconds for the side's answer. */
    Answer maintenance(Side side, Action action, boolean force, String by) {
        try {
            long order = orders.request(side, action.command(), force, by);
            long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < giveUpAtNanos) {
                Optional<Answer> answer = orders.answer(order);
                if (answer.isPresent()) {
                    return answer.get();
                }
                Thread.sleep(LOOK_EVERY_MS);
            }
        } catch (StoreUnavailable e) {
            throw Refused.unavailable("The store does not answer, so no command can reach a side; try again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Answer(
                false,
                false,
                "Side %s did not answer within %d s; look at its status before you repeat the command."
                        .formatted(side, PATIENCE.toSeconds()));
    }

    void setRunning(String campaign, boolean running) {
        try {
            if (!orders.setRunning(campaign, running)) {
                throw new Refused(404, "There is no campaign of that name.");
            }
        } catch (StoreUnavailable e) {
            throw Refused.unavailable("The store does not answer; try again.");
        }
    }

    static boolean running(String action) {
        return switch (action) {
            case "start" -> true;
            case "stop" -> false;
            default -> throw new Refused(404, "There is no such command.");
        };
    }

    static Side side(String name) {
        return switch (name) {
            case "A", "a" -> Side.A;
            case "B", "b" -> Side.B;
            default -> throw Refused.badRequest("The side must be A or B.");
        };
    }
}
