package releve.server.telephony;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import releve.core.engine.Event;
import releve.server.trunk.TrunkPlan;
import releve.server.trunk.TrunkReport;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.locate.Answer;
import releve.sip.locate.LocatePolicy;
import releve.sip.locate.Location;
import releve.sip.locate.Question;
import releve.sip.locate.ServerLocator;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;
import releve.sip.transport.SipCommand;
import releve.sip.trunk.Choice;
import releve.sip.trunk.Refusal;
import releve.sip.trunk.TrunkStanding;
import releve.sip.trunk.TrunkTask;

/**
 * The trunks of a node: finds their gateways (RFC 3263), asks by OPTIONS whether they are there, chooses one for each call,
 * and tells the engine when none takes calls. Everything but the public methods runs on the endpoint's loop.
 *
 * <p>A call goes to the first trunk of the operator's order that takes it. The engine is told that the trunk is up while one
 * gateway is usable, that it pauses while the best one merely rests after a 503, and that it is down with the reasons of all
 * gateways otherwise.
 */
final class Trunks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Trunks.class);

    /** The longest sleep, ms: reports are as old as that at most. */
    private static final long SLEEP_MS_MAX = 500;

    /** Addresses that are watched for the network's word that nobody is there; those beyond have to fall silent. */
    private static final int WATCHED_MAX = 64;

    private final List<TrunkLine> lines;
    private final KnownPeers peers;
    private final ServerLocator locator;
    private final List<InetSocketAddress> dnsServers;
    private final Predicate<SipCommand> loop;
    private final Predicate<Set<InetSocketAddress>> watch;
    private final Consumer<Event> events;
    private final Map<Long, Sought> searches = new HashMap<>();
    private final Map<Sought, List<Hop>> places = new LinkedHashMap<>();
    private Set<InetSocketAddress> watched = Set.of();
    private final Map<Long, Probe> probes = new HashMap<>();
    private final ScheduledExecutorService clock;
    private @Nullable DnsClient dns;
    private @Nullable ScheduledFuture<?> wake;
    private @Nullable Waiting waiting;
    private @Nullable TrunkStanding told;
    private volatile List<TrunkReport> reports = List.of();
    private volatile boolean closed;

    /** Calls that wait for their turn at the trunk's rate. */
    interface Waiting {
        /** Gives those a gateway whose turn it is. @return when to come back, or {@link Long#MAX_VALUE} */
        long serve(UserAgent agent, long nowMs);
    }

    private record Sought(TrunkLine line, String gateway) {}

    private record Probe(TrunkLine line, String gateway, String uri, List<Hop> further) {}

    /** A gateway for a call, or why there is none. */
    sealed interface Pick {
        /** The best hop comes first. */
        record Found(TrunkLine line, String gateway, List<Hop> hops) implements Pick {}

        record None(Refusal refusal, long retryAtMs) implements Pick {}
    }

    private Trunks(
            List<TrunkLine> lines,
            KnownPeers peers,
            LocatePolicy policy,
            List<InetSocketAddress> dnsServers,
            Predicate<SipCommand> loop,
            Predicate<Set<InetSocketAddress>> watch,
            Consumer<Event> events,
            RandomGenerator random) {
        this.lines = List.copyOf(lines);
        this.peers = peers;
        this.locator = new ServerLocator(policy, random);
        this.dnsServers = dnsServers;
        this.loop = loop;
        this.watch = watch;
        this.events = events;
        this.clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("trunks").daemon().factory());
    }

    /**
     * The trunks of a plan, before anything is asked.
     *
     * @param local our own address
     * @param peers learns where gateways are
     * @param loop has a command run on the endpoint's loop, or says that it has no room for it
     * @param watch has the endpoint listen to what the network says of these addresses
     */
    static Trunks of(
            TrunkPlan plan,
            InetSocketAddress local,
            KnownPeers peers,
            Predicate<SipCommand> loop,
            Predicate<Set<InetSocketAddress>> watch,
            Consumer<Event> events,
            RandomGenerator random) {
        List<TrunkLine> lines = plan.trunks().stream()
                .map(settings -> new TrunkLine(settings, random, 0))
                .toList();
        return new Trunks(lines, peers, TrunkTransports.policy(plan, local), plan.dns(), loop, watch, events, random);
    }

    /** Begins to search and to probe. */
    void start(Waiting calls) {
        waiting = calls;
        awake();
    }

    /** The trunks as they were half a second ago at most. */
    List<TrunkReport> reports() {
        return reports;
    }

    @Override
    public void close() {
        closed = true;
        clock.shutdownNow();
    }

    /** Does what is due, serves the calls that wait, tells the engine, and sets the clock anew. */
    void run(UserAgent agent, long nowMs) {
        for (TrunkLine line : lines) {
            line.trunk.advance(nowMs);
            work(line, agent, nowMs);
        }
        locator.advance(nowMs);
        locate(agent, nowMs);
        long next = waiting == null ? Long.MAX_VALUE : waiting.serve(agent, nowMs);
        tell(nowMs);
        Instant now = Instant.now();
        reports = lines.stream().map(line -> line.report(nowMs, now)).toList();
        next = Math.min(next, locator.nextDeadlineMs());
        for (TrunkLine line : lines) {
            next = Math.min(next, Math.min(line.trunk.nextDeadlineMs(), line.trunk.nextRestEndMs(nowMs)));
        }
        sleep(Math.clamp(next - nowMs, 1, SLEEP_MS_MAX));
    }

    /** Comes back at that time, if not before. */
    void wakeAt(long atMs, long nowMs) {
        sleep(Math.clamp(atMs - nowMs, 1, SLEEP_MS_MAX));
    }

    private void sleep(long ms) {
        if (wake != null) {
            wake.cancel(false);
        }
        if (!closed) {
            wake = clock.schedule(this::awake, ms, TimeUnit.MILLISECONDS);
        }
    }

    private void awake() {
        if (!loop.test(this::run) && !closed) {
            clock.schedule(this::awake, SLEEP_MS_MAX, TimeUnit.MILLISECONDS);
        }
    }

    private void work(TrunkLine line, UserAgent agent, long nowMs) {
        for (TrunkTask task = line.trunk.nextTask(); task != null; task = line.trunk.nextTask()) {
            switch (task) {
                case TrunkTask.Locate locate ->
                    searches.put(locator.locate(locate.uri(), nowMs), new Sought(line, locate.gateway()));
                case TrunkTask.Probe probe -> {
                    // Whoever has not answered the former probe is not asked first again.
                    if (probes.values()
                            .removeIf(open ->
                                    open.line() == line && open.gateway().equals(probe.gateway()))) {
                        line.passOver(probe.gateway());
                    }
                    ask(line, probe.gateway(), probe.uri(), line.inOrder(probe.gateway(), probe.hops()), agent, nowMs);
                }
            }
        }
    }

    private void ask(TrunkLine line, String gateway, String uri, List<Hop> hops, UserAgent agent, long nowMs) {
        long question = agent.options(uri, hops.getFirst(), nowMs);
        probes.put(question, new Probe(line, gateway, uri, hops.subList(1, hops.size())));
    }

    void answered(SipEvent.OptionsAnswered answered, long nowMs) {
        Probe probe = probes.remove(answered.question());
        if (probe != null) {
            Integer retryAfter = answered.retryAfterSeconds();
            probe.line()
                    .trunk
                    .probeAnswered(probe.gateway(), answered.status(), retryAfter == null ? 0 : retryAfter, nowMs);
            tell(nowMs);
        }
    }

    void failed(SipEvent.OptionsFailed failed, UserAgent agent, long nowMs) {
        Probe probe = probes.remove(failed.question());
        boolean refused = failed.status() == 503;
        // At our own limit the question never left, which says nothing of the gateway.
        if (probe == null || (refused && !agent.takesCalls())) {
            return;
        }
        if (refused) {
            probe.line().passOver(probe.gateway());
        }
        if (!probe.further().isEmpty()) {
            ask(probe.line(), probe.gateway(), probe.uri(), probe.further(), agent, nowMs);
        } else {
            probe.line().trunk.probeFailed(probe.gateway(), refused, nowMs);
            tell(nowMs);
        }
    }

    private void locate(UserAgent agent, long nowMs) {
        for (Question question = locator.nextQuestion(); question != null; question = locator.nextQuestion()) {
            dns().ask(question);
        }
        for (ServerLocator.Result result = locator.nextResult(); result != null; result = locator.nextResult()) {
            Sought sought = searches.remove(result.search());
            if (sought == null) {
                continue;
            }
            switch (result.location()) {
                case Location.Found found -> {
                    peers.learn(found.hops().stream()
                            .map(hop -> hop.address().getAddress())
                            .toList());
                    sought.line().trunk.located(sought.gateway(), found.hops(), nowMs);
                    places.put(sought, found.hops());
                    watchPlaces();
                }
                case Location.Nowhere nowhere -> sought.line().trunk.nowhere(sought.gateway(), clause(nowhere), nowMs);
                case Location.Unsettled unsettled ->
                    throw new IllegalStateException("a search that is over is settled, not " + unsettled);
            }
            work(sought.line(), agent, nowMs);
        }
    }

    private void watchPlaces() {
        Set<InetSocketAddress> wanted = places.values().stream()
                .flatMap(List::stream)
                .filter(hop -> hop.transport() == Transport.UDP)
                .map(Hop::address)
                .limit(WATCHED_MAX)
                .collect(Collectors.toSet());
        if (!wanted.equals(watched) && watch.test(wanted)) {
            watched = wanted;
        }
    }

    private static String clause(Location.Nowhere nowhere) {
        String sentence = nowhere.reason();
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private DnsClient dns() {
        DnsClient client = dns;
        if (client == null) {
            client = new DnsClient(resolver(dnsServers), this::heard);
            dns = client;
        }
        return client;
    }

    /** On a thread of the resolver. An answer for which there is no room is as one that never came. */
    private void heard(Question question, Answer answer) {
        boolean taken = loop.test((agent, nowMs) -> {
            locator.answer(question, answer, nowMs);
            run(agent, nowMs);
        });
        if (!taken) {
            log.debug("The answer to {} is lost", question);
        }
    }

    /** Asks these servers, or those that the machine is set up with when there are none. */
    static Resolver resolver(List<InetSocketAddress> servers) {
        return servers.isEmpty()
                ? new ExtendedResolver()
                : new ExtendedResolver(servers.stream().map(SimpleResolver::new).toArray(Resolver[]::new));
    }

    /** A gateway for a call. @param tried gateways that have failed this very call, by trunk */
    Pick pick(Map<TrunkLine, Set<String>> tried, long nowMs) {
        Refusal least = Refusal.NOT_UP;
        long retryAtMs = Long.MAX_VALUE;
        for (TrunkLine line : lines) {
            switch (line.trunk.choose(tried.getOrDefault(line, Set.of()), nowMs)) {
                case Choice.Chosen chosen -> {
                    return new Pick.Found(line, chosen.gateway(), line.inOrder(chosen.gateway(), chosen.hops()));
                }
                case Choice.Refused refused -> {
                    least = refused.refusal().compareTo(least) > 0 ? refused.refusal() : least;
                    retryAtMs = Math.min(retryAtMs, refused.retryAtMs());
                }
            }
        }
        return new Pick.None(least, retryAtMs);
    }

    /** Tells the engine what has changed. Before a call's failure is reported, so that nothing else starts meanwhile. */
    void tell(long nowMs) {
        TrunkStanding standing = standing(nowMs);
        if (standing.equals(told)) {
            return;
        }
        boolean first = told == null;
        told = standing;
        switch (standing) {
            case TrunkStanding.Usable usable -> {
                log.info("Calls go out: a gateway takes them");
                events.accept(new Event.TrunkUp());
            }
            case TrunkStanding.Resting resting -> {
                log.info("Dialing pauses for {} ms: {}", resting.untilMs() - nowMs, resting.reason());
                events.accept(new Event.TrunkPaused(Duration.ofMillis(resting.untilMs() - nowMs), resting.reason()));
            }
            case TrunkStanding.Down down -> {
                if (!first) {
                    log.warn("Dialing pauses: {}", down.reason());
                }
                events.accept(new Event.TrunkDown(down.reason()));
            }
        }
    }

    private TrunkStanding standing(long nowMs) {
        TrunkStanding.Resting first = null;
        List<String> down = new ArrayList<>();
        for (TrunkLine line : lines) {
            String name = "the trunk " + line.settings.name();
            switch (line.trunk.standing(nowMs)) {
                case TrunkStanding.Usable usable -> {
                    return usable;
                }
                case TrunkStanding.Resting resting -> {
                    if (first == null || resting.untilMs() < first.untilMs()) {
                        first = new TrunkStanding.Resting(
                                resting.untilMs(), name + " takes no calls for now: " + resting.reason());
                    }
                }
                case TrunkStanding.Down gone -> down.add(name + " takes no calls: " + gone.reason());
            }
        }
        return first != null ? first : new TrunkStanding.Down(String.join("; ", down));
    }
}
