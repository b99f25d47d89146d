package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import releve.core.common.CallResult;
import releve.core.common.Side;
import releve.server.store.Reports;

/** SIPp as the trunk: a peer that nobody of us wrote. Its scenario decides by the last digit of the number called. */
class SippTrunkTest {
    private static final int CALLS = 500;

    @Test
    void shouldRecordTheRightResultForEveryCallThroughSipp() throws Exception {
        try (Scene scene = Scene.prepare(
                "sipp-trunk",
                List.of(),
                Optional.of(List.of("--count", "1", "--ivr-talk", "1")),
                List.of("--calls-per-second", "100"))) {
            Process sipp = sipp(scene);
            try {
                scene.ensemble.startNode(Side.A);
                scene.ensemble.startAgents();
                dialList(scene);
                Scene.await("all calls to end", Duration.ofSeconds(180), () -> {
                    Reports.Leftovers left = scene.reports().leftovers();
                    return scene.ledger().size() >= CALLS && left.attemptsLive() == 0 && left.contactsActive() == 0;
                });
                everyResultIsRight(scene.ledger());
                Path errors = scene.directory.resolve("sipp-errors.log");
                assertThat(Files.exists(errors) ? Files.readString(errors) : "")
                        .as(
                                "SIPp saw nothing that its scenario does not expect, but the probes that it answers by itself")
                        .doesNotContain("Aborting", "Discarding", "Dead call");
            } finally {
                sipp.destroyForcibly();
            }
        }
    }

    private static void dialList(Scene scene) throws Exception {
        Path list = scene.directory.resolve("list.csv");
        Files.deleteIfExists(list);
        assertThat(releve.app.Releve.commandLine()
                        .execute(
                                "contacts",
                                "generate",
                                Integer.toString(CALLS),
                                "--seed",
                                "5",
                                "--out",
                                list.toString()))
                .isZero();
        String ivr = scene.ensemble.ivr();
        scene.releve(
                "campaign",
                "create",
                Scene.CAMPAIGN,
                "--mode",
                "progressive-ivr",
                "--ivr-uri",
                ivr,
                "--ivr-ports",
                "100",
                "--lines-per-agent",
                "1",
                "--ring-limit",
                "10",
                "--max-attempts",
                "1",
                "--caller-id",
                "+12025550199");
        scene.releve("contacts", "import", list.toString(), "--campaign", Scene.CAMPAIGN);
        scene.releve("campaign", "start", Scene.CAMPAIGN);
    }

    private static void everyResultIsRight(List<Reports.LedgerRow> ledger) {
        assertThat(ledger).hasSize(CALLS);
        Map<CallResult, Integer> results = new TreeMap<>();
        for (Reports.LedgerRow row : ledger) {
            assertThat(row.result()).as("%s: %s", row.phone(), row.reason()).isEqualTo(expected(row.phone()));
            results.merge(expected(row.phone()), 1, Integer::sum);
        }
        assertThat(results.keySet()).containsExactlyInAnyOrder(CallResult.VOICE, CallResult.BUSY, CallResult.NO_ANSWER);
        System.out.println("SIPp as the trunk: " + results);
    }

    private static CallResult expected(String phone) {
        return switch (phone.charAt(phone.length() - 1)) {
            case '5', '6' -> CallResult.BUSY;
            case '7', '8', '9' -> CallResult.NO_ANSWER;
            default -> CallResult.VOICE;
        };
    }

    private static Process sipp(Scene scene) throws Exception {
        Path scenario = scene.directory.resolve("trunk.xml");
        try (var in = SippTrunkTest.class.getResourceAsStream("/sipp/trunk.xml")) {
            Files.copy(in, scenario, StandardCopyOption.REPLACE_EXISTING);
        }
        var trunk = scene.ensemble.trunk();
        return new ProcessBuilder(
                        "sipp",
                        "-sf",
                        scenario.toString(),
                        "-i",
                        trunk.getAddress().getHostAddress(),
                        "-p",
                        Integer.toString(trunk.getPort()),
                        "-aa",
                        "-nostdin",
                        "-trace_err",
                        "-error_file",
                        scene.directory.resolve("sipp-errors.log").toString())
                .directory(scene.directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(scene.directory.toFile(), "sipp.log"))
                .start();
    }
}
