package releve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.server.config.FreePorts;
import releve.server.http.HttpSettings;
import releve.server.store.NodeRegistry;
import releve.server.store.StoreAddress;
import releve.server.store.StoreConnections;
import releve.server.store.TestStore;
import releve.server.trunk.TrunkPlan;

/** A whole node on a real store, with nothing to dial. */
@Timeout(60)
class NodeTest {
    private final StoreAddress store = TestStore.fresh();

    @TempDir
    Path prompts;

    @Test
    void shouldStopWithTheReasonWhenAnotherProcessHasTakenItsSide() throws Exception {
        Node node = Node.start(config(), store);
        try (HikariDataSource pool = StoreConnections.pool(store, "node-test", 1)) {
            NodeRegistry registry = new NodeRegistry(pool);
            NodeId started = registry.latest(1, Side.A).orElseThrow().start().node();
            registry.register(
                    new NodeRegistry.Start(new NodeId(1, Side.A, "another"), "host2", 4712, "0.1.0", "1", ""),
                    Duration.ZERO);

            assertThat(CompletableFuture.supplyAsync(node::awaitExit).get(30, TimeUnit.SECONDS))
                    .isZero();
            assertThat(registry.latest(1, Side.A).orElseThrow().start().node().instance())
                    .isEqualTo("another");
            assertThat(registry.journal(1, Role.DIALER, 1).getFirst())
                    .satisfies(last -> assertThat(last.instance()).isEqualTo(started.instance()))
                    .extracting(NodeRegistry.JournalEntry::transition)
                    .satisfies(
                            transition -> assertThat(transition.toString())
                                    .endsWith(
                                            "→ stopped: superseded: its heartbeat had ceased, and host2, process 4712 took side A"));
        }
    }

    @Test
    void shouldWaitForAStoreThatIsBeingStarted() throws Exception {
        int port = FreePorts.draw();
        URI real = URI.create(store.url().substring("jdbc:".length()));
        StoreAddress late = new StoreAddress(
                store.url().replace(":" + real.getPort() + "/", ":" + port + "/"), store.user(), store.password());
        Thread.ofVirtual().start(() -> relayAfter(Duration.ofSeconds(3), port, real));

        Node node = Node.start(config(), late);

        try (HikariDataSource pool = StoreConnections.pool(store, "node-test", 1)) {
            NodeRegistry registry = new NodeRegistry(pool);
            assertThat(registry.latest(1, Side.A)).isPresent();
            registry.register(
                    new NodeRegistry.Start(new NodeId(1, Side.A, "another"), "host2", 4712, "0.1.0", "1", ""),
                    Duration.ZERO);
            node.awaitExit();
        }
    }

    private static void relayAfter(Duration time, int port, URI to) {
        try {
            Thread.sleep(time);
            ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket(to.getHost(), to.getPort());
                Thread.ofVirtual().start(() -> pipe(near, far));
                Thread.ofVirtual().start(() -> pipe(far, near));
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pipe(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either end has gone.
        }
    }

    private NodeConfig config() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new NodeConfig(
                1,
                Side.A,
                new InetSocketAddress(loopback, 0),
                TrunkPlan.of(new InetSocketAddress(loopback, 9), 10, 10, false),
                new NodeConfig.AllowedPeers(Set.of(loopback)),
                HttpSettings.loopback(0),
                10,
                10,
                Duration.ofMinutes(90),
                Duration.ofSeconds(60),
                Duration.ofSeconds(3),
                prompts,
                Optional.empty(),
                Set.of(Role.values()));
    }
}
