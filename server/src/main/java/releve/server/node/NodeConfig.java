package releve.server.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.server.http.HttpSettings;
import releve.server.trunk.TrunkPlan;

/**
 * What one side's process is started with.
 *
 * @param pair 1 to 1000
 * @param sip where the dialer's SIP user agent listens
 * @param trunks where calls to customers go
 * @param agentPhones where agents' phones and the IVR may be, besides the trunks; calls from anywhere else are dropped
 * @param http where API and console listen, by which names, and what opens operators' commands from beyond loopback
 * @param ports calls under way at once
 * @param callsPerSecond new calls a second
 * @param monitoringLimit how long connected calls are followed in maintenance
 * @param gatewayLimit how long desktops may take to move to the other side in maintenance
 * @param lease TTL of the right to dial and of the gateways' roles
 * @param prompts the directory of recordings for customers
 * @param agentKey what agents' desktops show at login; without it nobody logs in
 * @param roles what the process runs, the dialer's among them
 */
public record NodeConfig(
        int pair,
        Side side,
        InetSocketAddress sip,
        TrunkPlan trunks,
        AllowedPeers agentPhones,
        HttpSettings http,
        int ports,
        double callsPerSecond,
        Duration monitoringLimit,
        Duration gatewayLimit,
        Duration lease,
        Path prompts,
        Optional<String> agentKey,
        Set<Role> roles) {
    public NodeConfig {
        roles = Set.copyOf(roles);
    }

    /** What concerns everything but dialing. */
    public GatewayConfig gateways() {
        return new GatewayConfig(pair, side, roles, http, gatewayLimit, lease, agentKey);
    }

    /** Peers whose SIP messages are taken, by address; ports do not matter. */
    public record AllowedPeers(Set<InetAddress> addresses) {
        public AllowedPeers {
            addresses = Set.copyOf(addresses);
        }
    }
}
