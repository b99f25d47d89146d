package releve.sip.trunk;

/**
 * One gateway of a trunk.
 *
 * @param name unique within the trunk; for people
 * @param uri where it is, such as {@code sip:sbc.example.com} or {@code sip:192.0.2.1:5080;transport=tcp}
 * @param priority 0 to 65,535; lower ones are used first, higher ones only when none of the lower can take a call
 * @param weight 1 to 65,535: its share of the calls among gateways of one priority
 * @param callsPerSecond new calls it takes a second, above 0
 * @param ports calls it takes at once, 1 or more
 */
public record GatewayConfig(String name, String uri, int priority, int weight, double callsPerSecond, int ports) {
    /** @throws IllegalArgumentException with one clause when a value is out of its range */
    public GatewayConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a gateway has no name");
        }
        check(priority >= 0 && priority <= 65_535, name, "the priority", "0 to 65535");
        check(weight >= 1 && weight <= 65_535, name, "the weight", "1 to 65535");
        check(callsPerSecond > 0 && callsPerSecond <= 100_000, name, "calls per second", "above 0, up to 100000");
        check(ports >= 1 && ports <= 1_000_000, name, "ports", "1 to 1000000");
    }

    private static void check(boolean holds, String name, String what, String range) {
        if (!holds) {
            throw new IllegalArgumentException("of the gateway " + name + ", " + what + " must be " + range);
        }
    }
}
