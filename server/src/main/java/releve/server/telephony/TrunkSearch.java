package releve.server.telephony;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import releve.server.trunk.TrunkPlan;
import releve.server.trunk.TrunkSettings;
import releve.sip.locate.Answer;
import releve.sip.locate.Location;
import releve.sip.locate.Question;
import releve.sip.locate.ServerLocator;
import releve.sip.trunk.GatewayConfig;

/** Finds the gateways of a plan once, as a node would find them, and waits for it. */
public final class TrunkSearch {
    private static final Duration POLL = Duration.ofMillis(100);

    private TrunkSearch() {}

    /**
     * Where a gateway is.
     *
     * @param location found or nowhere
     */
    public record Found(TrunkSettings trunk, GatewayConfig gateway, Location location) {}

    private record Told(Question question, Answer answer) {}

    /**
     * Searches, for some seconds at most.
     *
     * @param local where the node will speak SIP: addresses of its family are looked for
     * @param random draws the order of equal servers
     */
    public static List<Found> of(TrunkPlan plan, InetSocketAddress local, RandomGenerator random)
            throws InterruptedException {
        BlockingQueue<Told> answers = new LinkedBlockingQueue<>();
        DnsClient dns = new DnsClient(
                Trunks.resolver(plan.dns()), (question, answer) -> answers.add(new Told(question, answer)));
        ServerLocator locator = new ServerLocator(TrunkTransports.policy(plan, local), random);
        long startNs = System.nanoTime();
        Map<Long, Location> results = new HashMap<>();
        List<Long> searches = new ArrayList<>();
        for (TrunkSettings trunk : plan.trunks()) {
            for (GatewayConfig gateway : trunk.sip().gateways()) {
                String uri = trunk.sip().outboundProxy().orElse(gateway.uri());
                searches.add(locator.locate(uri, 0));
            }
        }
        while (true) {
            for (ServerLocator.Result r = locator.nextResult(); r != null; r = locator.nextResult()) {
                results.put(r.search(), r.location());
            }
            if (results.size() == searches.size()) {
                return inOrder(plan, searches, results);
            }
            for (Question q = locator.nextQuestion(); q != null; q = locator.nextQuestion()) {
                dns.ask(q);
            }
            Told told = answers.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
            long nowMs = (System.nanoTime() - startNs) / 1_000_000;
            if (told != null) {
                locator.answer(told.question(), told.answer(), nowMs);
            }
            locator.advance(nowMs);
        }
    }

    private static List<Found> inOrder(TrunkPlan plan, List<Long> searches, Map<Long, Location> results) {
        List<Found> found = new ArrayList<>();
        for (TrunkSettings trunk : plan.trunks()) {
            for (GatewayConfig gateway : trunk.sip().gateways()) {
                Location location = results.get(searches.get(found.size()));
                if (location == null) {
                    throw new IllegalStateException("a search without a result");
                }
                found.add(new Found(trunk, gateway, location));
            }
        }
        return found;
    }
}
