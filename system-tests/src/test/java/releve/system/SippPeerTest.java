package releve.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import releve.sip.agent.Counter;
import releve.sip.agent.ReferRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.SubscribeRequest;
import releve.sip.agent.WatcherPolicy;
import releve.sip.auth.Account;
import releve.sip.auth.DigestClient;
import releve.sip.dialog.DialogInfo;
import releve.sip.dialog.DialogInfo.State;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Hop;

/** Our user agent opposite SIPp, in both roles, with scenarios that fail when anything is not as the RFCs say. */
class SippPeerTest {
    @TempDir
    Path directory;

    @Test
    void shouldTryAReinviteAgainWhenThePeerAnswersThatItsOwnIsPending() throws Exception {
        try (SippPeer sipp = SippPeer.callee(directory, "callee-glare.xml");
                PeerAgent ours = new PeerAgent("releve")) {
            long call = ours.call(PeerAgent.callTo("peer", sipp.address()).withSdp(PeerAgent.SDP));
            assertThat(ours.next(SipEvent.Answered.class).sdp()).contains("m=audio 40000");
            ours.command((agent, nowMs) -> agent.reinvite(call, PeerAgent.SDP, nowMs));
            assertThat(ours.next(SipEvent.ReinviteAnswered.class).sdp()).contains("m=audio 40000");
            ours.command((agent, nowMs) -> agent.bye(call, null, nowMs));
            assertThat(ours.next(SipEvent.CallEnded.class).byRemote()).isFalse();
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldCancelACallThatRings() throws Exception {
        try (SippPeer sipp = SippPeer.callee(directory, "callee-cancelled.xml");
                PeerAgent ours = new PeerAgent("releve")) {
            long call = ours.call(PeerAgent.callTo("peer", sipp.address()).withSdp(PeerAgent.SDP));
            assertThat(ours.next(SipEvent.Provisional.class).status()).isEqualTo(180);
            ours.command((agent, nowMs) -> agent.cancel(call, null, nowMs));
            SipEvent.InviteFailed failed = ours.next(SipEvent.InviteFailed.class);
            assertThat(failed.status()).isEqualTo(487);
            assertThat(failed.cancelled()).isTrue();
            assertThat(failed.local()).isFalse();
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldAnswerInTheAckWhatThePeerOffersInItsAnswer() throws Exception {
        try (SippPeer sipp = SippPeer.callee(directory, "callee-offers.xml");
                PeerAgent ours = new PeerAgent("releve")) {
            long call = ours.call(PeerAgent.callTo("peer", sipp.address()));
            assertThat(ours.next(SipEvent.Answered.class).sdp()).contains("m=audio 40000");
            ours.command((agent, _) -> agent.acknowledge(call, PeerAgent.SDP));
            ours.command((agent, nowMs) -> agent.bye(call, null, nowMs));
            ours.next(SipEvent.CallEnded.class);
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldAnswerAChallengeSoThatThePeerFindsTheDigestRight() throws Exception {
        DigestClient digest =
                new DigestClient(List.of(Account.anyRealm("agent", "a secret")), new SplittableRandom(11));
        try (SippPeer sipp = SippPeer.callee(directory, "callee-challenges.xml");
                PeerAgent ours = new PeerAgent("releve")) {
            long call = ours.call(PeerAgent.callTo("peer", sipp.address())
                    .withSdp(PeerAgent.SDP)
                    .withAuthenticator(digest));
            ours.next(SipEvent.Answered.class);
            ours.command((agent, nowMs) -> agent.bye(call, null, nowMs));
            ours.next(SipEvent.CallEnded.class);
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldHearHowTheCallGoesThatThePeerWasReferredTo() throws Exception {
        try (SippPeer sipp = SippPeer.callee(directory, "callee-referred.xml");
                PeerAgent ours = new PeerAgent("releve")) {
            long call = ours.call(PeerAgent.callTo("peer", sipp.address()).withSdp(PeerAgent.SDP));
            ours.next(SipEvent.Answered.class);
            ours.command((agent, nowMs) -> agent.refer(call, ReferRequest.to("sip:other@127.0.0.1:5099"), nowMs));
            assertThat(ours.next(SipEvent.ReferAccepted.class).progressFollows())
                    .isTrue();
            assertThat(ours.next(SipEvent.ReferProgress.class).status()).isEqualTo(100);
            SipEvent.ReferProgress last = ours.next(SipEvent.ReferProgress.class);
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.isLast()).isTrue();
            ours.command((agent, nowMs) -> agent.bye(call, null, nowMs));
            ours.next(SipEvent.CallEnded.class);
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldAcceptAChangeOfTheSessionAndTheEndFromThePeerThatCalled() throws Exception {
        try (PeerAgent ours = new PeerAgent("releve");
                SippPeer sipp = SippPeer.caller(directory, "caller-reinvites.xml", ours.address())) {
            long call = ours.next(SipEvent.IncomingCall.class).call();
            ours.command((agent, nowMs) -> agent.ring(call, 180, null, nowMs));
            ours.command((agent, nowMs) -> agent.answer(call, PeerAgent.SDP, nowMs));
            ours.next(SipEvent.Acknowledged.class);
            assertThat(ours.next(SipEvent.IncomingReinvite.class).sdp()).contains("m=audio 40000");
            ours.command((agent, nowMs) -> agent.answerReinvite(call, PeerAgent.SDP, nowMs));
            ours.next(SipEvent.Acknowledged.class);
            assertThat(ours.next(SipEvent.CallEnded.class).byRemote()).isTrue();
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldEndACallThatThePeerCancels() throws Exception {
        try (PeerAgent ours = new PeerAgent("releve");
                SippPeer sipp = SippPeer.caller(directory, "caller-cancels.xml", ours.address())) {
            long call = ours.next(SipEvent.IncomingCall.class).call();
            ours.command((agent, nowMs) -> agent.ring(call, 180, null, nowMs));
            ours.next(SipEvent.CancelledByPeer.class);
            sipp.succeeded();
            ours.isQuiet();
            assertThat(ours.<Long>ask((agent, _) -> agent.count(Counter.ACKS_MISSING)))
                    .isZero();
        }
    }

    @Test
    void shouldOfferInTheAnswerWhenThePeerCallsWithoutAnOffer() throws Exception {
        try (PeerAgent ours = new PeerAgent("releve");
                SippPeer sipp = SippPeer.caller(directory, "caller-without-offer.xml", ours.address())) {
            SipEvent.IncomingCall incoming = ours.next(SipEvent.IncomingCall.class);
            assertThat(incoming.sdp()).isNull();
            ours.command((agent, nowMs) -> agent.answer(incoming.call(), PeerAgent.SDP, nowMs));
            assertThat(ours.next(SipEvent.Acknowledged.class).sdp()).contains("m=audio 40000");
            ours.command((agent, nowMs) -> agent.bye(incoming.call(), null, nowMs));
            ours.next(SipEvent.CallEnded.class);
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldAcknowledgeReliableProgressAndUpdateTheSessionBeforeAndAfterTheAnswer() throws Exception {
        try (SippPeer sipp = SippPeer.callee(directory, "callee-reliable.xml");
                PeerAgent ours = new PeerAgent("releve")) {
            long call = ours.call(PeerAgent.callTo("peer", sipp.address())
                    .withSdp(PeerAgent.SDP)
                    .withReliableProgress(false));
            assertThat(ours.next(SipEvent.Provisional.class).sdp()).contains("m=audio 40000");
            ours.command((agent, nowMs) -> agent.update(call, Sdp.CONTENT_TYPE, offer(), nowMs));
            assertThat(ours.next(SipEvent.UpdateAnswered.class).sdp()).contains("m=audio 40002");
            ours.next(SipEvent.Answered.class);
            ours.command((agent, nowMs) -> agent.update(call, Sdp.CONTENT_TYPE, offer(), nowMs));
            assertThat(ours.next(SipEvent.UpdateAnswered.class).sdp()).contains("m=audio 40004");
            ours.command((agent, nowMs) -> agent.bye(call, null, nowMs));
            ours.next(SipEvent.CallEnded.class);
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldRingReliablyAndAcceptUpdatesBeforeAndAfterTheAnswer() throws Exception {
        try (PeerAgent ours = new PeerAgent("releve");
                SippPeer sipp = SippPeer.caller(directory, "caller-reliable.xml", ours.address())) {
            long call = ours.next(SipEvent.IncomingCall.class).call();
            ours.command((agent, nowMs) -> agent.ringReliably(call, 183, PeerAgent.SDP, nowMs));
            assertThat(ours.next(SipEvent.IncomingReinvite.class).sdp()).contains("m=audio 40002");
            ours.command((agent, nowMs) -> agent.answerReinvite(call, PeerAgent.SDP, nowMs));
            ours.command((agent, nowMs) -> agent.answer(call, PeerAgent.SDP, nowMs));
            ours.next(SipEvent.Acknowledged.class);
            assertThat(ours.next(SipEvent.IncomingReinvite.class).sdp()).contains("m=audio 40004");
            ours.command((agent, nowMs) -> agent.answerReinvite(call, PeerAgent.SDP, nowMs));
            assertThat(ours.next(SipEvent.CallEnded.class).byRemote()).isTrue();
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldRefuseAReinviteAndAnUpdateThatCrossOurReinvite() throws Exception {
        try (SippPeer sipp = SippPeer.callee(directory, "callee-crosses.xml");
                PeerAgent ours = new PeerAgent("releve")) {
            long call = ours.call(PeerAgent.callTo("peer", sipp.address()).withSdp(PeerAgent.SDP));
            ours.next(SipEvent.Answered.class);
            ours.command((agent, nowMs) -> agent.reinvite(call, PeerAgent.SDP, nowMs));
            assertThat(ours.next(SipEvent.ReinviteAnswered.class).sdp()).contains("m=audio 40000");
            ours.command((agent, nowMs) -> agent.bye(call, null, nowMs));
            ours.next(SipEvent.CallEnded.class);
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    @Test
    void shouldTellAPeerThatWatchesOfOurCallAndItsEnd() throws Exception {
        try (PeerAgent other = new PeerAgent("other");
                PeerAgent ours = new PeerAgent("releve")) {
            ours.command((agent, _) -> {
                agent.serve(WatcherPolicy.of(InetAddress::isLoopbackAddress));
                return true;
            });
            long call = ours.call(PeerAgent.callTo("other", other.address()).withSdp(PeerAgent.SDP));
            long theirs = other.next(SipEvent.IncomingCall.class).call();
            other.command((agent, nowMs) -> agent.answer(theirs, PeerAgent.SDP, nowMs));
            ours.next(SipEvent.Answered.class);
            try (SippPeer sipp = SippPeer.caller(directory, "caller-subscribes.xml", ours.address())) {
                await().atMost(Duration.ofSeconds(15))
                        .until(() -> ours.<Integer>ask((agent, _) -> agent.watchers()) == 1);
                ours.command((agent, nowMs) -> agent.bye(call, null, nowMs));
                ours.next(SipEvent.CallEnded.class);
                sipp.succeeded();
            }
            await().until(() -> ours.<Integer>ask((agent, _) -> agent.watchers()) == 0);
            ours.isQuiet();
        }
    }

    @Test
    void shouldWatchAPeerAndAskForTheWholeStateWhenAChangeWasNotTold() throws Exception {
        try (SippPeer sipp = SippPeer.callee(directory, "callee-watched.xml");
                PeerAgent ours = new PeerAgent("releve")) {
            String uri = "sip:peer@127.0.0.1:" + sipp.address().getPort();
            long watched = ours.ask((agent, nowMs) -> agent.subscribe(
                    SubscribeRequest.toDialogsOf(uri, Hop.udp(sipp.address()), "sip:releve@releve.example"), nowMs));
            assertThat(ours.next(SipEvent.Subscribed.class)).isEqualTo(new SipEvent.Subscribed(watched, false));
            assertThat(states(ours)).containsExactly(entry("one", State.CONFIRMED));
            assertThat(states(ours)).containsExactly(entry("one", State.TERMINATED));
            assertThat(states(ours)).containsOnly(entry("two", State.CONFIRMED), entry("three", State.EARLY));
            SipEvent.SubscriptionEnded ended = ours.next(SipEvent.SubscriptionEnded.class);
            assertThat(ended).isEqualTo(new SipEvent.SubscriptionEnded(watched, 0, "noresource", -1));
            sipp.succeeded();
            ours.isQuiet();
        }
    }

    private static Map<String, State> states(PeerAgent agent) throws Exception {
        return agent.next(SipEvent.DialogsChanged.class).dialogs().stream()
                .collect(Collectors.toMap(DialogInfo.Entry::id, DialogInfo.Entry::state));
    }

    private static byte[] offer() {
        return PeerAgent.SDP.getBytes(StandardCharsets.US_ASCII);
    }
}
