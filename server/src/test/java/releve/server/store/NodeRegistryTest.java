package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;
import releve.core.pair.RoleTransition;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.NodeRegistry.Entry;
import releve.server.store.NodeRegistry.Heartbeat;
import releve.server.store.NodeRegistry.JournalEntry;
import releve.server.store.NodeRegistry.Start;
import releve.server.trunk.TrunkReport;

class NodeRegistryTest {
    private static final AtomicInteger PAIRS = new AtomicInteger();
    private static final Duration LONG = Duration.ofHours(1);
    private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");
    private static HikariDataSource pool;

    private final int pair = PAIRS.incrementAndGet();
    private final NodeId a = new NodeId(pair, Side.A, "a1");
    private final NodeId again = new NodeId(pair, Side.A, "a2");
    private final NodeRegistry registry = new NodeRegistry(pool);

    @BeforeAll
    static void open() {
        pool = StoreConnections.pool(TestStore.fresh(), "registry", 8);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static Start start(NodeId node) {
        return new Start(node, "host1", 4711, "0.1.0", "1", "http://127.0.0.1:8080");
    }

    private static Heartbeat beat() {
        return new Heartbeat(
                "quiescing",
                AT,
                "operator",
                true,
                null,
                Map.of("ringing", 4, "connected", 20),
                "4 calls that ring",
                "maintenance",
                AT.plusSeconds(32),
                null,
                List.of(new TrunkReport(
                        "acme",
                        3,
                        500,
                        2,
                        30,
                        true,
                        "it takes calls",
                        List.of(new TrunkReport.GatewayReport(
                                "north",
                                "sip:192.0.2.1",
                                "up",
                                true,
                                "it answers",
                                AT,
                                3,
                                400,
                                2,
                                20.5,
                                List.of("UDP 192.0.2.1:5060"))))));
    }

    @Test
    void shouldRefuseASecondProcessOfTheSameSide() {
        registry.register(start(a), LONG);
        assertThatThrownBy(() -> registry.register(start(again), LONG))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("side A of pair " + pair + " is already running (host1, process 4711)");
        registry.register(start(new NodeId(pair, Side.B, "b1")), LONG);
    }

    @Test
    void shouldLetOneOfManyStartsWin() {
        List<CompletableFuture<Boolean>> starts = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        registry.register(start(new NodeId(pair, Side.A, "start" + i)), LONG);
                        return true;
                    } catch (StoreRefused refused) {
                        return false;
                    }
                }))
                .toList();
        assertThat(starts.stream().filter(CompletableFuture::join)).hasSize(1);
    }

    @Test
    void shouldSupersedeAProcessWhoseHeartbeatCeasedAndTellItSo() {
        registry.register(start(a), LONG);
        assertThat(registry.beat(a, beat())).isEmpty();
        registry.register(start(again), Duration.ZERO);
        assertThat(registry.beat(a, beat()))
                .contains("superseded: its heartbeat had ceased, and host1, process 4711 took side A");
        assertThat(registry.latest(pair, Side.A).orElseThrow().start().node()).isEqualTo(again);
        assertThat(registry.latest(pair, Side.A).orElseThrow().heartbeat().phase())
                .isEqualTo("starting");
        assertThat(registry.beat(again, beat())).isEmpty();
    }

    @Test
    void shouldFreeItsSideWhenStopped() {
        registry.register(start(a), LONG);
        registry.stopped(a, 0, "maintenance is over");
        assertThat(registry.latest(pair).getFirst().stop().orElseThrow().exitStatus())
                .isZero();
        registry.register(start(again), LONG);
        assertThat(registry.latest(pair))
                .singleElement()
                .satisfies(view -> assertThat(view.start().node()).isEqualTo(again));
    }

    @Test
    void shouldShowWhatAHeartbeatSaid() {
        registry.register(start(a), LONG);
        registry.beat(a, beat());
        Entry entry = registry.latest(pair).getFirst();
        assertThat(entry.start()).isEqualTo(start(a));
        assertThat(entry.heartbeat()).isEqualTo(beat());
        assertThat(entry.age()).isLessThan(LONG);
        assertThat(entry.stop()).isEmpty();
    }

    @Test
    void shouldKeepTheJournalOfRoles() {
        RoleTransition first = new RoleTransition(AT, "standby", "active", "took over");
        RoleTransition second = new RoleTransition(AT.plusSeconds(1), "active", "quiescing", "operator");
        registry.journal(a, "dialer", first);
        registry.journal(a, "dialer", second);
        assertThat(registry.journal(pair, 10))
                .extracting(JournalEntry::transition)
                .containsExactly(second, first);
        assertThat(registry.journal(pair, 1)).containsExactly(new JournalEntry(Side.A, "a1", "dialer", second));
    }
}
