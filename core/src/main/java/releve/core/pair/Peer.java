package releve.core.pair;

/** The other side, as its heartbeat shows it. */
public sealed interface Peer {

    /** It can take the role now. */
    record Healthy(String instance) implements Peer {}

    /**
     * It cannot.
     *
     * @param reason a clause for people, such as {@code "side B is in maintenance itself"}
     */
    record Unfit(String reason) implements Peer {}
}
