package releve.server.node;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.node.LeaseTimes;
import releve.core.pair.PeerHealth;
import releve.core.pair.RoleState;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.server.store.Channels;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.Schema;
import releve.server.store.StoreAddress;
import releve.server.store.StoreConnections;
import releve.server.store.StoreListener;

/** A process of one side that runs gateways and no dialer; it lives until the last of their roles has stopped. */
public final class GatewayNode implements RunningNode {
    private static final Logger log = LoggerFactory.getLogger(GatewayNode.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final GatewayConfig config;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final StoreErrands errands = new StoreErrands();
    private final List<HikariDataSource> pools;
    private final NodeServices services;
    private final GatewayRoles gateways;
    private final OperatorDesk desk;
    private final StoreListener listener;
    private final Object wake = new Object();
    private final Thread watch =
            Thread.ofPlatform().name("store-watch").daemon().unstarted(this::watch);
    private volatile boolean closed;

    private GatewayNode(GatewayConfig config, StoreAddress address) {
        this.config = config;
        NodeId id = new NodeId(config.pair(), config.side(), Node.newInstance());
        HikariDataSource leasing = StoreConnections.pool(
                address, "releve-lease-" + config.side(), config.roles().size());
        HikariDataSource serving = StoreConnections.pool(address, "releve-serving-" + config.side(), 12);
        this.pools = List.of(leasing, serving);
        String schemaVersion = Node.onceTheStoreAnswers(() -> Schema.migrate(serving));
        this.gateways = new GatewayRoles(false, errands, new GatewayRoles.Process() {
            @Override
            public void end(Command.StopProcess stop) {
                GatewayNode.this.end(stop);
            }

            @Override
            public void stopNow(String reason) {
                gateways().happened(new Event.StopNow(reason));
            }
        });
        this.services = new NodeServices(config, id, serving, this::isInService, this::isActive);
        gateways.run(
                config,
                id,
                LeaseTimes.of(config.lease()),
                BootClock.nodeTime(),
                new GatewayRole.Stores(leasing, serving),
                services);
        RoleMetrics.register(services.metrics(), gateways.all());
        this.desk = new OperatorDesk(id, new OperatorStore(serving), gateways, config.roles(), null);
        gateways.register(
                new NodeRegistry.Start(
                        id,
                        Node.hostName(),
                        ProcessHandle.current().pid(),
                        ReleveVersion.get(),
                        schemaVersion,
                        services.url(),
                        config.roles()),
                PeerHealth.SILENT_MAX.multipliedBy(2));
        this.listener = StoreListener.start(
                address, List.of(Channels.pair(config.pair()), Channels.ROUTING, Channels.AGENTS), this::woken);
    }

    /**
     * Starts the process's roles.
     *
     * @throws releve.server.store.StoreRefused with one sentence when the store does not take them
     */
    public static GatewayNode start(GatewayConfig config, StoreAddress address) {
        GatewayNode node = new GatewayNode(config, address);
        node.errands.start();
        node.services.start();
        node.gateways.start();
        node.watch.start();
        log.info("Gateways of side {} of pair {} run", config.side(), config.pair());
        return node;
    }

    @Override
    public void heedSignals() {
        StopSignals.install(gateways::happened);
    }

    @Override
    public String url() {
        return services.url();
    }

    @Override
    public int awaitExit() {
        return exit.join();
    }

    private GatewayRoles gateways() {
        return gateways;
    }

    private boolean isInService() {
        return !gateways.anyInMaintenance();
    }

    private boolean isActive() {
        return gateways.all().stream().anyMatch(role -> role.state() instanceof RoleState.Active);
    }

    private void woken(String channel, String payload) {
        if (channel.equals(Channels.ROUTING) || channel.equals(Channels.AGENTS)) {
            services.woken(channel, payload);
        } else {
            gateways.wake();
            synchronized (wake) {
                wake.notifyAll();
            }
        }
    }

    private void watch() {
        boolean troubled = false;
        while (!closed) {
            try {
                desk.takeCommands();
                troubled = false;
            } catch (StoreUnavailable e) {
                if (!troubled) {
                    log.warn("The store cannot be read: {}", e.getMessage());
                }
                troubled = true;
            } catch (RuntimeException e) {
                log.error("Looking for commands failed; the next look comes", e);
            }
            synchronized (wake) {
                try {
                    wake.wait(LOOK_EVERY.toMillis());
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    /** On a thread of its own: the role that asks for it must go on meanwhile. */
    private void end(Command.StopProcess stop) {
        if (stopping.compareAndSet(false, true)) {
            log.info("This process stops with status {}: {}", stop.exitStatus(), stop.reason());
            Thread.ofPlatform().name("stop").start(() -> exit.complete(close(stop)));
        }
    }

    private int close(Command.StopProcess stop) {
        closed = true;
        watch.interrupt();
        services.close();
        try {
            errands.finish(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        gateways.close();
        listener.close();
        pools.forEach(HikariDataSource::close);
        return stop.exitStatus();
    }
}
