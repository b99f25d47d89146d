package releve.core.pair;

/** The other side, as its heartbeat shows it. */
public sealed interface Peer {

    /**
     * It can take the role now.
     *
     * @param instance empty for a gateway of a former version, which serves without holding the role
     */
    record Healthy(String instance) implements Peer {
        /** Whether the role can be handed to it. */
        public boolean takesRole() {
            return !instance.isEmpty();
        }
    }

    /**
     * It cannot.
     *
     * @param reason a clause for people, such as {@code "side B is in maintenance itself"}
     */
    record Unfit(String reason) implements Peer {}
}
