package releve.app.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import releve.app.demo.ChildProcess;
import releve.app.demo.Ensemble;
import releve.core.campaign.DialingMode;
import releve.core.common.Side;
import releve.server.cli.Refusal;

/** The node's heap after a full collection with no call, and with many connected to the IVR: two legs each. */
final class MemoryBench {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Duration LIMIT = Duration.ofSeconds(180);

    private final Path data;
    private final int calls;

    MemoryBench(Path data, int calls) {
        this.data = data;
        this.calls = calls;
    }

    String measure() throws IOException, SQLException, InterruptedException {
        Ensemble.Cast cast = new Ensemble.Cast(
                data.resolve("bench"),
                data,
                "releve_bench",
                BenchCampaign.everybodyAnswers("--talk", "3000", "--talk-limit", "3600", "--customer-ends", "0"),
                Optional.of(List.of("--count", "1", "--ivr-talk", "3000")),
                List.of("--calls-per-second", "50", "--ports", "4000"));
        try (Ensemble ensemble = Ensemble.prepare(cast)) {
            ensemble.startCarrier();
            ChildProcess node = ensemble.startNode(Side.A);
            ensemble.startAgents();
            Thread.sleep(Duration.ofSeconds(5));
            long before = usedKb(node);
            BenchCampaign.start(ensemble, DialingMode.PROGRESSIVE_IVR, calls);
            int connected = awaitConnected(ensemble);
            long after = usedKb(node);
            return "%.1f KB (%d KB with none, %d KB with %d)"
                    .formatted((after - before) / (double) connected, before, after, connected);
        }
    }

    private int awaitConnected(Ensemble ensemble) throws InterruptedException {
        long giveUpNs = System.nanoTime() + LIMIT.toNanos();
        int connected = 0;
        while (connected < calls * 9 / 10 && System.nanoTime() < giveUpNs) {
            Thread.sleep(Duration.ofSeconds(1));
            connected = ensemble.registry()
                    .latest(1, Side.A)
                    .orElseThrow()
                    .heartbeat()
                    .counts()
                    .getOrDefault("connected", 0);
        }
        if (connected == 0) {
            throw new Refusal("no call was connected; the logs say why.");
        }
        return connected;
    }

    private static long usedKb(ChildProcess node) throws IOException, InterruptedException {
        jcmd(node, "GC.run");
        Thread.sleep(Duration.ofSeconds(1));
        jcmd(node, "GC.run");
        String info = jcmd(node, "GC.heap_info");
        Matcher used = USED.matcher(info);
        long sum = 0;
        // The serial collector shows the young and the old generation by these names, and what they consist of.
        for (String line : info.lines().toList()) {
            if ((line.contains("DefNew") || line.contains("Tenured"))
                    && used.reset(line).find()) {
                sum += Long.parseLong(used.group(1));
            }
        }
        if (sum == 0) {
            throw new Refusal("the node's heap cannot be read: " + info);
        }
        return sum;
    }

    private static String jcmd(ChildProcess node, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(node.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String printed = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return printed;
    }
}
