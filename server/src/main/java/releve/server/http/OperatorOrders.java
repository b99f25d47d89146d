package releve.server.http;

import java.util.Optional;
import releve.core.common.Side;

/** What operators' commands ask of the store. Every call may throw {@code StoreUnavailable}. */
public interface OperatorOrders {

    /**
     * What came of a command.
     *
     * @param answered whether the side answered in time; when not, it may still carry the command out
     * @param sentence the side's answer; a dry run's has one fact to a line
     */
    record Answer(boolean answered, boolean accepted, String sentence) {}

    /**
     * Puts a command before a side.
     *
     * @param command maintenance-start, maintenance-cancel or maintenance-dry-run
     * @return the order's number
     */
    long request(Side side, String command, boolean force, String by);

    /** The side's answer, once there is one. */
    Optional<Answer> answer(long order);

    /** Starts or stops a campaign; false when there is none of that name. */
    boolean setRunning(String campaign, boolean running);
}
