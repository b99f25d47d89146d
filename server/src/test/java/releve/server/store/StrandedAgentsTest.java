package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.AgentId;
import releve.core.common.Side;
import releve.core.node.LeaseTimes;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.server.gateway.AgentLogin;

/** Agents whose live call has gone are let go; those whose call lives never are. */
class StrandedAgentsTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static StoreAddress address;
    private static HikariDataSource pool;

    private final int pair = NUMBERS.incrementAndGet();
    private final String agent = "agent" + pair;
    private final AgentStore agents = new AgentStore(pool);

    @BeforeAll
    static void open() {
        address = TestStore.fresh();
        pool = StoreConnections.pool(address, "stranded", 4);
        sql("insert into campaign (name, mode, skill_group, caller_id, wrap_up_ms)"
                + " values ('c', 'PREVIEW', 'g', '+12025550199', 7000)");
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @ParameterizedTest(name = "{0}: dialer {1}, reservation {2}, call {3} → {4}")
    @CsvSource({
        // state,  dialer, reservation, call or offer, then,     why
        "RESERVED, alive,  kept,        none,          RESERVED, ''",
        "RESERVED, silent, kept,        none,          READY,    the dialer that had him reserved is gone",
        "RESERVED, ended,  kept,        none,          READY,    the dialer that had him reserved is gone",
        "RESERVED, alive,  gone,        none,          READY,    his reservation is gone",
        "PREVIEW,  alive,  kept,        live,          PREVIEW,  ''",
        "PREVIEW,  alive,  kept,        over,          READY,    the contact that was offered to him is gone",
        "PREVIEW,  silent, kept,        live,          READY,    the dialer that had him reserved is gone",
        "DIALING,  alive,  kept,        live,          DIALING,  ''",
        "DIALING,  alive,  kept,        over,          READY,    his call had ended",
        "DIALING,  silent, kept,        live,          READY,    the dialer that had him reserved is gone",
        "TALKING,  alive,  kept,        live,          TALKING,  ''",
        "TALKING,  alive,  gone,        live,          TALKING,  ''",
        "TALKING,  alive,  kept,        over,          WRAP_UP,  his call had ended: be ready when your call is over",
        "HOLD,     alive,  kept,        over,          WRAP_UP,  his call had ended: be ready when your call is over",
        "TALKING,  silent, kept,        live,          WRAP_UP,  the dialer that had him reserved is gone: be ready when your call is over",
    })
    void shouldLetGoWhoseCallIsNoMoreAndNobodyElse(
            String state, String dialer, String reservation, String call, String then, String why) {
        scene(state, dialer, reservation, call);

        agents.releaseStranded();

        assertThat(query("state")).isEqualTo(then);
        assertThat(query("reason")).isEqualTo(why);
        if (!then.equals(state)) {
            assertThat(count("reservation_request where id = " + pair)).isZero();
        }
    }

    @Test
    void shouldGiveTheCampaignsWrapUpAfterACallThatEndedAndALongOneWhenNobodyKnows() {
        scene("TALKING", "alive", "kept", "over");
        agents.releaseStranded();
        assertThat(secondsOfWrapUp()).isBetween(1, 7);

        sql("update attempt set result = 100 where id = " + pair);
        hold("TALKING");
        agents.releaseStranded();
        assertThat(secondsOfWrapUp()).isBetween(5_300, 5_400);
    }

    @Test
    void shouldLeaveHimToADialerThatLivesThoughItsCallWasClosedAsUnknown() {
        scene("TALKING", "alive", "kept", "over");
        sql("update attempt set result = 100, ended_by = 'UNKNOWN' where id = " + pair);
        agents.releaseStranded();
        assertThat(query("state")).isEqualTo("TALKING");
    }

    @Test
    void shouldGiveTheWordOfAnEndTimeToArrive() {
        scene("TALKING", "alive", "kept", "over");
        sql("update attempt set ended_at = clock_timestamp() - interval '9 seconds' where id = " + pair);

        assertThat(agents.releaseStranded()).isZero();
        assertThat(query("state")).isEqualTo("TALKING");
    }

    @Test
    void shouldKeepAnAgentsWishWhenHeIsLetGo() {
        scene("RESERVED", "silent", "kept", "none");
        sql("update agent set pending_state = 'NOT_READY', pending_reason = 'lunch' where id = '" + agent + "'");

        agents.releaseStranded();

        assertThat(query("state")).isEqualTo("NOT_READY");
        assertThat(query("reason")).isEqualTo("lunch");
    }

    @Test
    void shouldWithdrawWhatAGoneDialerOffered() {
        scene("PREVIEW", "silent", "kept", "live");

        agents.releaseStranded();

        assertThat(count("offer where id = %d and answer = 'WITHDRAWN' and ended_at is not null".formatted(pair)))
                .isEqualTo(1);
    }

    @Test
    void shouldLeaveItToTheHolderOfTheRole() {
        scene("RESERVED", "silent", "kept", "none");
        NodeId standby = new NodeId(pair, Side.B, "b");
        new GatewayLease(pool, Role.AGENT_GATEWAY).acquire(new NodeId(pair, Side.A, "a"), Duration.ofHours(1));

        assertThat(new AgentStore(pool, GatewayTurn.of(standby, Role.AGENT_GATEWAY, LeaseTimes.DEFAULT))
                        .releaseStranded())
                .isZero();
        assertThat(query("state")).isEqualTo("RESERVED");
    }

    private void scene(String state, String dialer, String reservation, String call) {
        new NodeRegistry(pool)
                .register(
                        new NodeRegistry.Start(new NodeId(pair, Side.A, "a"), "h", 1, "1", "1", ""),
                        Duration.ofSeconds(3));
        if (!dialer.equals("alive")) {
            sql("update node set seen_at = clock_timestamp() - interval '16 seconds' where pair = " + pair);
        }
        if (dialer.equals("ended")) {
            sql("update node set stopped_at = clock_timestamp(), stop_reason = 'done' where pair = " + pair);
        }
        agents.login(new AgentLogin(new AgentId(agent), agent, Set.of("g"), "sip:x@h"), new byte[32]);
        if (!call.equals("none")) {
            sql(state.equals("PREVIEW") ? offer() : attempt());
            if (call.equals("over")) {
                sql(
                        state.equals("PREVIEW")
                                ? "update offer set answer = 'TIMED_OUT', answered_at = now(), ended_at = " + ago()
                                        + " where id = " + pair
                                : "update attempt set result = 10, ended_by = 'CUSTOMER', ended_at = " + ago()
                                        + " where id = " + pair);
            }
        }
        if (reservation.equals("kept")) {
            sql("""
                    insert into reservation_request (id, pair, epoch, side, instance, campaign, skill_group, priority,
                        requested_at, granted_agent, granted_at)
                    values (%d, %d, 1, 'A', 'a', 1, 'g', 0, now(), '%s', now())""".formatted(pair, pair, agent));
        }
        hold(state);
        if (call.equals("none")) {
            sql("update agent set attempt = null where id = '" + agent + "'");
        }
    }

    /** Holds the agent in that state since long ago. */
    private void hold(String state) {
        sql("alter table agent disable trigger agent_changed");
        sql("""
                update agent set state = '%s', reason = '', reservation = %d, attempt = %d,
                    deadline = case when '%s' = 'PREVIEW' then clock_timestamp() end,
                    state_since = clock_timestamp() - interval '1 minute'
                where id = '%s'""".formatted(state, pair, pair, state, agent));
        sql("alter table agent enable trigger agent_changed");
    }

    private static String ago() {
        return "clock_timestamp() - interval '11 seconds'";
    }

    private String attempt() {
        return """
                insert into attempt (id, pair, epoch, side, instance, campaign, contact, phone, number, call_id, started_at)
                values (%1$d, %1$d, 1, 'A', 'a', 1, %1$d, '+%1$d', 1, 'call%1$d', now())""".formatted(pair);
    }

    private String offer() {
        return """
                insert into offer (id, pair, epoch, side, instance, kind, campaign, contact, phone, agent, reservation,
                    offered_at, deadline)
                values (%1$d, %1$d, 1, 'A', 'a', 'PREVIEW', 1, %1$d, '+%1$d', '%2$s', %1$d, now(), now())""".formatted(pair, agent);
    }

    private int secondsOfWrapUp() {
        return Integer.parseInt(query("extract(epoch from deadline - clock_timestamp())::int"));
    }

    private String query(String column) {
        return TestStore.query(address, "select %s from agent where id = '%s'".formatted(column, agent));
    }

    private static int count(String of) {
        return Integer.parseInt(TestStore.query(address, "select count(*) from " + of));
    }

    private static void sql(String statement) {
        TestStore.execute(address, statement);
    }
}
