package releve.sim.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import releve.sim.journal.JournalCall;
import releve.sim.journal.JournalReader;
import releve.sim.journal.Outcome;
import releve.sim.journal.Party;
import releve.sim.phone.TestDialer;
import releve.sim.world.Spread;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;

class AgentsTest {
    private static final AgentHabits QUICK = AgentHabits.DEFAULT
            .withWrapUp(Spread.always(20))
            .withTalk(Spread.always(60_000))
            .withIvrTalk(Spread.always(60_000));

    @TempDir
    Path directory;

    private FakeSides sides;
    private TestDialer dialer;
    private Agents agents;

    @BeforeEach
    void open() throws IOException {
        sides = new FakeSides();
        dialer = new TestDialer();
    }

    @AfterEach
    void closeAll() throws IOException {
        dialer.close();
        if (agents != null) {
            assertThat(agents.status().faults()).isZero();
            agents.close();
        }
        sides.close();
    }

    private AgentsConfig config(AgentHabits habits, int count) {
        return AgentsConfig.defaults(sides.bases(), directory.resolve("agents.jsonl"))
                .withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withAgentKey(FakeSides.KEY)
                .withCount(count)
                .withHabits(habits);
    }

    private void start(AgentHabits habits, int count) throws IOException {
        agents = Agents.start(config(habits, count));
        await().until(() ->
                sides.states.size() == count && sides.states.values().stream().allMatch("READY"::equals));
    }

    private long call(String user) {
        UnaryOperator<InviteRequest> auto =
                request -> request.withSdp(TestDialer.offer()).withAutoAnswer();
        return dialer.invite(user, agents.address(), auto);
    }

    private boolean hangUp(long call) {
        return dialer.run((agent, nowMs) -> agent.hangUp(call, null, nowMs));
    }

    private List<JournalCall> journal() throws IOException {
        agents.close();
        JournalReader.Contents contents = JournalReader.read(directory.resolve("agents.jsonl"));
        assertThat(contents.problems()).isEmpty();
        return contents.calls();
    }

    @Test
    void shouldLogInEveryAgentWithItsPhoneAndBecomeReady() throws Exception {
        start(QUICK, 40);
        assertThat(agents.status().loggedIn()).isEqualTo(40);
        assertThat(sides.phones)
                .containsEntry(
                        "agent7", "sip:agent7@127.0.0.1:" + agents.address().getPort());
        assertThat(sides.requests).noneMatch(r -> r.startsWith("1 "));
    }

    @Test
    void shouldAnswerByItselfAndBeReadyAgainAfterWrapUp() throws Exception {
        start(QUICK, 2);
        sides.states.put("agent1", "RESERVED");
        long call = call("agent1");
        dialer.expect(call, SipEvent.Answered.class);
        sides.states.put("agent1", "TALKING");
        assertThat(agents.status().talking()).isOne();
        dialer.run((agent, nowMs) -> agent.reinvite(call, TestDialer.offer(), nowMs));
        dialer.expect(call, SipEvent.ReinviteAnswered.class);
        hangUp(call);
        // Still talking for the product: ready is refused until it has seen the end.
        await().until(() -> sides.count("0 ready") >= 4);
        sides.states.put("agent1", "WRAP_UP");
        await().until(() -> "READY".equals(sides.states.get("agent1")));
        assertThat(sides.states).containsEntry("agent2", "READY");
        JournalCall seen = journal().getFirst();
        assertThat(seen.to()).isEqualTo("agent1");
        assertThat(seen.reinvites()).isOne();
        assertThat(seen.end().outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(seen.end().endedBy()).isEqualTo(Party.DIALER);
    }

    @Test
    void shouldHangUpWhenTheAgentHasTalkedEnough() throws Exception {
        start(QUICK.withTalk(Spread.always(50)).withAgentEnds(1), 1);
        long call = call("agent1");
        assertThat(dialer.expect(call, SipEvent.CallEnded.class).byRemote()).isTrue();
        assertThat(journal().getFirst().end().endedBy()).isEqualTo(Party.AGENT);
    }

    @Test
    void shouldSayBusyDuringACallAndNotFoundForStrangers() throws Exception {
        start(QUICK, 1);
        long first = call("agent1");
        dialer.expect(first, SipEvent.Answered.class);
        assertThat(dialer.expect(call("agent1"), SipEvent.InviteFailed.class).status())
                .isEqualTo(486);
        assertThat(dialer.expect(call("agent99"), SipEvent.InviteFailed.class).status())
                .isEqualTo(404);
        hangUp(first);
    }

    @Test
    void shouldTakeAnyNumberOfCallersInTheIvrAndHangUpAfterItsTime() throws Exception {
        start(QUICK.withIvrTalk(Spread.always(300)), 0);
        List<Long> calls = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> call(Agents.IVR))
                .toList();
        calls.forEach(call -> dialer.expect(call, SipEvent.Answered.class));
        calls.forEach(
                call -> assertThat(dialer.expect(call, SipEvent.CallEnded.class).byRemote())
                        .isTrue());
        assertThat(agents.status().ivrAnswered()).isEqualTo(50);
        assertThat(agents.status().ivrTalking()).isZero();
    }

    @Test
    void shouldFailWithItsPhonesAsConfigured() throws Exception {
        start(QUICK.withFaults(1, 0), 1);
        assertThat(dialer.expect(call("agent1"), SipEvent.InviteFailed.class).status())
                .isEqualTo(486);
        agents.close();
        agents = Agents.start(config(QUICK.withFaults(0, 1), 1));
        long silent = call("agent1");
        assertThat(dialer.expect(silent, SipEvent.Provisional.class).status()).isEqualTo(180);
        hangUp(silent);
        assertThat(dialer.expect(silent, SipEvent.InviteFailed.class).status()).isEqualTo(487);
    }

    @Test
    void shouldMendAStateThatDoesNotFitTheIdlePhone() throws Exception {
        start(QUICK, 3);
        sides.states.put("agent1", "NOT_READY");
        sides.states.put("agent2", "WRAP_UP");
        sides.states.put("agent3", "LOGGED_OUT");
        await().until(() -> sides.states.values().stream().allMatch("READY"::equals));
        assertThat(agents.status().healed()).isEqualTo(3);
    }

    @Test
    void shouldLogInAgainWhenTheTokenIsUnknown() throws Exception {
        start(QUICK, 1);
        String first = sides.tokens.put("agent1", "another");
        await().until(() -> !List.of("another", first).contains(sides.tokens.get("agent1")));
        await().until(() -> agents.status().loggedIn() == 1);
    }

    @Test
    void shouldTurnToTheOtherSideWhenOneFailsOrIsGone() throws Exception {
        start(QUICK, 3);
        sides.broken.add(0);
        await().until(() ->
                sides.requests.stream().filter(r -> r.startsWith("1 ")).count() >= 3);
        sides.broken.clear();
        sides.stop(1);
        sides.states.put("agent1", "NOT_READY");
        await().until(() -> "READY".equals(sides.states.get("agent1")));
        assertThat(agents.status().failovers()).isGreaterThanOrEqualTo(4);
        assertThat(sides.tokens).hasSize(3);
        assertThat(sides.requests.stream().filter(r -> r.endsWith("login")).count())
                .isEqualTo(3);
    }

    @Test
    void shouldWaitForTheProductToAppear() throws Exception {
        sides.broken.addAll(List.of(0, 1));
        agents = Agents.start(config(QUICK, 2));
        await().until(() -> agents.status().unreachable() >= 2);
        assertThat(agents.status().loggedIn()).isZero();
        sides.broken.clear();
        await().until(() ->
                sides.states.values().stream().filter("READY"::equals).count() == 2);
    }

    @Test
    void shouldLogOutIdleAgentsAtStopAndTheOthersAfterTheirCall() throws Exception {
        start(QUICK, 3);
        long call = call("agent1");
        dialer.expect(call, SipEvent.Answered.class);
        sides.states.put("agent1", "TALKING");
        sides.states.put("agent2", "RESERVED");
        agents.stop();
        await().until(() -> "LOGGED_OUT".equals(sides.states.get("agent3")));
        await().until(() -> sides.logOutWishes.contains("agent2"));
        assertThat(agents.awaitStopped(Duration.ofMillis(50))).isFalse();
        assertThat(sides.states).containsEntry("agent1", "TALKING");
        sides.states.put("agent2", "LOGGED_OUT");
        sides.states.put("agent1", "WRAP_UP");
        hangUp(call);
        assertThat(agents.awaitStopped(Duration.ofSeconds(10))).isTrue();
        assertThat(sides.states.values()).containsOnly("LOGGED_OUT");
        assertThat(agents.status().loggedIn()).isZero();
    }

    @Test
    void shouldSayInOneSentenceWhatIsWrong() {
        AgentsConfig wrong = new AgentsConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(URI.create("ftp://x")),
                "",
                20_000,
                List.of(),
                1,
                QUICK.withFaults(0.6, 0.6),
                DeskHabits.BLIND,
                DeskScript.EMPTY,
                directory.resolve("agents.jsonl"));
        assertThat(wrong.violations()).hasSize(4);
        assertThatThrownBy(() -> Agents.start(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The shares of busy and unanswered phones add up to more than 1.");
    }
}
