package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import releve.core.contract.RandomDay;
import releve.core.memory.MemoryWorld;

/** PostgreSQL and the store in memory, which the simulation trusts, go the same way through days that nobody thought out. */
class StoresAgreeTest {
    private static final int DAYS = Integer.getInteger("releve.days", 12);
    private static final int STEPS = 60;
    private static final long FIRST_SEED = Long.getLong("releve.seed", 1L);
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        pool = StoreConnections.pool(TestStore.fresh(), "agree", 4);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Test
    void shouldAnswerAndKeepTheSameWhateverIsAsked() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + DAYS; seed++) {
            int pair = (int) (seed % 1000);
            RandomDay real = new RandomDay(new PostgresWorld(pool), pair, new SplittableRandom(seed));
            RandomDay inMemory = new RandomDay(new MemoryWorld(), pair, new SplittableRandom(seed));
            for (int step = 1; step <= STEPS; step++) {
                String done = real.step();
                String place = "seed %d, step %d: %s%n(-Dreleve.seed=%1$d -Dreleve.days=1)".formatted(seed, step, done);
                assertThat(inMemory.step()).as(place).isEqualTo(done);
                assertThat(inMemory.state()).as(place).isEqualTo(real.state());
            }
        }
    }
}
