package releve.server.node;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.common.AttemptId;
import releve.core.engine.Command;
import releve.core.engine.Counts;
import releve.core.engine.Dialer;
import releve.core.engine.DialerConfig;
import releve.core.engine.DialerStatus;
import releve.core.engine.Event;
import releve.core.node.DialerTurns;
import releve.core.node.LeaseTimes;
import releve.core.node.NodeClock;
import releve.core.node.Rehearsal;
import releve.core.pair.Peer;
import releve.core.pair.PeerHealth;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.server.store.AbandonedCalls;
import releve.server.store.Channels;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.PostgresDialerStore;
import releve.server.store.Schema;
import releve.server.store.StoreAddress;
import releve.server.store.StoreConnections;
import releve.server.store.StoreListener;
import releve.server.store.StoreRehearsal;
import releve.server.telephony.Telephony;
import releve.server.telephony.TelephonyRehearsal;

/** One side's process: puts engine, store, telephony and gateways together, and lives until the engine says stop. */
public final class Node implements RunningNode {
    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final Duration STORE_ANSWERS_WITHIN = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final Duration ABANDONED_AFTER = Duration.ofSeconds(15);

    private final NodeConfig config;
    private final NodeId id;
    private final NodeClock clock = BootClock.nodeTime();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final StoreErrands errands = new StoreErrands();
    private final DialerMetrics metrics = new DialerMetrics();
    private final List<HikariDataSource> pools;
    private final NodeRegistry registry;
    private final OperatorStore operators;
    private final AbandonedCalls abandoned;
    private final NodeLoop loop;
    private final LeaseThread lease;
    private final StoreWriter writer;
    private final StoreWatch watch;
    private final Telephony telephony;
    private final NodeServices services;
    private final GatewayRoles gateways;
    private final OperatorDesk desk;
    private final StoreListener listener;

    private Node(NodeConfig config, StoreAddress address) throws IOException {
        this.config = config;
        this.id = new NodeId(config.pair(), config.side(), newInstance());
        HikariDataSource dialing = StoreConnections.pool(address, "releve-dialer-" + config.side(), 3);
        HikariDataSource leasing = StoreConnections.pool(address, "releve-lease-" + config.side(), 3);
        HikariDataSource serving = StoreConnections.pool(address, "releve-serving-" + config.side(), 12);
        this.pools = List.of(dialing, leasing, serving);
        this.registry = new NodeRegistry(serving);
        this.operators = new OperatorStore(serving);
        this.abandoned = new AbandonedCalls(serving);
        String schemaVersion = onceTheStoreAnswers(() -> Schema.migrate(serving));
        DialerStore store = new PostgresDialerStore(dialing);
        this.loop = new NodeLoop(new Dialer(dialerConfig(), clock.now()), clock, edges());
        LeaseTimes times = LeaseTimes.of(config.lease());
        this.lease = new LeaseThread(
                new PostgresDialerStore(leasing), id, Role.DIALER, times, clock, loop::role, loop::happened);
        this.writer = new StoreWriter(store, id, times, lease, metrics.counting(loop));
        this.telephony = Telephony.open(
                new Telephony.Config(
                        config.sip(),
                        config.trunks(),
                        config.agentPhones().addresses(),
                        2 * config.ports(),
                        config.prompts(),
                        loop::mayDial),
                loop::happened);
        this.services = new NodeServices(
                config.gateways(),
                id,
                serving,
                () -> isActive() || loop.status().isFitStandby(),
                this::isActive);
        metrics.register(services.metrics(), loop::status, queues());
        TrunkMetrics.register(services.metrics(), config.trunks(), telephony::trunks);
        this.gateways = gateways(times, new GatewayRole.Stores(leasing, serving));
        RoleMetrics.register(
                services.metrics(), gateways.all(), () -> loop.role().phase());
        this.desk = new OperatorDesk(id, operators, gateways, config.gateways().roles(), new DialerOfNode());
        this.watch = new StoreWatch(
                store,
                id,
                clock,
                loop::happened,
                List.of(this::beat, this::lookAtPeer, desk::takeCommands, this::closeAbandoned));
        NodeRegistry.Start start = new NodeRegistry.Start(
                id,
                hostName(),
                ProcessHandle.current().pid(),
                ReleveVersion.get(),
                schemaVersion,
                services.url(),
                config.gateways().roles());
        Duration silentFor = PeerHealth.SILENT_MAX.multipliedBy(2);
        registry.register(start, silentFor);
        gateways.register(start, silentFor);
        this.listener = StoreListener.start(
                address,
                List.of(Channels.pair(config.pair()), Channels.CAMPAIGNS, Channels.ROUTING, Channels.AGENTS),
                this::woken);
    }

    /** A busy machine, or a store that starts as well, may need more than the two seconds of a connection in service. */
    static <T> T onceTheStoreAnswers(Supplier<T> work) {
        long giveUpNs = System.nanoTime() + STORE_ANSWERS_WITHIN.toNanos();
        while (true) {
            try {
                return work.get();
            } catch (StoreUnavailable e) {
                if (System.nanoTime() - giveUpNs > 0) {
                    throw e;
                }
                log.warn("The store does not answer yet: {}", e.getMessage());
            }
        }
    }

    private GatewayRoles gateways(LeaseTimes times, GatewayRole.Stores stores) {
        GatewayRoles roles = new GatewayRoles(true, errands, new GatewayRoles.Process() {
            @Override
            public void end(Command.StopProcess stop) {
                Node.this.end(stop);
            }

            @Override
            public void stopNow(String reason) {
                Node.this.stopNow(reason);
            }
        });
        roles.run(config.gateways(), id, times, clock, stores, services);
        return roles;
    }

    private void stopNow(String reason) {
        loop.happened(new Event.StopNow(reason));
        gateways.happened(new Event.StopNow(reason));
    }

    /** The dialer as operators' commands reach it. */
    private final class DialerOfNode implements OperatorDesk.DialerRole {
        @Override
        public RoleState role() {
            return loop.role();
        }

        @Override
        public void happened(Event event) {
            loop.happened(event);
        }
    }

    /**
     * Starts a node.
     *
     * @throws IOException with one sentence when an address cannot be bound
     * @throws releve.server.store.StoreRefused with one sentence when the store does not take this node
     */
    public static Node start(NodeConfig config, StoreAddress address) throws IOException {
        Node node = new Node(config, address);
        node.errands.start();
        node.loop.start(node.writer);
        node.writer.start();
        node.watch.start();
        node.lease.start();
        node.services.start();
        node.gateways.start();
        log.info("Side {} of pair {} runs as {}", config.side(), config.pair(), node.id.instance());
        Thread.ofPlatform().name("rehearsal").daemon().start(node::rehearse);
        return node;
    }

    /** So that the first calls after a handover or a takeover are as quick as later ones. */
    private void rehearse() {
        try {
            StoreRehearsal.play(pools.getFirst(), Rehearsal.play(clock.now()));
            TelephonyRehearsal.play();
        } catch (RuntimeException | IOException e) {
            log.info("The rehearsal was broken off: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void heedSignals() {
        StopSignals.install(event -> {
            loop.happened(event);
            gateways.happened(event);
        });
    }

    @Override
    public String url() {
        return services.url();
    }

    @Override
    public int awaitExit() {
        return exit.join();
    }

    private DialerTurns.Edges edges() {
        return new DialerTurns.Edges() {
            @Override
            public void carryOut(Command command) {
                Node.this.carryOut(command);
            }

            @Override
            public void notStarted(AttemptId attempt, String reason) {
                log.info("Attempt {} was not started: {}", attempt, reason);
            }
        };
    }

    private void carryOut(Command command) {
        switch (command) {
            case Command.Dial dial -> telephony.dial(dial);
            case Command.DialFromAgent dial -> telephony.dialFromAgent(dial);
            case Command.PlayAndHangUp play -> telephony.playAndHangUp(play);
            case Command.CancelDial cancel -> telephony.cancel(cancel);
            case Command.Bridge bridge -> telephony.bridge(bridge);
            case Command.HangUp hangUp -> telephony.hangUp(hangUp);
            case Command.Forget forget -> telephony.forget(forget);
            case Command.Answer answer -> errands.add("An answer to an operator", () -> desk.answer(answer));
            case Command.AnswerDryRun answer -> errands.add("A dry run's answer", () -> desk.answer(answer));
            case Command.Journal journal -> {
                metrics.moved(journal.transition());
                log.info("Dialer {}", journal.transition());
                errands.add("A transition", () -> {
                    desk.dialerMoved(journal.transition());
                    registry.journal(id, "dialer", journal.transition());
                });
                if (journal.transition().endsMaintenance()) {
                    gateways.dialerBackInService(journal.transition().reason());
                }
            }
            case Command.StopProcess stop -> gateways.dialerEnded(stop);
            case Command.ClaimContacts claim -> {}
            case Command.ClaimPersonalCallbacks claim -> {}
            case Command.HandOver handOver -> {}
            case Command.GiveUpRight giveUp -> {}
        }
    }

    private void woken(String channel, String payload) {
        if (channel.equals(Channels.ROUTING) || channel.equals(Channels.AGENTS)) {
            services.woken(channel, payload);
        } else if (payload.startsWith("granted") || payload.startsWith("answered")) {
            watch.wakeForGrants();
        } else {
            lease.wake();
            gateways.wake();
            watch.wakeForAll();
            services.woken(channel, payload);
        }
    }

    private void beat() {
        DialerStatus status = loop.status();
        String trouble = writer.trouble();
        boolean standby = status.phase().equals("standby");
        Optional<String> over = registry.beat(
                id,
                new NodeRegistry.Heartbeat(
                        status.phase(),
                        status.since(),
                        status.reason(),
                        status.isFitStandby(),
                        standby ? null : status.phase(),
                        counts(status),
                        status.waitsFor(),
                        trouble == null ? status.dialing() : "paused: " + trouble,
                        status.expectedAt(),
                        status.limitAt(),
                        telephony.trunks()));
        over.ifPresent(this::stopNow);
    }

    private DialerMetrics.Queues queues() {
        return new DialerMetrics.Queues(
                loop::inboxSize, writer::changesWaiting, () -> writer.trouble() == null ? 1 : 0);
    }

    private boolean isActive() {
        return loop.role() instanceof RoleState.Active;
    }

    private Map<String, Integer> counts(DialerStatus status) {
        Counts c = status.counts();
        return new TreeMap<>(Map.ofEntries(
                Map.entry("dialing", c.dialing()),
                Map.entry("ringing", c.ringing()),
                Map.entry("cancelling", c.cancelling()),
                Map.entry("analysing", c.analysing()),
                Map.entry("transferring", c.transferring()),
                Map.entry("offered", c.offered()),
                Map.entry("connected", c.connected()),
                Map.entry("reserved", c.reserved()),
                Map.entry("cached", c.cached()),
                Map.entry("epoch", Math.toIntExact(status.epoch())),
                Map.entry("changesWaiting", writer.changesWaiting())));
    }

    private void lookAtPeer() {
        Peer peer = PeerHealth.judge(
                config.side().other(),
                registry.latest(config.pair(), config.side().other())
                        .filter(entry -> entry.stop().isEmpty())
                        .map(entry -> new PeerHealth.Heartbeat(
                                entry.start().node().instance(),
                                entry.start().version(),
                                entry.heartbeat().phase(),
                                entry.heartbeat().ready(),
                                String.valueOf(entry.heartbeat().notReadyReason()),
                                entry.age())),
                ReleveVersion.get());
        loop.happened(new Event.PeerSeen(peer));
    }

    /** A node that died while it only followed its calls leaves no lease to take; the active one settles what it left. */
    private void closeAbandoned() {
        if (loop.role() instanceof RoleState.Active) {
            int closed = abandoned.closeAbandoned(config.pair(), ABANDONED_AFTER);
            if (closed > 0) {
                log.warn("{} attempts of a process that is gone are closed as unknown", closed);
            }
        }
    }

    /** On a thread of its own: the loop that asks for it must go on meanwhile. */
    private void end(Command.StopProcess stop) {
        if (stopping.compareAndSet(false, true)) {
            log.info("This node stops with status {}: {}", stop.exitStatus(), stop.reason());
            Thread.ofPlatform().name("stop").start(() -> exit.complete(close(stop)));
        }
    }

    private int close(Command.StopProcess stop) {
        try {
            services.close();
            gateways.close();
            lease.close();
            watch.close();
            long giveUpNs = System.nanoTime() + LAST_WORDS.toNanos();
            while (telephony.live() > 0 && System.nanoTime() < giveUpNs) {
                Thread.sleep(Duration.ofMillis(10));
            }
            errands.add("The end", () -> registry.stopped(id, stop.exitStatus(), stop.reason()));
            errands.finish(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
        writer.close();
        loop.close();
        telephony.close();
        pools.forEach(HikariDataSource::close);
        return stop.exitStatus();
    }

    private DialerConfig dialerConfig() {
        DialerConfig defaults = DialerConfig.defaults(id);
        return new DialerConfig(
                id,
                Math.min(config.ports(), config.trunks().ports()),
                Math.min(config.callsPerSecond(), config.trunks().callsPerSecond()),
                config.monitoringLimit(),
                defaults.transferLimit(),
                defaults.reservationsOpenMax());
    }

    static String newInstance() {
        byte[] bytes = new byte[4];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
