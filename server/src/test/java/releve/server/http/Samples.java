package releve.server.http;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.core.common.Side;
import releve.core.engine.Counts;
import releve.server.http.Overview.AgentFigures;
import releve.server.http.Overview.CampaignFigures;
import releve.server.http.Overview.SideView;
import releve.server.http.Overview.Transition;

/** What a busy pair looks like, before, during and after a maintenance: for looking at the page. */
final class Samples {
    private Samples() {}

    static Overview of(String scene, Instant now) {
        return switch (scene) {
            case "calm" ->
                overview(
                        now,
                        "",
                        side(
                                now,
                                Side.A,
                                "active",
                                "active",
                                4210,
                                "took over at start: nobody held the right to dial",
                                7,
                                new Counts(4, 13, 1, 2, 1, 21, 3, 48),
                                "",
                                0,
                                0),
                        side(
                                now,
                                Side.B,
                                "standby",
                                "standby",
                                4195,
                                "started",
                                0,
                                new Counts(0, 0, 0, 0, 0, 0, 0, 0),
                                "",
                                0,
                                0));
            case "quiescing" ->
                overview(
                        now,
                        "",
                        side(
                                now,
                                Side.A,
                                "in maintenance",
                                "quiescing",
                                9,
                                "maintenance asked for by console",
                                7,
                                new Counts(0, 9, 0, 1, 2, 24, 2, 31),
                                "waits for 9 ringing, 1 analysing, 2 transferring",
                                14,
                                23),
                        side(
                                now,
                                Side.B,
                                "standby",
                                "standby",
                                4204,
                                "started",
                                0,
                                new Counts(0, 0, 0, 0, 0, 0, 0, 0),
                                "",
                                0,
                                0));
            case "monitoring" ->
                overview(
                        now,
                        "",
                        side(
                                now,
                                Side.A,
                                "in maintenance",
                                "monitoring",
                                75,
                                "handed over to side B: everything was settled",
                                7,
                                new Counts(0, 0, 0, 0, 0, 17, 0, 0),
                                "waits for 17 connected calls to end",
                                190,
                                5325),
                        side(
                                now,
                                Side.B,
                                "active",
                                "active",
                                75,
                                "side A handed over",
                                8,
                                new Counts(5, 11, 0, 2, 1, 6, 4, 52),
                                "",
                                0,
                                0));
            case "lost" -> {
                Overview calm = of("calm", now.minusSeconds(9));
                yield calm.withProblem("The store does not answer.");
            }
            default -> throw new IllegalArgumentException(scene);
        };
    }

    private static Overview overview(Instant now, String problem, SideView a, SideView b) {
        AgentFigures agents = new AgentFigures(6, 3, 21, 5, 4, 11);
        return new Overview(
                now,
                1,
                Side.A,
                problem,
                List.of(a, b),
                agents,
                List.of(
                        campaign(
                                "Spring renewal",
                                "progressive, agents",
                                true,
                                3120,
                                1204,
                                402,
                                905,
                                88,
                                19,
                                31,
                                1880,
                                5000,
                                agents),
                        campaign(
                                "Delivery notices",
                                "progressive, IVR",
                                true,
                                812,
                                390,
                                120,
                                233,
                                14,
                                2,
                                9,
                                9210,
                                10000,
                                AgentFigures.NONE),
                        campaign(
                                "Winter follow-up",
                                "progressive, agents",
                                false,
                                15002,
                                6120,
                                1833,
                                4120,
                                377,
                                205,
                                120,
                                0,
                                6200,
                                AgentFigures.NONE)),
                List.of(
                        new Transition(
                                now.minusSeconds(75), Side.B, "dialer", "standby", "active", "side A handed over"),
                        new Transition(
                                now.minusSeconds(75),
                                Side.A,
                                "dialer",
                                "handing over",
                                "monitoring",
                                "handed over to side B: everything was settled"),
                        new Transition(
                                now.minusSeconds(76),
                                Side.A,
                                "dialer",
                                "quiescing",
                                "handing over",
                                "nothing dials, rings or is being transferred any more"),
                        new Transition(
                                now.minusSeconds(98),
                                Side.A,
                                "dialer",
                                "active",
                                "quiescing",
                                "maintenance asked for by console"),
                        new Transition(
                                now.minusSeconds(4210),
                                Side.A,
                                "dialer",
                                "standby",
                                "active",
                                "took over at start: nobody held the right to dial"),
                        new Transition(
                                now.minusSeconds(96_000),
                                Side.B,
                                "dialer",
                                "monitoring",
                                "stopped",
                                "the last connected call has ended")));
    }

    private static SideView side(
            Instant now,
            Side side,
            String role,
            String phase,
            long since,
            String reason,
            long epoch,
            Counts counts,
            String waitsFor,
            long expected,
            long limit) {
        return new SideView(
                side,
                true,
                true,
                side + "-1",
                role,
                phase,
                now.minusSeconds(since),
                reason,
                epoch,
                role.equals("active"),
                role.equals("active") ? "" : role.equals("standby") ? "" : "in maintenance",
                role.equals("standby"),
                "",
                counts,
                waitsFor,
                in(now, expected),
                in(now, limit),
                "0.1.0",
                "http://127.0.0.1:8081/",
                now,
                null);
    }

    private static @Nullable Instant in(Instant now, long seconds) {
        return seconds == 0 ? null : now.plusSeconds(seconds);
    }

    private static CampaignFigures campaign(
            String name,
            String mode,
            boolean running,
            long attempts,
            long voice,
            long busy,
            long noAnswer,
            long invalid,
            long abandon,
            long customer,
            long left,
            long contacts,
            AgentFigures agents) {
        long live = voice + abandon + customer;
        return new CampaignFigures(
                name,
                mode,
                running,
                "sales",
                attempts,
                12,
                voice,
                busy,
                noAnswer,
                invalid,
                abandon,
                100.0 * abandon / live,
                customer,
                0,
                Map.of(),
                contacts,
                left,
                100.0 * (contacts - left) / contacts,
                100.0 * live / attempts,
                agents);
    }
}
