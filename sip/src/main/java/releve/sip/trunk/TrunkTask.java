package releve.sip.trunk;

import java.util.List;
import releve.sip.transaction.Hop;

/** What a trunk wants done; its outcome is told to the trunk. */
public sealed interface TrunkTask {
    /** The gateway's name. */
    String gateway();

    /** Find where a gateway is; {@link Trunk#located} or {@link Trunk#nowhere} follows. */
    record Locate(String gateway, String uri) implements TrunkTask {}

    /** Send OPTIONS, to the next hop where one fails; {@link Trunk#probeAnswered} or {@link Trunk#probeFailed} follows. */
    record Probe(String gateway, String uri, List<Hop> hops) implements TrunkTask {}
}
