package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.node.Rehearsal;

class StoreRehearsalTest {
    private static final String ROWS = """
            select (select count(*) from attempt) + (select count(*) from offer) + (select count(*) from lease)
                 + (select count(*) from reservation_request) + (select count(*) from contact where status <> 'P')
                 + (select count(*) from agent where state <> 'LOGGED_OUT')""";

    @Test
    void shouldLeaveNothingInTheStore() {
        try (HikariDataSource pool = StoreConnections.pool(TestStore.fresh(), "rehearsal", 2)) {
            StoreRehearsal.play(pool, Rehearsal.play(Instant.now()));

            List<Long> rows = new Transactions(pool).run(tx -> tx.list(ROWS, row -> row.getLong(1)));
            assertThat(rows).containsExactly(0L);
        }
    }
}
