package releve.server.telephony;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import releve.server.trunk.TrunkReport;
import releve.server.trunk.TrunkSettings;
import releve.sip.auth.Authenticator;
import releve.sip.auth.DigestClient;
import releve.sip.transaction.Hop;
import releve.sip.trunk.GatewayConfig;
import releve.sip.trunk.GatewayState;
import releve.sip.trunk.Trunk;
import releve.sip.trunk.TrunkView;

/** One trunk at work: its settings, its state, who we are to it, and which hop of each gateway answers. */
final class TrunkLine {
    final TrunkSettings settings;
    final Trunk trunk;
    final Authenticator authenticator;
    private final Map<String, String> uris = new HashMap<>();
    /** Where probing and calling of a gateway begin among its hops. */
    private final Map<String, Integer> firstHop = new HashMap<>();

    TrunkLine(TrunkSettings settings, RandomGenerator random, long nowMs) {
        this.settings = settings;
        this.trunk = new Trunk(settings.sip(), random, nowMs);
        this.authenticator =
                settings.accounts().isEmpty() ? Authenticator.NONE : new DigestClient(settings.accounts(), random);
        for (GatewayConfig gateway : settings.sip().gateways()) {
            uris.put(gateway.name(), gateway.uri());
        }
    }

    /** A gateway's URI with the number called as its user. */
    String uriOf(String gateway, String phone) {
        String uri = uris.getOrDefault(gateway, "");
        int colon = uri.indexOf(':');
        return uri.substring(0, colon + 1) + phone + "@" + uri.substring(colon + 1);
    }

    /** A gateway's hops, the one that answered last first. */
    List<Hop> inOrder(String gateway, List<Hop> hops) {
        List<Hop> ordered = new ArrayList<>(hops);
        Collections.rotate(ordered, -(firstHop.getOrDefault(gateway, 0) % hops.size()));
        return ordered;
    }

    /** The hop that came first did not answer: the next one is to come first. */
    void passOver(String gateway) {
        firstHop.merge(gateway, 1, Integer::sum);
    }

    TrunkReport report(long nowMs, Instant now) {
        TrunkView view = trunk.view(nowMs);
        List<TrunkReport.GatewayReport> gateways = view.gateways().stream()
                .map(gateway -> new TrunkReport.GatewayReport(
                        gateway.name(),
                        gateway.uri(),
                        gateway.state() == GatewayState.UP && !gateway.usable()
                                ? "resting"
                                : gateway.state().name().toLowerCase(Locale.ROOT),
                        gateway.usable(),
                        gateway.reason(),
                        now.minus(Duration.ofMillis(nowMs - gateway.sinceMs())),
                        gateway.calls(),
                        gateway.ports(),
                        gateway.startedLastSecond(),
                        gateway.callsPerSecond(),
                        gateway.hops()))
                .toList();
        return new TrunkReport(
                view.name(),
                view.calls(),
                view.ports(),
                gateways.stream()
                        .mapToInt(TrunkReport.GatewayReport::startedLastSecond)
                        .sum(),
                settings.sip().callsPerSecond(),
                view.usable(),
                view.reason(),
                gateways);
    }
}
