package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import releve.app.demo.ChildProcess;
import releve.app.reconcile.Comparison;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.Side;
import releve.server.store.CampaignStore;
import releve.server.store.Reports;

/**
 * Maintenance in mid-campaign with every dialing mode at once, round after round: each round a side goes, and comes back as
 * standby; every other handover is sequential. {@code RELEVE_ROUNDS=10} is the measurement.
 */
class RoundsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration DRAINED = Duration.ofSeconds(180);
    private static final long HALF_HOUR_S = 1_800;
    private static final long SEED = 23;

    /** Who is logged in, with which session, since when. */
    private static final String SESSIONS =
            "select id || ' ' || encode(session_hash, 'hex') from agent where state <> 'LOGGED_OUT' order by id";

    /** A campaign of each kind; those with agents have personal and regular callbacks too. */
    private enum Kind {
        PREDICTIVE("predictive-agent", "--reservation-percent", "30", "--personal-callbacks"),
        PREDICTIVE_IVR("predictive-ivr", "--ivr-ports", "8"),
        PROGRESSIVE("progressive-agent", "--reservation-percent", "30", "--personal-callbacks"),
        PROGRESSIVE_IVR("progressive-ivr", "--ivr-ports", "8"),
        PREVIEW("preview", "--reservation-percent", "30", "--personal-callbacks"),
        DIRECT_PREVIEW("direct-preview", "--reservation-percent", "30", "--personal-callbacks");

        final String mode;
        final List<String> options;

        Kind(String mode, String... options) {
            this.mode = mode;
            this.options = List.of(options);
        }

        String campaign() {
            return mode;
        }
    }

    /** What the report says of one campaign in one half hour. */
    private record Line(String campaign, Instant halfHour) {}

    @Test
    void shouldLoseNothingInMaintenanceWithEveryModeAtOnce() throws Exception {
        try (Scene scene = Scene.prepare(
                "rounds",
                List.of("--seed", Long.toString(SEED), "--talk", "6", "--ring", "4"),
                Optional.of(agents()),
                List.of("--monitoring-limit", "120"))) {
            scene.ensemble.startAll();
            for (Kind kind : Kind.values()) {
                start(scene, kind);
            }
            List<String> sessions = scene.query(SESSIONS);
            Side active = Side.A;
            for (int round = 0; round < Scene.rounds(1); round++) {
                everyModeIsUnderWay(scene);
                maintain(scene, active, round % 2 == 0 ? "overlap" : "sequential");
                active = active.other();
            }
            everyModeIsUnderWay(scene);
            assertThat(scene.query(SESSIONS)).as("sessions of the agents").isEqualTo(sessions);
            for (Kind kind : Kind.values()) {
                scene.releve("campaign", "stop", kind.campaign());
            }
            scene.settle();
            scene.reconcile(scene.directory.resolve("agents.jsonl"));
            reportIsTheLedgersAndTheCarriers(scene);
        }
    }

    private static List<String> agents() {
        return List.of(
                "--seed",
                Long.toString(SEED),
                "--count",
                "40",
                "--talk",
                "6",
                "--wrap-up",
                "1",
                "--previews",
                "--think",
                "2",
                "--callback",
                "0.5",
                "--personal",
                "0.6",
                "--callback-in",
                "5");
    }

    private static void start(Scene scene, Kind kind) throws Exception {
        String ivr = scene.ensemble.ivr();
        List<String> create = new ArrayList<>(List.of(
                "campaign",
                "create",
                kind.campaign(),
                "--mode",
                kind.mode,
                "--ring-limit",
                "10",
                "--preview-timeout",
                "10",
                "--caller-id",
                "+12025550199"));
        create.addAll(
                kind.mode.endsWith("-ivr")
                        ? List.of("--ivr-uri", ivr)
                        : List.of("--skill-group", "demo", "--wrap-up", "20"));
        create.addAll(kind.options);
        scene.releve(create.toArray(String[]::new));
        Path list = scene.directory.resolve(kind.campaign() + ".csv");
        scene.releve(
                "contacts",
                "import",
                Scene.list(list, 5_000, SEED + kind.ordinal()).toString(),
                "--campaign",
                kind.campaign());
        scene.releve("campaign", "start", kind.campaign());
    }

    /** Waits until each campaign has started calls since now, and callbacks of both kinds have been kept. */
    private static void everyModeIsUnderWay(Scene scene) throws Exception {
        String since = "'" + Instant.now() + "'::timestamptz";
        Scene.await(
                "every mode to dial",
                SOON,
                () -> scene.query("select count(distinct campaign) from attempt where started_at > " + since)
                        .equals(List.of(Integer.toString(Kind.values().length))));
        Scene.await(
                "callbacks of both kinds to be kept",
                Duration.ofSeconds(90),
                () -> scene.query("""
                                select count(distinct (promised.callback_agent is null))
                                from attempt promised join attempt kept
                                on kept.contact = promised.contact and kept.number = promised.number + 1
                                where promised.disposition = 14""").equals(List.of("2")));
    }

    private static void maintain(Scene scene, Side side, String handover) throws Exception {
        scene.awaitStandbyOf(side, SOON);
        ChildProcess process = scene.ensemble.node(side);
        scene.releve("maintenance", "start", "--side", side.name(), "--handover", handover);
        Scene.assertStopped(process, 0, DRAINED);
        assertThat(scene.phase(side.other())).isEqualTo("active");
        scene.ensemble.startNode(side);
        scene.awaitPhase(side, "standby", SOON);
    }

    /** The half-hour report, recounted twice: from the rows of the ledger, and from the calls that the carrier saw. */
    private static void reportIsTheLedgersAndTheCarriers(Scene scene) throws Exception {
        Map<CampaignId, String> names = new HashMap<>();
        new CampaignStore(scene.ensemble.pool()).list().forEach(each -> names.put(each.id(), each.name()));
        Map<Line, Map<CallResult, Long>> reported = new HashMap<>();
        names.forEach((id, name) -> scene.reports()
                .halfHours(id, Instant.EPOCH, Instant.now().plusSeconds(1))
                .forEach(half -> reported.put(
                        new Line(name, half.start()),
                        new TreeMap<>(half.attempts().byResult()))));
        Map<Line, Map<CallResult, Long>> ledger = new HashMap<>();
        Map<Line, Long> sent = new HashMap<>();
        Map<Line, Long> carrier = new HashMap<>();
        Set<String> calls = new HashSet<>();
        scene.journal().stream().filter(call -> call.to().startsWith("+")).forEach(call -> calls.add(call.callId()));
        for (Reports.LedgerRow row : scene.ledger()) {
            Line line = new Line(names.get(row.campaign()), halfHour(row.startedAt()));
            ledger.computeIfAbsent(line, unused -> new TreeMap<>()).merge(row.result(), 1L, Long::sum);
            if (!Comparison.neverLeft(row.result(), row.endedBy())) {
                sent.merge(line, 1L, Long::sum);
            }
            if (calls.contains(row.callId())) {
                carrier.merge(line, 1L, Long::sum);
            }
        }
        assertThat(reported).isEqualTo(ledger);
        assertThat(carrier).as("calls that the carrier saw").isEqualTo(sent);
        assertThat(reported.keySet().stream().map(Line::campaign))
                .contains(List.of(Kind.values()).stream().map(Kind::campaign).toArray(String[]::new));
    }

    private static Instant halfHour(Instant at) {
        return Instant.ofEpochSecond(at.getEpochSecond() / HALF_HOUR_S * HALF_HOUR_S);
    }
}
