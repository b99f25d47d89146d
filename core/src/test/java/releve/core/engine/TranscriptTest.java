package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Samples;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.pair.Peer;

/**
 * Maintenance as an operator lives through it, in texts that people review. When a decision changes on purpose, the new text
 * is written to the build directory ({@code target/transcripts}); read it, and if it is right, keep it.
 */
class TranscriptTest {

    /** Three customers: one talks, one answers during the drain, one never answers. */
    private static World shift() {
        World world = World.active(Samples.withLines(Samples.agentCampaign(1), 1))
                .contacts(60, 1)
                .agents(3);
        int[] n = {0};
        world.carrier.customers = dial -> switch (n[0]++) {
            case 0 -> Plan.answers(1_000, 4_000, 60_000);
            case 1 -> Plan.answers(1_000, 14_000, 30_000);
            default -> Plan.rings();
        };
        world.until(w -> w.counts().connected() == 1 && w.counts().ringing() == 2, Duration.ofSeconds(20));
        return world.run(Duration.ofSeconds(2));
    }

    @Test
    void gracefulHandover() throws IOException {
        World world = shift();
        Transcript transcript = new Transcript(world, "side A is put into maintenance in mid-campaign");
        world.send(new Event.DryRunAsked(1));
        world.send(new Event.MaintenanceAsked(2, false, "ops"));
        world.run(Duration.ofMinutes(2));
        compare("graceful-handover", transcript);
    }

    @Test
    void handoverRefused() throws IOException {
        World world = shift();
        Transcript transcript = new Transcript(world, "there is no standby: maintenance is refused, then forced");
        world.send(new Event.PeerSeen(new Peer.Unfit("side B is in maintenance itself")));
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.run(Duration.ofSeconds(5));
        world.send(new Event.MaintenanceAsked(2, true, "ops"));
        world.run(Duration.ofMinutes(2));
        compare("handover-refused", transcript);
    }

    @Test
    void cancelled() throws IOException {
        World world = shift();
        Transcript transcript =
                new Transcript(world, "maintenance is cancelled before the handover, and after the next");
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.run(Duration.ofSeconds(3));
        world.send(new Event.MaintenanceCancelled(2, "ops"));
        world.run(Duration.ofSeconds(3));
        world.send(new Event.MaintenanceAsked(3, false, "ops"));
        world.until(w -> w.phase().equals("monitoring"), Duration.ofMinutes(1));
        world.send(new Event.MaintenanceCancelled(4, "ops"));
        world.run(Duration.ofMinutes(2));
        compare("cancelled", transcript);
    }

    @Test
    void standbyFailsDuringQuiescing() throws IOException {
        World world = shift();
        Transcript transcript = new Transcript(world, "the standby fails while the active side is quiescing");
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.run(Duration.ofSeconds(4));
        world.send(new Event.PeerSeen(new Peer.Unfit("side B has not been heard of for 2 s")));
        world.run(Duration.ofSeconds(1));
        compare("standby-fails-during-quiescing", transcript);
    }

    @Test
    void handedToADeadStandby() throws IOException {
        World world = shift();
        Transcript transcript =
                new Transcript(world, "the standby dies just before it is handed the right: side A is back by itself");
        world.successorLives = false;
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.until(w -> w.phase().equals("monitoring"), Duration.ofMinutes(1));
        world.run(Duration.ofSeconds(4));
        world.granted(
                "took over from B/b1, which did not renew its lease (0 attempts closed as unknown, 5 contacts put back)");
        world.run(Duration.ofSeconds(3));
        compare("handed-to-a-dead-standby", transcript);
    }

    @Test
    void crashTakeover() throws IOException {
        World world = World.idle().contacts(10, 1).agents(1);
        world.carrier.customers = dial -> Plan.answers(500, 3_000, 20_000);
        world.send(new Event.TrunkUp());
        world.send(new Event.CampaignsRead(List.of(Samples.withLines(Samples.agentCampaign(1), 2))));
        Transcript transcript =
                new Transcript(world, "side A has crashed: side B takes over; then B loses the right itself");
        world.run(Duration.ofSeconds(3));
        world.send(new Event.PeerSeen(new Peer.Unfit("side A has not been heard of for 2 s")));
        world.granted("the lease of side A has expired; 3 attempts closed as unknown, 12 contacts returned");
        world.run(Duration.ofSeconds(5));
        world.store.takenOver();
        world.send(new Event.RightLost("epoch 2 is in force"));
        world.run(Duration.ofSeconds(30));
        compare("crash-takeover", transcript);
    }

    static void compare(String name, Transcript transcript) throws IOException {
        String now = transcript.text();
        Path fresh = Path.of("target", "transcripts", name + ".txt");
        Files.createDirectories(fresh.getParent());
        Files.writeString(fresh, now);
        try (InputStream reviewed = TranscriptTest.class.getResourceAsStream("/transcripts/" + name + ".txt")) {
            assertThat(reviewed).as("a reviewed transcript of that name").isNotNull();
            assertThat(List.of(now.split("\n")))
                    .as("the transcript %s; the new one is in %s", name, fresh)
                    .isEqualTo(List.of(new String(reviewed.readAllBytes(), StandardCharsets.UTF_8).split("\n")));
        }
    }
}
