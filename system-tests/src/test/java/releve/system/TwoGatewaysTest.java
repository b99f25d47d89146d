package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;
import releve.app.demo.ChildProcess;
import releve.core.common.Side;
import releve.server.config.FreePorts;
import releve.server.store.Reports;
import releve.server.trunk.TrunkReport.GatewayReport;
import releve.sim.journal.JournalCall;
import releve.sim.journal.JournalReader;
import releve.sim.journal.Outcome;

/**
 * A trunk of two gateways that the DNS leads to: the better one takes three calls a second only, is killed in the middle, and
 * comes back. Each customer is dialed once, whatever his call was offered to.
 */
class TwoGatewaysTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> CARRIER =
            List.of("--seed", "11", "--answer-rate", "0.6", "--ring", "2", "--talk", "3", "--calls-per-second", "3");

    @Test
    void shouldReachEveryCustomerOnceThroughTwoGatewaysOfWhichOneFailsAndRecovers() throws Exception {
        Path file = Scene.TARGET.resolve("scenes").resolve("two-gateways").resolve("trunks.yaml");
        try (TinyDns dns = new TinyDns();
                Scene scene = Scene.prepare(
                        "two-gateways",
                        CARRIER,
                        Optional.of(List.of("--seed", "11", "--count", "12", "--talk", "3", "--agent-ends", "1")),
                        List.of("--trunks", file.toString(), "--calls-per-second", "8"))) {
            InetSocketAddress south = FreePorts.address();
            describe(file, dns, scene.ensemble.trunk(), south);
            Path southJournal = journal(scene, "south");
            Path northAgain = journal(scene, "north-again");
            ChildProcess north = scene.ensemble.startCarrier();
            ChildProcess other = carrier(scene, "south", south, southJournal, "--calls-per-second", "0");
            ChildProcess back = null;
            try {
                scene.ensemble.startNode(Side.A);
                scene.ensemble.startAgents();
                scene.campaign("--ring-limit", "10");
                Scene.await(
                        "calls at both gateways, and some refused by north",
                        LIMIT,
                        () -> refused(scene.ensemble.journal()) > 0
                                && answered(scene.ensemble.journal()) > 2
                                && answered(southJournal) > 2);

                north.kill();
                // South may rest for a second just then: the call to a customer whose network is congested ends with
                // 503.
                Scene.await(
                        "north to be seen down, and dialing to go on without it",
                        LIMIT,
                        () -> gateway(scene, "north").state().equals("down")
                                && scene.node(Side.A).heartbeat().dialing().startsWith("yes"));
                assertThat(scene.releve("status"))
                        .containsPattern(
                                "carrier +A +north +down .* it (cannot be reached|does not answer|did not answer a call)");
                int before = JournalReader.read(southJournal).calls().size();
                Scene.await(
                        "south to take all calls",
                        LIMIT,
                        () -> JournalReader.read(southJournal).calls().size() > before + 10);

                back = carrier(scene, "north-again", scene.ensemble.trunk(), northAgain);
                Scene.await("north to take calls again", LIMIT, () -> answered(northAgain) > 2);
                assertThat(gateway(scene, "north").state()).isIn("up", "resting");
                scene.reconcileAllZero(southJournal, northAgain);
                nobodyIsDialedTwice(scene);
            } finally {
                other.kill();
                if (back != null) {
                    back.kill();
                }
            }
        }
    }

    private static void describe(Path file, TinyDns dns, InetSocketAddress north, InetSocketAddress south)
            throws Exception {
        dns.knows("_sip._udp.north.carrier.example.", Type.SRV, "1 1 " + north.getPort() + " host.carrier.example.");
        dns.knows("host.carrier.example.", Type.A, "127.0.0.1");
        Files.writeString(file, """
                dns: ["127.0.0.1:%d"]
                access: [127.0.0.1]
                trunks:
                  - name: carrier
                    callsPerSecond: 8
                    ports: 100
                    answerWithin: 2
                    gateways:
                      - {name: north, uri: "sip:north.carrier.example;transport=udp", priority: 1}
                      - {name: south, uri: "sip:host.carrier.example:%d", priority: 2}
                """.formatted(dns.port(), south.getPort()));
    }

    private static ChildProcess carrier(
            Scene scene, String name, InetSocketAddress listen, Path journal, String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "carrier",
                "--listen",
                listen.getAddress().getHostAddress() + ":" + listen.getPort(),
                "--journal",
                journal.toString()));
        arguments.addAll(CARRIER.subList(0, 8));
        arguments.addAll(List.of(more));
        ChildProcess started = ChildProcess.start(name, scene.directory, Map.of(), arguments);
        started.awaitLine("carrier ready", LIMIT);
        return started;
    }

    private static Path journal(Scene scene, String name) throws Exception {
        Path journal = scene.directory.resolve(name + ".jsonl");
        Files.deleteIfExists(journal);
        return journal;
    }

    private static GatewayReport gateway(Scene scene, String name) {
        return scene.node(Side.A).heartbeat().trunks().getFirst().gateways().stream()
                .filter(gateway -> gateway.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long refused(Path journal) throws Exception {
        return JournalReader.read(journal).calls().stream()
                .filter(call -> call.end() != null && call.end().outcome() == Outcome.CONGESTION)
                .count();
    }

    private static long answered(Path journal) throws Exception {
        return JournalReader.read(journal).calls().stream()
                .filter(call -> call.answeredAt() != null)
                .count();
    }

    /** Of those who were disturbed, nobody was a second time: retries come an hour later. */
    private static void nobodyIsDialedTwice(Scene scene) throws Exception {
        Map<String, Long> rang = new java.util.HashMap<>();
        for (Path journal : List.of(
                scene.ensemble.journal(),
                scene.directory.resolve("south.jsonl"),
                scene.directory.resolve("north-again.jsonl"))) {
            for (JournalCall call : JournalReader.read(journal).calls()) {
                if (call.ringingAt() != null || call.answeredAt() != null) {
                    rang.merge(call.to(), 1L, Long::sum);
                }
            }
        }
        assertThat(rang)
                .isNotEmpty()
                .allSatisfy((number, times) ->
                        assertThat(times).as("phones rung at %s", number).isEqualTo(1));
        assertThat(scene.ledger().stream().map(Reports.LedgerRow::callId)).doesNotHaveDuplicates();
    }
}
