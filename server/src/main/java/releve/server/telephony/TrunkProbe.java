package releve.server.telephony;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.engine.Event;
import releve.sip.agent.SipEvent;
import releve.sip.transport.SipEndpoint;

/**
 * Asks the trunk by OPTIONS every two seconds whether it is there. Any answer means yes (a trunk may refuse OPTIONS); none
 * within three probes, or a refusal by the network, means no, until it answers again.
 */
final class TrunkProbe {
    private static final Logger log = LoggerFactory.getLogger(TrunkProbe.class);
    private static final long EVERY_MS = 2_000;
    private static final int SILENT_MAX = 3;

    private enum Trunk {
        UNKNOWN,
        UP,
        DOWN
    }

    private final SipEndpoint endpoint;
    private final InetSocketAddress trunk;
    private final Consumer<Event> events;
    private final Thread thread;
    private Trunk state = Trunk.UNKNOWN;
    private int unanswered;

    TrunkProbe(SipEndpoint endpoint, InetSocketAddress trunk, Consumer<Event> events) {
        this.endpoint = endpoint;
        this.trunk = trunk;
        this.events = events;
        this.thread = Thread.ofPlatform().name("trunk-probe").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void close() {
        thread.interrupt();
    }

    private void run() {
        String uri = "sip:" + trunk.getHostString() + ":" + trunk.getPort();
        while (true) {
            endpoint.submit((agent, nowMs) -> {
                ask();
                agent.options(uri, trunk, nowMs);
            });
            try {
                TimeUnit.MILLISECONDS.sleep(EVERY_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void ask() {
        unanswered++;
        if (unanswered > SILENT_MAX) {
            down("the trunk " + where() + " does not answer");
        }
    }

    void answered(SipEvent.OptionsAnswered answered) {
        unanswered = 0;
        if (state != Trunk.UP) {
            log.info("The trunk {} answers", where());
            state = Trunk.UP;
            events.accept(new Event.TrunkUp());
        }
    }

    void failed(SipEvent.OptionsFailed failed) {
        if (failed.status() == 503) {
            down("the trunk " + where() + " cannot be reached");
        }
    }

    private void down(String reason) {
        if (state != Trunk.DOWN) {
            log.warn("Dialing pauses: {}", reason);
            state = Trunk.DOWN;
            events.accept(new Event.TrunkDown(reason));
        }
    }

    private String where() {
        return trunk.getHostString() + ":" + trunk.getPort();
    }
}
