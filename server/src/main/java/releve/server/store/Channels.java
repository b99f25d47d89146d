package releve.server.store;

/** The names under which the store wakes whoever listens. A wake-up may be lost: whoever needs it polls as well. */
public final class Channels {
    /** The routing gateways: requests, and agents who became ready. */
    public static final String ROUTING = "releve_routing";

    /** The agent gateways: an agent's state changed; the payload is the agent. */
    public static final String AGENTS = "releve_agents";

    /** Everybody: a campaign was made, started, stopped or changed; the payload is its number. */
    public static final String CAMPAIGNS = "releve_campaigns";

    private Channels() {}

    /**
     * Both sides of a pair; the payload is one of {@code lease} (taken, handed over or given up), {@code granted A/x} (an
     * agent for that node), {@code command A} (an operator's command for that side).
     */
    public static String pair(int pair) {
        return "releve_pair_" + pair;
    }
}
