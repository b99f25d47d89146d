package releve.sim.carrier;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.pacing.CallRate;
import releve.sim.journal.Fact;
import releve.sim.journal.Journal;
import releve.sim.journal.Outcome;
import releve.sim.journal.Party;
import releve.sim.phone.Listening;
import releve.sim.phone.Session;
import releve.sim.phone.Timing;
import releve.sim.world.Population;
import releve.sip.agent.Counter;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.transport.SipCommand;
import releve.sip.transport.SipEndpoint;

/**
 * A trunk with a population behind it: takes calls over SIP, lets each have its fate, and writes down what it saw. How many
 * calls a number has had is counted from the start of this carrier.
 */
public final class Carrier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);
    /** Numbers whose calls are counted; calls to further numbers are each taken for the first. */
    private static final int NUMBERS_MAX = 2_000_000;

    private static final Header RETRY_AFTER = new Header(HeaderName.RETRY_AFTER, "1");

    private final CarrierConfig config;
    private final Population people;
    private final Journal journal;
    private final InstantSource clock;
    private final @Nullable CallRate rate;
    private final Timing timing = new Timing("carrier-timing");
    private final CustomerCall.Exchange exchange = new ExchangeOfThis();
    private final Map<Long, CustomerCall> calls = new HashMap<>();
    private final Map<String, Integer> callsOf = new HashMap<>();
    private final AtomicLong invites = new AtomicLong();
    private final AtomicLong answeredNow = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong talked = new AtomicLong();
    private final AtomicLong overLimit = new AtomicLong();
    private volatile long repeated;
    private volatile long malformed;
    private volatile boolean unreachable;
    private final SipEndpoint endpoint;

    private Carrier(CarrierConfig config, Journal journal, InstantSource clock) throws IOException {
        this.config = config;
        this.people = new Population(config.seed(), config.people(), config.script());
        this.journal = journal;
        this.clock = clock;
        this.rate = config.callsPerSecond() == 0 ? null : new CallRate(config.callsPerSecond(), clock.instant());
        this.endpoint = Listening.open(
                config.listen(), "carrier", config.callsMax(), config.seed(), () -> !unreachable, this::onEvent);
        timing.runOn(endpoint);
    }

    /**
     * Starts a carrier.
     *
     * @throws IllegalArgumentException when the configuration has violations; the message is the first of them
     * @throws IOException with one sentence when the port or the journal cannot be had
     */
    public static Carrier start(CarrierConfig config) throws IOException {
        List<String> violations = config.violations();
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(violations.getFirst());
        }
        InstantSource clock = InstantSource.system();
        Journal journal = Journal.open(config.journal(), clock);
        try {
            return new Carrier(config, journal, clock);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Where it takes calls. */
    public InetSocketAddress address() {
        return endpoint.address();
    }

    /** What it has seen so far. */
    public CarrierStatus status() {
        endpoint.submit((agent, _) -> readCounters(agent)); // for the next time
        long endedNow = ended.get();
        long answered = answeredNow.get();
        long all = invites.get();
        long ringing = Math.max(0, all - endedNow - answered);
        long faults = endpoint.failures();
        return new CarrierStatus(
                all, ringing, answered, endedNow, talked.get(), overLimit.get(), repeated, malformed, faults);
    }

    private void readCounters(UserAgent agent) {
        repeated = agent.count(Counter.RETRANSMISSIONS_ABSORBED);
        malformed = agent.count(Counter.DROPPED_MALFORMED);
    }

    /** Whether it still works: its socket is open and its journal is being written. */
    public boolean isHealthy() {
        return endpoint.isRunning() && journal.failure() == null;
    }

    /** Deaf to everything while true, as a trunk whose network is cut; what it has to say still leaves. */
    public void setUnreachable(boolean deaf) {
        unreachable = deaf;
    }

    /**
     * Stops at once: live calls are dropped without a word and stay open in the journal.
     *
     * @throws IOException when the journal is not complete
     */
    @Override
    public void close() throws IOException {
        timing.close();
        endpoint.close();
        Throwable fault = endpoint.lastFailure();
        if (fault != null) {
            LOG.error("The carrier met {} faults; the last:", endpoint.failures(), fault);
        }
        journal.close();
    }

    private void onEvent(SipEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.IncomingCall incoming -> incoming(incoming, agent, nowMs);
            case SipEvent.CallEvent ofCall -> {
                CustomerCall call = calls.get(ofCall.call());
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
        String number = Listening.userOf(incoming.requestUri());
        invites.incrementAndGet();
        InetSocketAddress source = incoming.source().address();
        journal.add(new Fact.Invite(
                incoming.callId(),
                number,
                incoming.from(),
                source.getAddress().getHostAddress() + ":" + source.getPort()));
        Instant now = clock.instant();
        if (rate != null && !rate.take(now)) {
            overLimit.incrementAndGet();
            ended.incrementAndGet();
            journal.add(new Fact.Ended(incoming.callId(), Outcome.CONGESTION, 503, Party.CUSTOMER, 0));
            agent.reject(incoming.call(), 503, List.of(RETRY_AFTER), nowMs);
            return;
        }
        Session session = new Session(config.listen().getAddress().getHostAddress(), incoming.call());
        CustomerCall call = new CustomerCall(exchange, incoming, people.fateOf(number, callsBefore(number)), session);
        calls.put(incoming.call(), call);
        call.begin(agent, nowMs);
    }

    private int callsBefore(String number) {
        Integer before = callsOf.get(number);
        if (before != null || callsOf.size() < NUMBERS_MAX) {
            callsOf.merge(number, 1, Integer::sum);
        }
        return before == null ? 0 : before;
    }

    private final class ExchangeOfThis implements CustomerCall.Exchange {
        @Override
        public void tell(Fact fact) {
            journal.add(fact);
        }

        @Override
        public void answered() {
            answeredNow.incrementAndGet();
        }

        @Override
        public void ended(boolean wasAnswered) {
            ended.incrementAndGet();
            if (wasAnswered) {
                answeredNow.decrementAndGet();
                talked.incrementAndGet();
            }
        }

        @Override
        public long talkLimitMs() {
            return config.talkLimitMs();
        }

        @Override
        public @Nullable Future<?> after(long delayMs, SipCommand step) {
            return timing.after(delayMs, step);
        }
    }
}
