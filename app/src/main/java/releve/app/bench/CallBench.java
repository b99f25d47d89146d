package releve.app.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.app.demo.Ensemble;
import releve.core.campaign.DialingMode;
import releve.core.common.CallResult;
import releve.core.common.Side;
import releve.server.cli.Refusal;
import releve.server.store.Reports;

/** Calls a second through the whole path, at a number of agents; what bounds it is their number until a core is full. */
final class CallBench {
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private final Path data;
    private final boolean sipp;
    private final int agents;
    private final int seconds;

    /**
     * One measurement.
     *
     * @param callsPerSecond connected calls that ended within the measurement
     * @param connected how many those were
     * @param failed attempts that ended within it in any other way
     * @param p50Ms from the customer's answer until he is connected to the agent, the median
     */
    record Figures(double callsPerSecond, long connected, long failed, long p50Ms, long p99Ms) {}

    CallBench(Path data, boolean sipp, int agents, int seconds) {
        this.data = data;
        this.sipp = sipp;
        this.agents = agents;
        this.seconds = seconds;
    }

    Figures measure() throws IOException, SQLException, InterruptedException {
        try (Ensemble ensemble = Ensemble.prepare(cast())) {
            Process peer = sipp ? startSipp(ensemble) : null;
            try {
                if (peer == null) {
                    ensemble.startCarrier();
                }
                ensemble.startNode(Side.A);
                ensemble.startAgents();
                BenchCampaign.start(ensemble, DialingMode.PROGRESSIVE_AGENT, 0);
                Thread.sleep(WARM_UP);
                Instant from = Instant.now();
                Thread.sleep(Duration.ofSeconds(seconds));
                return figures(ensemble, from, Instant.now());
            } finally {
                end(peer);
            }
        }
    }

    private Ensemble.Cast cast() {
        Path directory = data.resolve("bench");
        return new Ensemble.Cast(
                directory,
                data,
                "releve_bench",
                BenchCampaign.everybodyAnswers("--speed", "20"),
                Optional.of(List.of("--count", Integer.toString(agents), "--speed", "20")),
                List.of("--calls-per-second", "1000"));
    }

    private static Figures figures(Ensemble ensemble, Instant from, Instant to) {
        List<Long> waitsMs = new ArrayList<>();
        long[] failed = {0};
        new Reports(ensemble.pool()).ledger(Instant.EPOCH, row -> {
            Instant ended = row.endedAt();
            if (ended == null || ended.isBefore(from) || ended.isAfter(to)) {
                return;
            }
            if (row.result() == CallResult.VOICE && row.answeredAt() != null && row.connectedAt() != null) {
                waitsMs.add(
                        Duration.between(row.answeredAt(), row.connectedAt()).toMillis());
            } else {
                failed[0]++;
            }
        });
        if (waitsMs.isEmpty()) {
            throw new Refusal("no call was connected; the logs say why.");
        }
        waitsMs.sort(Long::compare);
        double measured = Duration.between(from, to).toMillis() / 1000.0;
        return new Figures(waitsMs.size() / measured, waitsMs.size(), failed[0], at(waitsMs, 0.5), at(waitsMs, 0.99));
    }

    private static long at(List<Long> sorted, double share) {
        return sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * share)));
    }

    private static Process startSipp(Ensemble ensemble) throws IOException {
        Path directory = ensemble.directory();
        Path scenario = directory.resolve("answering-trunk.xml");
        try (InputStream in = CallBench.class.getResourceAsStream("answering-trunk.xml")) {
            if (in == null) {
                throw new Refusal("this build carries no scenario for SIPp.");
            }
            Files.copy(in, scenario, StandardCopyOption.REPLACE_EXISTING);
        }
        try {
            return new ProcessBuilder(
                            "sipp",
                            "-sf",
                            scenario.toString(),
                            "-i",
                            ensemble.trunk().getAddress().getHostAddress(),
                            "-p",
                            Integer.toString(ensemble.trunk().getPort()),
                            "-aa",
                            "-nostdin")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(new File(directory.toFile(), "sipp.log"))
                    .start();
        } catch (IOException missing) {
            throw new Refusal("sipp cannot be started; install it (Debian: apt install sip-tester).", missing);
        }
    }

    private static void end(@Nullable Process process) {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
