package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Abandonment;

/** What is counted for the abandon limit, with a ledger that is much longer than a window. */
class AbandonmentCountTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration NO_TIME = Duration.ZERO;
    private static final int COUNTS_MAX = 40;
    private static StoreAddress address;
    private static HikariDataSource pool;
    private final Transactions transactions = new Transactions(pool);

    @BeforeAll
    static void open() {
        address = TestStore.fresh();
        pool = StoreConnections.pool(address, "abandonment-count", 2);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @BeforeEach
    void empty() {
        TestStore.execute(address, "truncate campaign, attempt restart identity cascade");
    }

    @Test
    void shouldReadALongWindowDayByDayAndKnowItWholeInTheEnd() {
        campaign("month", MONTH);
        answers("month", "generate_series(0, 59) as day", "clock_timestamp() - day * interval '12 hours'", 16);
        answers("month", "generate_series(1, 50) as day", "clock_timestamp() - interval '31 days'", 16);
        AbandonmentCount count = new AbandonmentCount(Duration.ofHours(1), NO_TIME);

        AbandonmentCount.Counted first = transactions.run(count::count);
        assertThat(first.known()).as("one of its days at a time").isEmpty();
        assertThat(first.whole()).isFalse();
        Abandonment whole = whenWhole(count);
        assertThat(whole.window()).isEqualTo(MONTH);
        assertThat(whole.liveAnswers()).isEqualTo(60);
        assertThat(whole.abandoned()).isEqualTo(60);
        assertThat(whole.parts())
                .hasSizeBetween(30, 31)
                .isSortedAccordingTo((one, other) -> one.from().compareTo(other.from()));
    }

    @Test
    void shouldCountShortWindowsAtOnceMeanwhile() {
        campaign("month", MONTH);
        campaign("day", Duration.ofHours(24));
        answers("day", "generate_series(1, 10) as n", "clock_timestamp() - n * interval '1 hour'", 10);
        answers("day", "generate_series(1, 3) as n", "clock_timestamp() - n * interval '25 hours'", 16);
        AbandonmentCount count = new AbandonmentCount(Duration.ofHours(1), NO_TIME);
        assertThat(transactions.run(count::count).known()).singleElement().satisfies(day -> {
            assertThat(day.window()).isEqualTo(Duration.ofHours(24));
            assertThat(day.liveAnswers()).isEqualTo(10);
            assertThat(day.abandoned()).isZero();
        });
    }

    @Test
    void shouldSeeAtOnceWhatEndsTodayAndInAWhileWhatWasWrittenLate() {
        campaign("month", MONTH);
        AbandonmentCount keeps = new AbandonmentCount(Duration.ofHours(1), NO_TIME);
        AbandonmentCount looksAgain = new AbandonmentCount(Duration.ZERO, NO_TIME);
        whenWhole(keeps);
        whenWhole(looksAgain);
        answers("month", "generate_series(1, 2) as n", "clock_timestamp() - interval '10 days'", 10);
        answers("month", "generate_series(1, 5) as n", "clock_timestamp()", 10);

        assertThat(whenWhole(keeps).liveAnswers()).isEqualTo(5);
        long seen = 0;
        for (int i = 0; i < COUNTS_MAX && seen < 7; i++) {
            seen = whenWhole(looksAgain).liveAnswers();
        }
        assertThat(seen).isEqualTo(7);
    }

    @Test
    void shouldReadTheDaysOfACampaignThatCameLater() {
        campaign("month", MONTH);
        AbandonmentCount count = new AbandonmentCount(Duration.ofHours(1), NO_TIME);
        whenWhole(count);
        campaign("later", MONTH);
        answers("later", "generate_series(1, 4) as n", "clock_timestamp() - n * interval '5 days'", 16);

        assertThat(transactions.run(count::count).known())
                .as("the one that is known")
                .hasSize(1);
        whenWhole(count);
        assertThat(transactions.run(count::count).known().get(1).abandoned()).isEqualTo(4);
    }

    /** A dialer counts every few seconds, and its statements end after two: what is older must not make them slow. */
    @Test
    void shouldNotReadWhatIsOlderThanTheWindow() {
        campaign("day", Duration.ofHours(24));
        answers("day", "generate_series(1, 60000) as n", "clock_timestamp() - n * interval '5 minutes'", 10);
        TestStore.execute(address, "analyze attempt");
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<String> plan = transactions.run(tx -> tx.list(
                "explain " + AbandonmentCount.COUNT,
                row -> row.getString(1),
                Duration.ofMinutes(15).toSeconds(),
                new Tx.Column("bigint", List.of(1L)),
                now.minus(Duration.ofHours(24)),
                now.plus(Duration.ofHours(24))));
        assertThat(plan)
                .anyMatch(line -> line.contains("attempt_ended_live"))
                .noneMatch(line -> line.contains("Seq Scan"));
    }

    private Abandonment whenWhole(AbandonmentCount count) {
        for (int i = 0; i < COUNTS_MAX; i++) {
            AbandonmentCount.Counted counted = transactions.run(count::count);
            if (counted.whole()) {
                return counted.known().getFirst();
            }
        }
        throw new AssertionError("not whole after " + COUNTS_MAX + " counts");
    }

    private static void campaign(String name, Duration window) {
        TestStore.execute(address, """
                insert into campaign (name, mode, skill_group, caller_id, abandon_window_ms)
                values ('%s', 'PREDICTIVE_AGENT', 'sales', '+12025550199', %d)""".formatted(name, window.toMillis()));
    }

    private static void answers(String campaign, String rows, String endedAt, int result) {
        TestStore.execute(address, """
                insert into attempt (id, pair, epoch, side, instance, campaign, contact, phone, number, call_id, started_at,
                                     ended_at, result, ended_by)
                select coalesce((select max(id) from attempt), 0) + row_number() over (), 1, 1, 'A', 'a',
                       (select id from campaign where name = '%s'), 1, '+12025550100', 1, gen_random_uuid()::text,
                       %s, %s, %d, 'CUSTOMER' from %s""".formatted(campaign, endedAt, endedAt, result, rows));
    }
}
