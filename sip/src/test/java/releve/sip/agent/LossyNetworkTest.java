package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import releve.sip.message.Reason;
import releve.sip.sdp.Sdp;

/** Many calls between two user agents over a network that loses, doubles and reorders; both ends must agree. */
class LossyNetworkTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();

    /** One end's record of one call. */
    private static final class Side {
        boolean up;
        int finals;
        SipEvent last;
    }

    private static final class World {
        final LossyNetwork net;
        final SplittableRandom random;
        final Map<String, Side> callers = new HashMap<>();
        final Map<String, Side> callees = new HashMap<>();
        final Map<Long, String> idsA = new HashMap<>();
        final Map<Long, String> idsB = new HashMap<>();
        final UserAgent a;
        final UserAgent b;

        World(long seed) {
            net = new LossyNetwork(seed);
            net.record = false;
            random = net.random.split();
            a = net.add(UserAgentConfig.at(A).withLimits(500, 5000, 60_000), this::atA);
            b = net.add(UserAgentConfig.at(B).withLimits(500, 5000, 60_000), this::atB);
        }

        void call(int n) {
            String id = "call-" + n;
            callers.put(id, new Side());
            long call = a.invite(
                    InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                            .withSdp(SDP)
                            .withCallId(id),
                    net.nowMs);
            idsA.put(call, id);
            if (random.nextInt(3) == 0) {
                net.at(random.nextInt(4000), () -> a.cancel(call, null, net.nowMs));
            }
        }

        void atA(SipEvent event, long nowMs) {
            if (!(event instanceof SipEvent.CallEvent e)) {
                return;
            }
            Side side = callers.get(idsA.get(e.call()));
            note(side, e);
            switch (e) {
                case SipEvent.Answered answered -> talk(a, answered.call());
                case SipEvent.IncomingReinvite in -> a.answerReinvite(in.call(), SDP, nowMs);
                default -> {}
            }
        }

        void atB(SipEvent event, long nowMs) {
            if (!(event instanceof SipEvent.CallEvent e)) {
                return;
            }
            if (e instanceof SipEvent.IncomingCall in) {
                assertThat(callees.put(in.callId(), new Side())).as(in.callId()).isNull();
                idsB.put(in.call(), in.callId());
                treat(in.call());
                return;
            }
            note(callees.get(idsB.get(e.call())), e);
            switch (e) {
                case SipEvent.Acknowledged ack -> talk(b, ack.call());
                case SipEvent.IncomingReinvite in -> b.answerReinvite(in.call(), SDP, nowMs);
                default -> {}
            }
        }

        private void treat(long call) {
            int ringAfter = random.nextInt(300);
            if (random.nextBoolean()) {
                net.at(ringAfter, () -> b.ring(call, 180, null, net.nowMs));
            }
            int finalAfter = ringAfter + random.nextInt(5000);
            if (random.nextInt(4) == 0) {
                net.at(finalAfter, () -> b.reject(call, 486, List.of(), net.nowMs));
            } else {
                net.at(finalAfter, () -> answer(call));
            }
        }

        private void answer(long call) {
            Side side = callees.get(idsB.get(call));
            side.up |= b.answer(call, SDP, net.nowMs);
        }

        private void talk(UserAgent agent, long call) {
            if (random.nextInt(3) == 0) {
                net.at(random.nextInt(200), () -> agent.reinvite(call, SDP, net.nowMs));
            }
            net.at(random.nextInt(3000), () -> agent.bye(call, Reason.NORMAL_CLEARING, net.nowMs));
        }

        private void note(Side side, SipEvent.CallEvent e) {
            assertThat(side.finals)
                    .as("event after the final one: %s after %s", e, side.last)
                    .isZero();
            side.last = e;
            side.finals += e.isFinal() ? 1 : 0;
            side.up |= e instanceof SipEvent.Answered || e instanceof SipEvent.AnsweredAfterCancel;
        }

        void check() {
            callers.forEach((id, caller) -> {
                assertThat(caller.finals).as("finals of caller in " + id).isEqualTo(1);
                Side callee = callees.get(id);
                if (callee != null) {
                    assertThat(callee.finals).as("finals of callee in " + id).isEqualTo(1);
                    assertThat(callee.up)
                            .as("%s: caller %s callee %s", id, caller.last, callee.last)
                            .isEqualTo(caller.up);
                }
            });
            net.forEachAgent((address, agent) -> {
                assertThat(agent.calls()).as("calls left at " + address).isZero();
                assertThat(agent.transactions())
                        .as("transactions left at " + address)
                        .isZero();
                assertThat(agent.deadlines()).as("deadlines left at " + address).isZero();
                assertThat(agent.count(Counter.DROPPED_MALFORMED)).isZero();
            });
        }
    }

    /** The seed draws the network's faults too. */
    private static World run(long seed, int calls) {
        World world = new World(seed);
        world.net.loss = 0.25 * world.random.nextDouble();
        world.net.doubling = 0.2 * world.random.nextDouble();
        world.net.delayMinMs = 1 + world.random.nextInt(20);
        world.net.delayMaxMs = world.net.delayMinMs + world.random.nextInt(400);
        for (int i = 0; i < calls; i++) {
            int n = i;
            world.net.at(20L * i, () -> world.call(n));
        }
        world.net.run(600_000);
        return world;
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("releve.sip.seeds", 20));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldAgreeAndLeaveNothingWhenNetworkLosesAndReorders(long seed) {
        World world = run(seed, 200);
        world.check();
        assertThat(world.callees).hasSizeGreaterThan(150);
    }

    @Test
    void shouldSendTheSameBytesWhenSeedIsTheSame() {
        long first = run(42, 50).a.count(Counter.DATAGRAMS_SENT);
        long second = run(42, 50).a.count(Counter.DATAGRAMS_SENT);
        assertThat(first).isEqualTo(second);
    }
}
