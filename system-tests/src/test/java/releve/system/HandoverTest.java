package releve.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import releve.app.demo.ChildProcess;

/** The demonstration that a newcomer runs: maintenance in mid-campaign, with its own proof that nothing was lost. */
class HandoverTest {
    private static final Duration LIMIT = Duration.ofSeconds(600);

    static LongStream seeds() {
        return Scene.rounds(1) >= 10 ? LongStream.rangeClosed(1, 10) : LongStream.of(7);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldHandOverInMidCampaignAndLoseNothing(long seed) throws Exception {
        Path directory = Scene.TARGET.resolve("scenes").resolve("handover-" + seed);
        ChildProcess demo = ChildProcess.start(
                "demo-" + System.nanoTime(),
                directory,
                Map.of(),
                List.of(
                        "demo",
                        "--script",
                        "handover",
                        "--seed",
                        Long.toString(seed),
                        "--short",
                        "--directory",
                        directory.resolve("demo").toString(),
                        "--data",
                        Scene.STORE.toString()));
        try {
            Scene.assertStopped(demo, 0, LIMIT);
        } finally {
            // It ends its own processes when it is asked to, not when it is killed.
            if (demo.isAlive()) {
                demo.signal("INT");
                demo.await(Duration.ofSeconds(60));
                demo.kill();
            }
        }
    }
}
