package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;

/**
 * A person at work: an agent with a real phone who works his contacts by clicks in a real browser, and an operator who maintains
 * his side by clicks in the console meanwhile.
 */
class BrowserTest {
    private static final String AGENT = "meyer";

    @Test
    void shouldKeepAnAgentAtWorkThroughAMaintenanceThatWasClickedInTheConsole() throws Exception {
        Path directory = Files.createDirectories(Scene.TARGET.resolve("scenes").resolve("browser"));
        Path customers = directory.resolve("customers.txt");
        Files.write(
                customers,
                List.of(
                        "+12025550101 answer:3s",
                        "+12025550102 answer:15s",
                        "+12025550103 answer:3s",
                        "+12025550105 answer:3s"));
        try (Baresip phone = Baresip.start(directory.resolve("phone"), AGENT);
                Scene scene = Scene.prepare(
                        "browser",
                        List.of("--seed", "3", "--script", customers.toString()),
                        Optional.empty(),
                        List.of());
                Browser desk = new Browser(directory.resolve("pictures"));
                Browser console = new Browser(directory.resolve("pictures"))) {
            scene.ensemble.startAll();
            campaign(scene, directory);
            logIn(scene, desk, phone);
            desk.click("#ready");

            work(desk, "First", "10");
            desk.reads("#state", "Contact offered");
            desk.reads("#contact-name", "Second");
            desk.picture("offered");
            desk.click("[data-answer=accept]");
            desk.reads("#state", "On a call");

            maintain(scene, console);
            desk.isAt(scene.ensemble.url(Side.B));
            desk.reads("#state", "On a call");
            desk.reads("#contact-name", "Second");
            desk.picture("moved");
            desk.reads("#state", "Wrap-up");
            desk.click("[data-result='24']");
            desk.reads("#saved", "Saved: not at home. You can still change it.");
            desk.click("#ready");
            Scene.assertStopped(scene.ensemble.node(Side.A), 0, Duration.ofSeconds(60));

            work(desk, "Third", "10");
            skipToTakeABreak(desk);
            assertThat(scene.query("select answer from offer where id = (select max(id) from offer)"))
                    .as("the last that he was offered")
                    .containsExactly("SKIP");
            desk.click("#ready");
            work(desk, "Fifth", "10");
            desk.click("#not-ready");
            desk.reads("#state", "Not ready");
            desk.click("#logout");
            desk.reads("#login h2", "Log in");

            assertThat(OutcomesTest.outcomes(scene))
                    .containsEntry("+12025550101", "10/10 C")
                    .containsEntry("+12025550102", "10/24 R")
                    .containsEntry("+12025550103", "10/10 C");
            assertThat(scene.query("select count(*) from agent_event where to_state = 'LOGGED_OUT'"))
                    .as("once, when he had asked for it")
                    .containsExactly("1");
            scene.reconcileAllZero();
        }
    }

    private static void campaign(Scene scene, Path directory) throws Exception {
        scene.releve(
                "campaign",
                "create",
                Scene.CAMPAIGN,
                "--mode",
                "preview",
                "--skill-group",
                "sales",
                "--caller-id",
                "+12025550199",
                "--wrap-up",
                "60");
        Path list = directory.resolve("list.csv");
        Files.write(
                list,
                List.of(
                        "name,phone",
                        "First,+12025550101",
                        "Second,+12025550102",
                        "Third,+12025550103",
                        "Fourth,+12025550104",
                        "Fifth,+12025550105"));
        scene.releve("contacts", "import", list.toString(), "--campaign", Scene.CAMPAIGN);
        scene.releve("campaign", "start", Scene.CAMPAIGN);
    }

    private static void logIn(Scene scene, Browser desk, Baresip phone) {
        desk.open(scene.ensemble.url(Side.A) + "/agent");
        desk.fill("login", AGENT);
        desk.fill("name", "An agent");
        desk.fill("key", scene.ensemble.agentKey());
        desk.fill(
                "phone", "sip:%s@127.0.0.1:%d".formatted(AGENT, phone.address().getPort()));
        desk.fill("groups", "sales");
        desk.click("#login button[type=submit]");
        desk.reads("#state", "Not ready");
    }

    /** Takes the contact that is offered, talks, says what came of it, and is ready for the next. */
    private static void work(Browser desk, String name, String result) {
        desk.reads("#state", "Contact offered");
        desk.reads("#contact-name", name);
        desk.click("[data-answer=accept]");
        desk.reads("#state", "Wrap-up");
        desk.click("[data-result='%s']".formatted(result));
        desk.reads("#saved", "Saved: done. You can still change it.");
        desk.click("#ready");
    }

    /** Who wishes for a break while a contact is offered to him has it as soon as he skips: no other is offered. */
    private static void skipToTakeABreak(Browser desk) throws Exception {
        desk.reads("#contact-name", "Fourth");
        desk.click("#not-ready");
        desk.reads("#hint", "Decide before the time is over. Not ready after this.");
        desk.picture("wish");
        desk.click("[data-answer=skip]");
        desk.reads("#state", "Not ready");
    }

    private static void maintain(Scene scene, Browser console) throws Exception {
        console.open(scene.ensemble.url(Side.A));
        console.reads("#link-text", "live");
        console.click("#maintain-A");
        console.reads("#dialog-title", "Maintenance of side A");
        assertThat(console.text("#dialog-body"))
                .contains(
                        "The other side can take over.",
                        "Side B would be active at once.",
                        "Side A would then follow its connected call for up to 90 min, and stop when it has ended.");
        console.picture("maintenance");
        console.click("#dialog-body button.main");
        scene.awaitPhase(Side.B, "active", Duration.ofSeconds(30));
        console.picture("handed-over");
    }
}
