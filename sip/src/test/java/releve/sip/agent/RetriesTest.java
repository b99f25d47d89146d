package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import releve.sip.auth.Account;
import releve.sip.auth.DigestAlgorithm;
import releve.sip.auth.DigestClient;
import releve.sip.auth.DigestServer;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Hop;

/** Calls that are challenged (RFC 3261 section 22) or whose first server fails (RFC 3263 section 4.3). */
class RetriesTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final InetSocketAddress C = LossyNetwork.address(3);
    private static final InetSocketAddress NOBODY = LossyNetwork.address(9);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();

    private final LossyNetwork net = new LossyNetwork(5);
    private final DigestServer server = new DigestServer(
            "trunk.example",
            List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5),
            user -> user.equals("releve") ? Optional.of("secret") : Optional.empty(),
            new SplittableRandom(1));
    private final List<SipEvent> atA = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private int rejectWith;
    private boolean rings;
    private final UserAgent b = net.add(UserAgentConfig.at(B), (e, now) -> {
        if (e instanceof SipEvent.IncomingCall incoming) {
            atB(incoming, now);
        }
    });
    private final UserAgent c = net.add(UserAgentConfig.at(C), (e, now) -> {
        if (e instanceof SipEvent.IncomingCall incoming) {
            this.c().answer(incoming.call(), SDP, now);
        }
    });

    private UserAgent c() {
        return c;
    }

    private void atB(SipEvent.IncomingCall incoming, long nowMs) {
        if (rings) {
            b.ring(incoming.call(), 180, null, nowMs);
        }
        if (rejectWith > 0) {
            b.reject(incoming.call(), rejectWith, List.of(), nowMs);
            return;
        }
        switch (server.verify(incoming.invite(), nowMs)) {
            case DigestServer.Verdict.Accepted _ -> b.answer(incoming.call(), SDP, nowMs);
            case DigestServer.Verdict.Challenged challenged ->
                b.reject(incoming.call(), 401, challenged.challenges(), nowMs);
            case DigestServer.Verdict.Misused _ -> b.reject(incoming.call(), 400, List.of(), nowMs);
        }
    }

    private static InviteRequest call(InetSocketAddress to) {
        return InviteRequest.of("sip:b@127.0.0.2", to, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                .withSdp(SDP);
    }

    private DigestClient client(String secret) {
        return new DigestClient(List.of(new Account("trunk.example", "releve", secret)), new SplittableRandom(2));
    }

    private Stream<SipRequest> sentByA(Method method) {
        return net.sent.stream()
                .filter(w -> w.from().equals(A)
                        && w.message() instanceof SipRequest r
                        && r.method().equals(method))
                .map(w -> (SipRequest) w.message());
    }

    @Test
    void shouldCallAgainWithCredentialsWhenChallenged() {
        long call = a.invite(call(B).withAuthenticator(client("secret")), net.nowMs);
        net.run(5_000);
        assertThat(atA).containsExactly(new SipEvent.Answered(call, SDP));
        List<SipRequest> invites = sentByA(Method.INVITE).toList();
        assertThat(invites).extracting(r -> r.cseq().number()).containsExactly(1, 2);
        assertThat(invites)
                .extracting(SipRequest::callId)
                .containsOnly(invites.getFirst().callId());
        assertThat(invites).extracting(r -> r.topVia().params().get("branch")).doesNotHaveDuplicates();
        SipRequest ack = sentByA(Method.ACK).toList().getLast();
        assertThat(ack.cseq().number()).isEqualTo(2);
        assertThat(ack.headers().first(HeaderName.AUTHORIZATION))
                .as("the ACK carries the INVITE's credentials (section 22.1)")
                .isEqualTo(invites.getLast().headers().first(HeaderName.AUTHORIZATION));
        assertThat(a.bye(call, null, net.nowMs)).isTrue();
        net.run(60_000);
        assertThat(sentByA(Method.BYE).toList().getFirst().cseq().number()).isEqualTo(3);
        assertThat(a.calls() + b.calls() + a.deadlines() + b.deadlines()).isZero();
    }

    @Test
    void shouldShowCredentialsAtOnceInTheNextCall() {
        DigestClient client = client("secret");
        a.invite(call(B).withAuthenticator(client), net.nowMs);
        net.run(5_000);
        a.invite(call(B).withAuthenticator(client), net.nowMs);
        net.run(5_000);
        assertThat(atA).hasSize(2).allMatch(SipEvent.Answered.class::isInstance);
        assertThat(sentByA(Method.INVITE))
                .as("the second call needs no challenge")
                .hasSize(3);
    }

    @Test
    void shouldFailWithTheChallengeWhenTheCredentialsAreWrong() {
        a.invite(call(B).withAuthenticator(client("wrong")), net.nowMs);
        net.run(60_000);
        assertThat(atA).hasSize(1);
        assertThat(((SipEvent.InviteFailed) atA.getFirst()).status()).isEqualTo(401);
        assertThat(sentByA(Method.INVITE)).hasSize(2);
        assertThat(a.calls() + a.transactions() + a.deadlines()).isZero();
    }

    @Test
    void shouldFailWithTheChallengeWhenThereAreNoCredentials() {
        a.invite(call(B), net.nowMs);
        net.run(60_000);
        assertThat(((SipEvent.InviteFailed) atA.getFirst()).status()).isEqualTo(401);
        assertThat(sentByA(Method.INVITE)).hasSize(1);
    }

    @Test
    void shouldGoToTheNextServerWhenTheFirstIsOverloaded() {
        rejectWith = 503;
        a.invite(call(B).withFurther(List.of(Hop.udp(C))), net.nowMs);
        net.run(5_000);
        assertThat(atA).hasSize(1).allMatch(SipEvent.Answered.class::isInstance);
        assertThat(sentByA(Method.ACK).toList().getLast().cseq().number()).isEqualTo(2);
    }

    @Test
    void shouldGoToTheNextServerWhenTheFirstIsSilent() {
        long call = a.invite(call(NOBODY).withFurther(List.of(Hop.udp(C))), net.nowMs);
        net.run(40_000);
        assertThat(atA).containsExactly(new SipEvent.Answered(call, SDP));
    }

    @Test
    void shouldGoToTheNextServerAfterTheSilenceThatTheCallAllows() {
        long call = a.invite(call(NOBODY).withSilence(3_000).withFurther(List.of(Hop.udp(C))), net.nowMs);
        net.run(2_900);
        assertThat(atA).isEmpty();
        net.run(1_000);
        assertThat(atA).containsExactly(new SipEvent.Answered(call, SDP));
    }

    @Test
    void shouldNotGoElsewhereOnceAPhoneHasRung() {
        rejectWith = 503;
        rings = true;
        long call = a.invite(call(B).withFurther(List.of(Hop.udp(C))), net.nowMs);
        net.run(60_000);
        assertThat(atA.getLast())
                .isEqualTo(new SipEvent.InviteFailed(call, 503, "Service Unavailable", null, null, false, false));
        assertThat(sentByA(Method.INVITE)).noneMatch(r -> r.cseq().number() > 1);
    }

    @Test
    void shouldGoToTheNextServerWhenTheNetworkRefuses() {
        long call = a.invite(call(NOBODY).withFurther(List.of(Hop.udp(NOBODY), Hop.udp(C))), net.nowMs);
        for (int i = 0; i < 2; i++) {
            Transmit lost = a.nextTransmit();
            assertThat(lost.destination().address()).isEqualTo(NOBODY);
            a.transmitFailed(lost, net.nowMs);
        }
        net.run(5_000);
        assertThat(atA).containsExactly(new SipEvent.Answered(call, SDP));
    }

    @Test
    void shouldNotCallElsewhereWhatWasRefusedOrCancelled() {
        rejectWith = 486;
        a.invite(call(B).withFurther(List.of(Hop.udp(C))), net.nowMs);
        net.run(60_000);
        assertThat(((SipEvent.InviteFailed) atA.getFirst()).status()).isEqualTo(486);
        atA.clear();
        long call = a.invite(call(NOBODY).withFurther(List.of(Hop.udp(C))), net.nowMs);
        net.run(1_000);
        a.cancel(call, null, net.nowMs);
        net.run(60_000);
        assertThat(((SipEvent.InviteFailed) atA.getFirst()).cancelled()).isTrue();
        assertThat(sentByA(Method.INVITE))
                .as("repetitions apart, nothing went to C")
                .noneMatch(r -> r.cseq().number() > 1);
    }
}
