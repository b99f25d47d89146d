package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;

/** A call outlives the monitoring limit: its dialer goes, and its parties talk on. */
class MonitoringLimitTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PACKETS = 50;

    @Test
    void shouldLeaveCallThatOutlivesTheLimitToItsPartiesAndSaySoInItsRecord() throws Exception {
        try (TalkingPhone customer = new TalkingPhone("customer");
                TalkingPhone ivr = new TalkingPhone("ivr")) {
            Path trunks = Scene.TARGET.resolve("scenes").resolve("monitoring-limit.yaml");
            Files.createDirectories(trunks.getParent());
            Files.writeString(trunks, """
                    trunks:
                      - name: carrier
                        callsPerSecond: 5
                        ports: 5
                        gateways:
                          - {name: only, uri: "127.0.0.1:%d"}
                    """.formatted(customer.address().getPort()));
            try (Scene scene = Scene.prepare(
                    "monitoring-limit",
                    List.of(),
                    Optional.empty(),
                    List.of("--trunks", trunks.toString(), "--monitoring-limit", "3"))) {
                scene.ensemble.startNode(Side.A);
                scene.ensemble.startNode(Side.B);
                dialOne(scene, "sip:ivr@127.0.0.1:" + ivr.address().getPort());
                Scene.await("the call to be connected", SOON, () -> scene.count(Side.A, "connected") == 1);
                hearEachOther(customer, ivr);

                scene.releve("maintenance", "start", "--side", "A");
                Scene.assertStopped(scene.ensemble.node(Side.A), 0, SOON);

                hearEachOther(customer, ivr);
                assertThat(customer.ended() + ivr.ended())
                        .as("legs that were ended")
                        .isZero();
                assertThat(scene.phase(Side.B)).isEqualTo("active");
                assertThat(scene.query("select result || ' ' || reason from attempt"))
                        .singleElement()
                        .asString()
                        .startsWith("10 ")
                        .contains("the monitoring limit of 3 s has passed", "the call goes on");
            }
        }
    }

    private static void dialOne(Scene scene, String ivr) throws Exception {
        scene.releve(
                "campaign",
                "create",
                Scene.CAMPAIGN,
                "--mode",
                "progressive-ivr",
                "--ivr-uri",
                ivr,
                "--ivr-ports",
                "1",
                "--ring-limit",
                "10",
                "--caller-id",
                "+12025550199");
        Path list = scene.directory.resolve("list.csv");
        Files.writeString(list, "name,phone\nAda Example,+12025550101\n");
        scene.releve("contacts", "import", list.toString(), "--campaign", Scene.CAMPAIGN);
        scene.releve("campaign", "start", Scene.CAMPAIGN);
    }

    private static void hearEachOther(TalkingPhone one, TalkingPhone other) {
        int heardByOne = one.heard();
        int heardByOther = other.heard();
        Scene.await(
                "voice both ways",
                SOON,
                () -> one.heard() - heardByOne >= PACKETS && other.heard() - heardByOther >= PACKETS);
    }
}
