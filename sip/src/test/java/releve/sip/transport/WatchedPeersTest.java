package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/** Ports that nobody listens on, over real sockets: the system's own ICMP errors. */
class WatchedPeersTest {
    private final Phone caller = new Phone(1, Phone.config());

    WatchedPeersTest() throws Exception {}

    @AfterEach
    void close() {
        caller.close();
    }

    /** A port that was somebody's and is nobody's any more. */
    private static InetSocketAddress closedPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(Phone.LOOPBACK)) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    private void watch(InetSocketAddress... peers) {
        assertThat(caller.endpoint.watch(Set.of(peers))).isTrue();
    }

    private long count(TransportCounter counter) {
        return caller.endpoint.counted(counter);
    }

    @Test
    void shouldGoToTheNextServerWhenNobodyListensAtTheFirst() throws Exception {
        InetSocketAddress closed = closedPort();
        watch(closed);
        try (Phone callee = new Phone(2, Phone.config())) {
            long call = caller.invite(Phone.request(Hop.udp(closed)).withFurther(List.of(callee.hop(Transport.UDP))));
            callee.expect(SipEvent.IncomingCall.class);
            assertThat(caller.expect(SipEvent.Answered.class).call()).isEqualTo(call);
            assertThat(count(TransportCounter.UNREACHABLE_REPORTS)).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void shouldFailWith503WhatFindsNobodyAndHasNowhereElseToGo() throws Exception {
        InetSocketAddress closed = closedPort();
        watch(closed);
        caller.invite(Hop.udp(closed));
        SipEvent.InviteFailed failed = caller.expect(SipEvent.InviteFailed.class);
        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.local()).isTrue();
        caller.run((agent, now) -> {
            agent.options("sip:127.0.0.1", closed, now);
            return 0;
        });
        assertThat(caller.expect(SipEvent.OptionsFailed.class).status()).isEqualTo(503);
    }

    @Test
    void shouldLeaveACallThatIsUpToItsTimersWhenItsPeersPortCloses() throws Exception {
        long call;
        try (Phone callee = new Phone(2, Phone.config())) {
            watch(callee.endpoint.address());
            caller.invite(callee.hop(Transport.UDP));
            call = caller.expect(SipEvent.Answered.class).call();
            callee.expect(SipEvent.Acknowledged.class);
        }
        caller.run((agent, now) -> agent.reinvite(call, Phone.SDP, now));
        Phone.until("three reports", () -> count(TransportCounter.UNREACHABLE_REPORTS) >= 3);
        assertThat((int) caller.run((agent, _) -> agent.calls())).isEqualTo(1);
        assertThat(caller.events).noneMatch(e -> e instanceof SipEvent.ReinviteFailed);
    }

    @Test
    void shouldServeWatchedAndOtherPeersAlike() throws Exception {
        int calls = 20;
        try (Phone watched = new Phone(2, Phone.config());
                Phone other = new Phone(3, Phone.config())) {
            watch(watched.endpoint.address(), closedPort());
            for (int i = 0; i < calls; i++) {
                caller.invite(watched.hop(Transport.UDP));
                caller.invite(other.hop(Transport.UDP));
                watched.invite(caller.hop(Transport.UDP));
                other.invite(caller.hop(Transport.UDP));
            }
            for (int i = 0; i < 2 * calls; i++) {
                caller.expect(SipEvent.Answered.class);
            }
            for (int i = 0; i < calls; i++) {
                watched.expect(SipEvent.Answered.class);
                other.expect(SipEvent.Answered.class);
            }
            watch();
            caller.invite(watched.hop(Transport.UDP));
            caller.expect(SipEvent.Answered.class);
            assertThat(count(TransportCounter.PEERS_NOT_WATCHED)).isZero();
        }
    }

    @Test
    void shouldFindItsPortInUseAllTheSame() throws Exception {
        watch(closedPort());
        caller.run((_, _) -> 0);
        assertThatThrownBy(() -> SipEndpoint.open(
                        UserAgentConfig.at(caller.endpoint.address()), new SplittableRandom(1), (_, _, _) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void shouldWatchNoMorePeersThanItsLimit() {
        Set<InetSocketAddress> many = new HashSet<>();
        for (int port = 1; port <= WatchedPeers.PEERS_MAX + 1; port++) {
            many.add(new InetSocketAddress(Phone.LOOPBACK.getAddress(), port));
        }
        assertThatThrownBy(() -> caller.endpoint.watch(many)).hasMessageContaining("no more than 64");
    }
}
