package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.engine.GatewayLoad;
import releve.core.engine.GatewayStatus;
import releve.core.engine.Standing;
import releve.core.node.LeaseTimes;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.server.gateway.AgentLogin;
import releve.server.gateway.RoutingGateway;
import releve.server.store.NodeRegistry.Start;
import releve.server.store.OperatorStore.Command;
import releve.server.store.OperatorStore.Order;
import releve.server.store.OperatorStore.Verb;

/** Heartbeats, commands and turns of the gateways' roles. */
class GatewayRolesTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Order FORCED = new Order(Verb.MAINTENANCE_START, true, Handover.SEQUENTIAL);
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final AtomicInteger PAIRS = new AtomicInteger();
    private static StoreAddress address;
    private static HikariDataSource pool;

    private final int pair = PAIRS.incrementAndGet();
    private final NodeId a = new NodeId(pair, Side.A, "a1");
    private final NodeId b = new NodeId(pair, Side.B, "b1");
    private final GatewayLease routing = new GatewayLease(pool, Role.ROUTING_GATEWAY);
    private final GatewayRegistry registry = new GatewayRegistry(pool);

    @BeforeAll
    static void open() {
        address = TestStore.fresh();
        pool = StoreConnections.pool(address, "gateway-roles", 6);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Test
    void shouldLetTheStandbyDoTheDutiesOnlyWhileTheHolderIsOverdue() {
        login("wrapping" + pair, "WRAP_UP");
        AgentStore standby = new AgentStore(pool, turn(b, Role.AGENT_GATEWAY));
        GatewayLease lease = new GatewayLease(pool, Role.AGENT_GATEWAY);
        long epoch = lease.acquire(a, LONG).orElseThrow().epoch();

        assertThat(standby.endWrapUps()).as("the holder renews").isZero();
        lease.renew(a, epoch, Duration.ofMillis(1_900));
        assertThat(standby.endWrapUps()).as("two renewals are missing").isEqualTo(1);

        login("wrapping" + pair, "WRAP_UP");
        lease.renew(a, epoch, LONG);
        assertThat(new AgentStore(pool, turn(a, Role.AGENT_GATEWAY)).endWrapUps())
                .isEqualTo(1);
    }

    @Test
    void shouldReserveAgentsForTheActiveGatewayOnlyWhileItIsOverdue() {
        TestStore.execute(address, """
                insert into campaign (name, mode, skill_group, caller_id)
                    values ('overdue', 'PREVIEW', 'alone', '+12025550199');
                insert into reservation_request (id, pair, epoch, side, instance, campaign, skill_group, priority, requested_at)
                    select 1, %d, 1, 'A', 'a1', id, 'alone', 0, now() from campaign where name = 'overdue'""".formatted(pair));
        login("waiting", "NOT_READY");
        TestStore.execute(address, "update agent set state = 'READY', skill_groups = '{alone}' where id = 'waiting'");
        try (RoutingGateway standby =
                new RoutingGateway(new RoutingStore(pool, turn(b, Role.ROUTING_GATEWAY))::serve)) {
            long epoch = routing.acquire(a, LONG).orElseThrow().epoch();
            standby.stand(Standing.STANDBY, "");
            standby.start();
            await().during(Duration.ofMillis(700)).until(() -> state("waiting").equals("READY"));

            routing.renew(a, epoch, Duration.ofMillis(1_900));
            await().until(() -> state("waiting").equals("RESERVED"));
        }
    }

    @Test
    void shouldRefuseASecondProcessOfARoleAndSupersedeASilentOne() {
        registry.register(start(a, Set.of(Role.AGENT_GATEWAY)), Role.AGENT_GATEWAY, LONG);
        registry.register(start(a, Set.of(Role.ROUTING_GATEWAY)), Role.ROUTING_GATEWAY, LONG);
        NodeId again = new NodeId(pair, Side.A, "a2");

        assertThatThrownBy(() -> registry.register(start(again, Set.of()), Role.AGENT_GATEWAY, LONG))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("the agent-gateway of side A of pair " + pair + " is already running");

        registry.register(start(again, Set.of()), Role.AGENT_GATEWAY, Duration.ZERO);
        assertThat(registry.beat(a, Role.AGENT_GATEWAY, status()).orElseThrow()).startsWith("superseded");
        assertThat(registry.beat(a, Role.ROUTING_GATEWAY, status())).isEmpty();
        assertThat(registry.latest(pair, Side.A, Role.AGENT_GATEWAY)
                        .orElseThrow()
                        .node())
                .isEqualTo(again);
    }

    @Test
    void shouldRefuseAGatewayBesideANodeOfAFormerVersionWhichRunsItsOwn() {
        new NodeRegistry(pool).register(start(a, Set.of()), LONG);

        assertThatThrownBy(() ->
                        registry.register(start(new NodeId(pair, Side.A, "a2"), Set.of()), Role.AGENT_GATEWAY, LONG))
                .isInstanceOf(StoreRefused.class);
    }

    @Test
    void shouldShowAGatewayAsItsLastHeartbeatSaid() {
        registry.register(start(a, Set.of()), Role.AGENT_GATEWAY, LONG);
        registry.beat(a, Role.AGENT_GATEWAY, status());

        assertThat(registry.latest(pair)).singleElement().satisfies(entry -> {
            assertThat(entry.phase()).isEqualTo("monitoring");
            assertThat(entry.attached()).isEqualTo(12);
            assertThat(entry.waitsFor()).isEqualTo("12 desktops to move");
            assertThat(entry.httpUrl()).isEqualTo("http://127.0.0.1:8080/");
        });
        registry.stopped(a, Role.AGENT_GATEWAY, 0, "nothing is under way any more");
        assertThat(registry.latest(pair).getFirst()).satisfies(entry -> {
            assertThat(entry.phase()).isEqualTo("stopped");
            assertThat(entry.stop().orElseThrow().exitStatus()).isZero();
        });
    }

    @Test
    void shouldGiveACommandForOneRoleToTheProcessThatRunsItOnly() {
        OperatorStore operators = new OperatorStore(pool);
        long one = operators.ask(pair, Side.A, Role.AGENT_GATEWAY, Order.to(Verb.MAINTENANCE_START), "ops");
        long all = operators.ask(pair, Side.A, FORCED, "ops");

        assertThat(operators.take(a, Set.of(Role.DIALER), LONG))
                .containsExactly(new Command(all, FORCED, "ops", Optional.empty()));
        assertThat(operators.take(a, Set.of(Role.AGENT_GATEWAY), LONG))
                .containsExactly(
                        new Command(one, Order.to(Verb.MAINTENANCE_START), "ops", Optional.of(Role.AGENT_GATEWAY)));
    }

    private static String state(String agent) {
        return TestStore.query(address, "select state from agent where id = '%s'".formatted(agent));
    }

    private static GatewayTurn turn(NodeId node, Role role) {
        return GatewayTurn.of(node, role, LeaseTimes.of(TTL));
    }

    private static Start start(NodeId node, Set<Role> roles) {
        return new Start(node, "host1", 4711, "0.1.0", "1", "http://127.0.0.1:8080/", roles);
    }

    private static GatewayStatus status() {
        return new GatewayStatus(
                "monitoring",
                Instant.parse("2026-03-02T10:10:00Z"),
                "handed over to side B, epoch 2",
                0,
                "12 desktops to move",
                Instant.parse("2026-03-02T10:11:00Z"),
                new GatewayLoad(0, 12, false));
    }

    private static void login(String agent, String state) {
        new AgentStore(pool)
                .login(
                        new AgentLogin(new releve.core.common.AgentId(agent), agent, Set.of("g"), "sip:x@h"),
                        new byte[32]);
        TestStore.execute(
                address,
                "update agent set state = '%1$s', deadline = case when '%1$s' = 'WRAP_UP' then clock_timestamp() end where id = '%2$s'"
                        .formatted(state, agent));
    }
}
