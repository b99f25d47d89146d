package releve.system;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import releve.sip.agent.SipEvent;

/** A phone that takes every call and talks: whoever calls it hears its voice, wherever re-INVITEs lead that. */
final class TalkingPhone implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final PeerAgent agent;
    private final RtpPhone voice = new RtpPhone();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean closed;

    TalkingPhone(String user) throws Exception {
        agent = new PeerAgent(user);
        Thread.ofPlatform().daemon().name("phone-" + user).start(this::serve);
    }

    InetSocketAddress address() {
        return agent.address();
    }

    /** Packets heard that carry the voice of a phone like this one. */
    int heard() {
        return voice.returned();
    }

    /** Calls that somebody else has ended. */
    int ended() {
        return ended.get();
    }

    private void serve() {
        while (!closed) {
            try {
                SipEvent event = agent.poll(LOOK_EVERY);
                if (event != null) {
                    on(event);
                }
            } catch (InterruptedException _) {
                return;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void on(SipEvent event) throws Exception {
        switch (event) {
            case SipEvent.IncomingCall call -> {
                agent.command((phone, nowMs) -> phone.answer(call.call(), voice.description(), nowMs));
                talkTo(call.sdp());
            }
            case SipEvent.IncomingReinvite again -> {
                agent.command((phone, nowMs) -> phone.answerReinvite(again.call(), voice.description(), nowMs));
                talkTo(again.sdp());
            }
            case SipEvent.Acknowledged acknowledged -> talkTo(acknowledged.sdp());
            case SipEvent.CallEnded _ -> ended.incrementAndGet();
            default -> {}
        }
    }

    private void talkTo(String description) {
        if (description != null) {
            voice.sendTo(description);
        }
    }

    @Override
    public void close() {
        closed = true;
        voice.close();
        agent.close();
    }
}
