package releve.sim.agents;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.sim.journal.Fact;
import releve.sim.journal.Journal;
import releve.sim.journal.Outcome;
import releve.sim.journal.Party;
import releve.sim.phone.Listening;
import releve.sim.phone.Session;
import releve.sim.phone.Timing;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.message.InfoUri;
import releve.sip.transport.SipEndpoint;

/** All phones behind one address: agent1@…, agent2@…, and the IVR. */
final class Phones implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Phones.class);
    private static final int CALLS_MAX = 50_000;

    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final Map<Long, PhoneCall> calls = new HashMap<>();
    private final Timing timing = new Timing("phones-timing");
    private final Journal journal;
    private final Tally tally;
    private final String host;
    private final SipEndpoint endpoint;

    /** @throws IOException with one sentence when the port cannot be had */
    Phones(InetSocketAddress listen, long seed, Journal journal, Tally tally) throws IOException {
        this.journal = journal;
        this.tally = tally;
        this.host = listen.getAddress().getHostAddress();
        this.endpoint = Listening.open(listen, "agents", CALLS_MAX, seed, () -> true, this::onEvent);
        timing.runOn(endpoint);
    }

    void add(Line line) {
        lines.put(line.user, line);
    }

    InetSocketAddress address() {
        return endpoint.address();
    }

    String uriOf(String user) {
        return "sip:" + user + "@" + host + ":" + endpoint.address().getPort();
    }

    boolean isRunning() {
        return endpoint.isRunning();
    }

    long faults() {
        return endpoint.failures();
    }

    @Override
    public void close() {
        timing.close();
        endpoint.close();
        Throwable fault = endpoint.lastFailure();
        if (fault != null) {
            LOG.error("The phones met {} faults; the last:", endpoint.failures(), fault);
        }
    }

    private void onEvent(SipEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.IncomingCall incoming -> incoming(incoming, agent, nowMs);
            case SipEvent.CallEvent ofCall -> {
                PhoneCall call = calls.get(ofCall.call());
                if (ofCall.isFinal()) {
                    calls.remove(ofCall.call());
                }
                if (call != null) {
                    call.on(ofCall, agent, nowMs);
                }
            }
            case SipEvent.OptionsAnswered _,
                    SipEvent.OptionsFailed _,
                    SipEvent.Registered _,
                    SipEvent.RegistrationFailed _,
                    SipEvent.Unregistered _,
                    SipEvent.SubscriptionEvent _,
                    SipEvent.TransferEvent _ -> {}
        }
    }

    private void incoming(SipEvent.IncomingCall incoming, UserAgent agent, long nowMs) {
        String user = Listening.userOf(incoming.requestUri());
        InetSocketAddress source = incoming.source().address();
        journal.add(new Fact.Invite(
                incoming.callId(),
                user,
                incoming.from(),
                source.getAddress().getHostAddress() + ":" + source.getPort()));
        Line line = lines.get(user);
        if (line == null) {
            refuse(incoming, 404, Outcome.INVALID, agent, nowMs);
        } else if (line.isBusy()) {
            refuse(incoming, 486, Outcome.BUSY, agent, nowMs);
        } else {
            Session session = new Session(host, incoming.call());
            PhoneCall call = new PhoneCall(line, incoming, session, journal, timing, tally);
            calls.put(incoming.call(), call);
            call.begin(line.choose(InfoUri.asksToAnswer(incoming.invite().headers())), agent, nowMs);
        }
    }

    private void refuse(SipEvent.IncomingCall incoming, int status, Outcome outcome, UserAgent agent, long nowMs) {
        journal.add(new Fact.Ended(incoming.callId(), outcome, status, Party.AGENT, 0));
        agent.reject(incoming.call(), status, List.of(), nowMs);
    }
}
