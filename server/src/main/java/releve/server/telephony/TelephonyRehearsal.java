package releve.server.telephony;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import releve.core.call.CallEvent;
import releve.core.common.AttemptId;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.server.trunk.TrunkPlan;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.sdp.Sdp;
import releve.sip.transport.SipEndpoint;

/**
 * Calls that a telephony of its own places to a phone of its own on loopback: rung, answered, bridged, hung up. A standby plays
 * it once, so that its first INVITE after a handover or a takeover does not wait for classes to be loaded and compiled.
 */
public final class TelephonyRehearsal {
    private static final int CALLS = 100;

    /** A call is dialed when the one before has been bridged, so few events wait; further ones are left out. */
    private static final int EVENTS_WAITING_MAX = 1_000;

    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(LOOPBACK, 0);

    private TelephonyRehearsal() {}

    /**
     * Plays it, for two seconds at most.
     *
     * @return calls that were bridged and ended
     * @throws IOException when no port could be bound; nothing is lost by that but time
     */
    public static int play() throws IOException, InterruptedException {
        BlockingQueue<Event> events = new ArrayBlockingQueue<>(EVENTS_WAITING_MAX);
        try (SipEndpoint phone = SipEndpoint.open(
                        UserAgentConfig.at(ANYWHERE), new SecureRandom(), TelephonyRehearsal::atPhone);
                Telephony telephony = Telephony.open(
                        new Telephony.Config(
                                ANYWHERE,
                                TrunkPlan.of(phone.address(), 10_000, CALLS, false),
                                Set.of(LOOPBACK),
                                2 * CALLS,
                                Path.of("."),
                                () -> true),
                        events::offer)) {
            return follow(telephony, phone.address(), events);
        }
    }

    private static int follow(Telephony telephony, InetSocketAddress phone, BlockingQueue<Event> events)
            throws InterruptedException {
        long endNs = System.nanoTime() + LONGEST.toNanos();
        String agent = "sip:nobody@%s:%d".formatted(LOOPBACK.getHostAddress(), phone.getPort());
        int ended = 0;
        while (ended < CALLS) {
            switch (events.poll(endNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                case null -> {
                    return ended;
                }
                case Event.TrunkUp up -> dial(telephony, 1);
                case Event.CallReported(AttemptId attempt, CallEvent.Answered answered) ->
                    telephony.bridge(new Command.Bridge(attempt, agent, "to-agent-" + attempt));
                case Event.CallReported(AttemptId attempt, CallEvent.Bridged bridged) -> {
                    telephony.hangUp(new Command.HangUp(attempt));
                    ended++;
                    if (ended < CALLS) {
                        dial(telephony, ended + 1);
                    }
                }
                case Event other -> {}
            }
        }
        return ended;
    }

    private static void dial(Telephony telephony, int number) {
        AttemptId attempt = AttemptId.of(0, 1, number);
        telephony.dial(new Command.Dial(attempt, "+12025550100", "+12025550199", "rehearsal-" + number));
    }

    private static void atPhone(SipEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.IncomingCall call -> {
                agent.ring(call.call(), 180, null, nowMs);
                agent.answer(call.call(), sdp(), nowMs);
            }
            case SipEvent.IncomingReinvite reinvite -> agent.answerReinvite(reinvite.call(), sdp(), nowMs);
            case SipEvent other -> {}
        }
    }

    private static String sdp() {
        return Sdp.audio(LOOPBACK.getHostAddress(), 40_000, 1).toString();
    }
}
