package releve.sim.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.sim.journal.JournalCall;
import releve.sim.journal.JournalReader;
import releve.sim.journal.Outcome;
import releve.sim.journal.Party;
import releve.sim.phone.TestDialer;
import releve.sim.world.PopulationConfig;
import releve.sim.world.Shares;
import releve.sim.world.Spread;
import releve.sip.agent.SipEvent;
import releve.sip.sdp.Sdp;

class CarrierTest {
    private static final String NUMBER = "+12025550100";
    private static final PopulationConfig QUICK = PopulationConfig.DEFAULT
            .with(Shares.ALL_ANSWER)
            .withRing(Spread.always(40))
            .withTalk(Spread.always(60))
            .withPatience(Spread.always(60_000))
            .withCustomerEnds(0)
            .withEarlyMedia(0)
            .withSlowRinging(0);

    @TempDir
    Path directory;

    private TestDialer dialer;
    private Carrier carrier;

    @BeforeEach
    void openDialer() throws IOException {
        dialer = new TestDialer();
    }

    @AfterEach
    void closeAll() throws IOException {
        dialer.close();
        if (carrier != null) {
            assertThat(carrier.status().faults()).isZero();
            carrier.close();
        }
    }

    private CarrierConfig config(PopulationConfig people) {
        return CarrierConfig.defaults(directory.resolve("carrier.jsonl"))
                .withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withPeople(people);
    }

    private void start(PopulationConfig people) throws IOException {
        carrier = Carrier.start(config(people));
    }

    private long call() {
        return dialer.invite(NUMBER, carrier.address());
    }

    /** The journal of a carrier that was stopped; it must not contradict itself. */
    private List<JournalCall> journal() throws IOException {
        carrier.close();
        JournalReader.Contents contents = JournalReader.read(directory.resolve("carrier.jsonl"));
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.tornLines()).isZero();
        return contents.calls();
    }

    private JournalCall onlyCall() throws IOException {
        List<JournalCall> calls = journal();
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().to()).isEqualTo(NUMBER);
        assertThat(calls.getFirst().from()).isEqualTo("sip:dialer@127.0.0.1");
        assertThat(calls.getFirst().source())
                .isEqualTo("127.0.0.1:" + dialer.address().getPort());
        return calls.getFirst();
    }

    private static void assertEnd(JournalCall call, Outcome outcome, int status, Party endedBy) {
        assertThat(call.end()).isNotNull();
        assertThat(call.end().outcome()).isEqualTo(outcome);
        assertThat(call.end().status()).isEqualTo(status);
        assertThat(call.end().endedBy()).isEqualTo(endedBy);
    }

    private void untilEnded(long count) {
        await().until(() -> carrier.status().ended() == count);
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,0,0,0,0, 486, BUSY",
        "0,0,1,0,0,0, 404, INVALID",
        "0,0,0,1,0,0, 503, CONGESTION",
        "0,0,0,0,1,0, 603, REFUSED",
        "0,0,0,0,0,1, 480, UNAVAILABLE",
    })
    void shouldRefuseWithTheStatusOfTheFate(
            double answer,
            double busy,
            double invalid,
            double congestion,
            double refused,
            double unavailable,
            int status,
            Outcome outcome)
            throws Exception {
        Shares shares = new Shares(answer, busy, invalid, congestion, refused, unavailable);
        start(QUICK.with(shares).times(0.01));
        long call = call();
        assertThat(dialer.expect(call, SipEvent.InviteFailed.class).status()).isEqualTo(status);
        assertEnd(onlyCall(), outcome, status, Party.CUSTOMER);
    }

    @Test
    void shouldRingForEverAndTellNoAnswerWhenTheDialerCancels() throws Exception {
        start(QUICK.with(new Shares(0, 0, 0, 0, 0, 0)));
        long call = call();
        assertThat(dialer.expect(call, SipEvent.Provisional.class).status()).isEqualTo(180);
        assertThat(carrier.status().ringing()).isOne();
        dialer.run((agent, nowMs) -> agent.cancel(call, null, nowMs));
        SipEvent.InviteFailed failed = dialer.expect(call, SipEvent.InviteFailed.class);
        assertThat(failed.status()).isEqualTo(487);
        untilEnded(1);
        JournalCall seen = onlyCall();
        assertThat(seen.ringingAt()).isNotNull();
        assertEnd(seen, Outcome.NO_ANSWER, 487, Party.DIALER);
    }

    @Test
    void shouldTellCancelledWhenNothingRang() throws Exception {
        start(QUICK.withSlowRinging(1).times(1_000));
        long call = call();
        await().until(() -> carrier.status().invites() == 1);
        await().until(() -> dialer.run((agent, nowMs) -> agent.cancel(call, null, nowMs))
                || dialer.seen(call, SipEvent.InviteFailed.class));
        dialer.expect(call, SipEvent.InviteFailed.class);
        untilEnded(1);
        assertEnd(onlyCall(), Outcome.CANCELLED, 487, Party.DIALER);
    }

    @Test
    void shouldEndTheAnsweredCallWhenTheDialerSendsBye() throws Exception {
        start(QUICK);
        long call = call();
        SipEvent.Answered answered = dialer.expect(call, SipEvent.Answered.class);
        assertThat(Sdp.parse(answered.sdp()).firstAudio()).isNotNull();
        assertThat(carrier.status().answered()).isOne();
        dialer.run((agent, nowMs) -> agent.bye(call, null, nowMs));
        dialer.expect(call, SipEvent.CallEnded.class);
        untilEnded(1);
        assertEnd(onlyCall(), Outcome.ANSWERED, 200, Party.DIALER);
    }

    @Test
    void shouldHangUpAfterTheTalkThatBeginsWithTheReinvite() throws Exception {
        start(QUICK.withCustomerEnds(1));
        long call = call();
        String first = dialer.expect(call, SipEvent.Answered.class).sdp();
        dialer.run((agent, nowMs) -> agent.reinvite(call, TestDialer.offer(), nowMs));
        SipEvent.ReinviteAnswered again = dialer.expect(call, SipEvent.ReinviteAnswered.class);
        assertThat(Sdp.parse(again.sdp()).firstAudio().port())
                .isEqualTo(Sdp.parse(first).firstAudio().port());
        assertThat(dialer.expect(call, SipEvent.CallEnded.class).byRemote()).isTrue();
        JournalCall seen = onlyCall();
        assertThat(seen.reinvites()).isOne();
        assertEnd(seen, Outcome.ANSWERED, 200, Party.CUSTOMER);
        assertThat(seen.end().talkMs()).isGreaterThanOrEqualTo(60);
    }

    @Test
    void shouldAnswerAReinviteWithoutOffer() throws Exception {
        start(QUICK);
        long call = call();
        dialer.expect(call, SipEvent.Answered.class);
        dialer.run((agent, nowMs) -> agent.reinvite(call, null, nowMs));
        SipEvent.ReinviteAnswered offered = dialer.expect(call, SipEvent.ReinviteAnswered.class);
        assertThat(offered.sdp()).isNotNull();
        dialer.run((agent, nowMs) -> agent.acknowledge(call, TestDialer.offer()));
        dialer.run((agent, nowMs) -> agent.bye(call, null, nowMs));
        untilEnded(1);
        assertThat(onlyCall().reinvites()).isOne();
    }

    @Test
    void shouldHangUpWhenPatienceEndsBeforeAnAgentCame() throws Exception {
        start(QUICK.withPatience(Spread.always(50)));
        long call = call();
        assertThat(dialer.expect(call, SipEvent.CallEnded.class).byRemote()).isTrue();
        JournalCall seen = onlyCall();
        assertThat(seen.reinvites()).isZero();
        assertEnd(seen, Outcome.ANSWERED, 200, Party.CUSTOMER);
    }

    @Test
    void shouldEndACallThatOutlivesTheLimit() throws Exception {
        carrier = Carrier.start(config(QUICK).withTalkLimitMs(1_000));
        long call = call();
        dialer.expect(call, SipEvent.CallEnded.class);
        assertEnd(onlyCall(), Outcome.ANSWERED, 200, Party.TIMEOUT);
    }

    @Test
    void shouldSendEarlyMediaAsConfigured() throws Exception {
        start(QUICK.withEarlyMedia(1));
        long call = call();
        SipEvent.Provisional early = dialer.expect(call, SipEvent.Provisional.class);
        assertThat(early.status()).isEqualTo(183);
        assertThat(early.sdp()).isNotNull();
        dialer.expect(call, SipEvent.Answered.class);
    }

    @Test
    void shouldRefuseCallsFasterThanTheLimitWithRetryAfter() throws Exception {
        carrier = Carrier.start(config(QUICK).withCallsPerSecond(1));
        List<Long> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(call());
        }
        SipEvent.InviteFailed refused = dialer.expect(calls.getLast(), SipEvent.InviteFailed.class);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.retryAfterSeconds()).isOne();
        assertThat(carrier.status().overLimit()).isBetween(1L, 3L);
        assertThat(journal()).hasSize(4);
    }

    @Test
    void shouldAnswerOptionsUnlessUnreachable() throws Exception {
        start(QUICK);
        dialer.run((agent, nowMs) -> {
            agent.options("sip:127.0.0.1", carrier.address(), nowMs);
            return true;
        });
        await().until(() -> dialer.events.stream().anyMatch(e -> e instanceof SipEvent.OptionsAnswered));
        carrier.setUnreachable(true);
        long call = call();
        carrier.status();
        assertThat(carrier.status().invites()).isZero();
        carrier.setUnreachable(false);
        dialer.expect(call, SipEvent.Answered.class); // by the retransmission of its INVITE
    }

    @Test
    void shouldLeaveLiveCallsOpenInTheJournalWhenItStops() throws Exception {
        start(QUICK);
        long call = call();
        dialer.expect(call, SipEvent.Answered.class);
        JournalCall seen = onlyCall();
        assertThat(seen.answeredAt()).isNotNull();
        assertThat(seen.isOpen()).isTrue();
    }

    @Test
    void shouldEndEachOfManyCallsExactlyOnce() throws Exception {
        int count = 600;
        start(PopulationConfig.DEFAULT.times(0.01).withPatience(Spread.always(100)));
        Set<Long> calls = new HashSet<>();
        for (int i = 0; i < count; i++) {
            calls.add(dialer.invite("+1202555" + (1_000 + i), carrier.address()));
        }
        await().until(() -> carrier.status().ended() + carrier.status().ringing() == count
                && dialer.events.stream()
                                .filter(e -> e instanceof SipEvent.CallEnded)
                                .count()
                        == carrier.status().talked());
        await().until(() -> {
            calls.forEach(c -> dialer.run((agent, nowMs) -> agent.hangUp(c, null, nowMs)));
            return carrier.status().ended() == count;
        });
        List<JournalCall> seen = journal();
        assertThat(seen).hasSize(count).noneMatch(JournalCall::isOpen);
        assertThat(seen.stream().map(JournalCall::callId).distinct()).hasSize(count);
        assertThat(seen.stream().filter(c -> c.answeredAt() != null).count())
                .isEqualTo(seen.stream()
                        .filter(c -> c.end().outcome() == Outcome.ANSWERED)
                        .count());
    }

    @Test
    void shouldSayInOneSentenceThatThePortIsTaken() throws Exception {
        start(QUICK);
        CarrierConfig same = config(QUICK).withListen(carrier.address());
        assertThatThrownBy(() -> Carrier.start(same))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
        assertThatThrownBy(() -> Carrier.start(config(QUICK.with(new Shares(2, 0, 0, 0, 0, 0)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("answer rate");
    }
}
