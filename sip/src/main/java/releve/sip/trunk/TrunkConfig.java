package releve.sip.trunk;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A trunk: the gateways of one carrier, and what the contract with it says.
 *
 * @param name for people, unique among the trunks of a node
 * @param gateways at least one
 * @param callsPerSecond new calls a second over all gateways, above 0
 * @param ports calls at once over all gateways, 1 or more
 * @param outboundProxy the URI of a proxy that all requests go through (RFC 3261 section 8.1.2), or empty
 * @param probing how its gateways are watched
 * @param calls what its calls use of SIP's extensions
 */
public record TrunkConfig(
        String name,
        List<GatewayConfig> gateways,
        double callsPerSecond,
        int ports,
        Optional<String> outboundProxy,
        Probing probing,
        CallSettings calls) {
    /** @throws IllegalArgumentException with one clause when a value is out of its range or a name is there twice */
    public TrunkConfig {
        gateways = List.copyOf(gateways);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a trunk has no name");
        }
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("the trunk " + name + " has no gateway");
        }
        if (!(callsPerSecond > 0) || ports < 1) {
            throw new IllegalArgumentException("the trunk " + name + " takes no call by its limits");
        }
        Set<String> names = new HashSet<>();
        for (GatewayConfig gateway : gateways) {
            if (!names.add(gateway.name())) {
                throw new IllegalArgumentException("the trunk " + name + " has two gateways named " + gateway.name());
            }
        }
    }

    /** A trunk of one gateway, with the default probing and plain calls. */
    public static TrunkConfig single(String name, String uri, double callsPerSecond, int ports) {
        return new TrunkConfig(
                name,
                List.of(new GatewayConfig(name, uri, 0, 1, callsPerSecond, ports)),
                callsPerSecond,
                ports,
                Optional.empty(),
                Probing.DEFAULT,
                CallSettings.PLAIN);
    }
}
