package releve.server.node;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.server.http.HttpSettings;

/**
 * What a process needs for everything but dialing.
 *
 * @param pair 1 to 1000
 * @param roles what the process runs
 * @param http where API, console and desktops connect
 * @param gatewayLimit how long desktops may take to move to the other side in maintenance
 * @param lease TTL of the roles' leases
 * @param agentKey what agents' desktops show at login; without it nobody logs in
 */
public record GatewayConfig(
        int pair,
        Side side,
        Set<Role> roles,
        HttpSettings http,
        Duration gatewayLimit,
        Duration lease,
        Optional<String> agentKey) {
    public GatewayConfig {
        roles = Set.copyOf(roles);
    }
}
