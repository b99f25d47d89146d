package releve.sip.agent;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.SipMessage;
import releve.sip.message.SipParser;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SipWriter;
import releve.sip.message.Status;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/** Virtual time and a network that loses, doubles, delays and so reorders, all from one seed. */
final class LossyNetwork {
    interface Node {
        void onEvent(SipEvent event, long nowMs);
    }

    record Wire(SipMessage message, InetSocketAddress from, InetSocketAddress to, long atMs) {}

    private record Flight(
            long atMs, long order, byte[] bytes, Transport over, InetSocketAddress from, InetSocketAddress to) {}

    private record Task(long atMs, long order, Runnable run) {}

    private record Host(UserAgent agent, InetSocketAddress address, Node node) {}

    final SplittableRandom random;
    final List<Wire> sent = new ArrayList<>();
    double loss;
    double doubling;
    int delayMinMs = 1;
    int delayMaxMs = 1;
    boolean record = true;
    /** Messages to be lost on purpose. */
    Predicate<Wire> loses = _ -> false;

    /** Requests that somebody on the way answers, with that failure; 0 lets them pass. */
    ToIntFunction<Wire> answers = _ -> 0;

    /** Allow in those answers; empty for none. */
    String allows = "";

    /** What becomes of messages on the way. */
    UnaryOperator<byte[]> alters = bytes -> bytes;

    long nowMs = 1_000_000;
    private long order;
    private final Map<InetSocketAddress, Host> hosts = new HashMap<>();
    private final PriorityQueue<Flight> flights = new PriorityQueue<>(
            (a, b) -> a.atMs != b.atMs ? Long.compare(a.atMs, b.atMs) : Long.compare(a.order, b.order));
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            (a, b) -> a.atMs != b.atMs ? Long.compare(a.atMs, b.atMs) : Long.compare(a.order, b.order));

    LossyNetwork(long seed) {
        random = new SplittableRandom(seed);
    }

    static InetSocketAddress address(int host) {
        return new InetSocketAddress("127.0.0." + host, 5060);
    }

    UserAgent add(UserAgentConfig config, Node node) {
        UserAgent agent = new UserAgent(config, random.split());
        hosts.put(config.local(), new Host(agent, config.local(), node));
        return agent;
    }

    /** A process dies: it neither sends nor hears any more. */
    void remove(InetSocketAddress address) {
        hosts.remove(address);
    }

    void at(long delayMs, Runnable run) {
        tasks.add(new Task(nowMs + delayMs, order++, run));
    }

    /** Sends raw bytes as if from this address. */
    void inject(byte[] bytes, InetSocketAddress from, InetSocketAddress to) {
        flights.add(new Flight(nowMs + 1, order++, bytes, Transport.UDP, from, to));
    }

    void forEachAgent(BiConsumer<InetSocketAddress, UserAgent> consumer) {
        hosts.forEach((address, host) -> consumer.accept(address, host.agent));
    }

    /** Runs until nothing is left to happen, or for so long. */
    void run(long forMs) {
        long endMs = nowMs + forMs;
        drainAll();
        while (true) {
            long next = Long.MAX_VALUE;
            if (!flights.isEmpty()) {
                next = flights.peek().atMs;
            }
            if (!tasks.isEmpty()) {
                next = Math.min(next, tasks.peek().atMs);
            }
            for (Host host : hosts.values()) {
                next = Math.min(next, host.agent.nextDeadlineMs());
            }
            if (next > endMs) {
                nowMs = endMs == Long.MAX_VALUE ? nowMs : Math.max(nowMs, Math.min(endMs, next));
                return;
            }
            nowMs = Math.max(nowMs, next);
            step();
        }
    }

    private void step() {
        while (!flights.isEmpty() && flights.peek().atMs <= nowMs) {
            Flight flight = flights.poll();
            Host host = hosts.get(flight.to);
            if (host != null) {
                host.agent.receive(flight.bytes, flight.bytes.length, Hop.of(flight.over, flight.from), nowMs);
                drain(host);
            }
        }
        while (!tasks.isEmpty() && tasks.peek().atMs <= nowMs) {
            tasks.poll().run.run();
            drainAll();
        }
        for (Host host : hosts.values()) {
            host.agent.advance(nowMs);
            drain(host);
        }
    }

    private void drainAll() {
        hosts.values().forEach(this::drain);
    }

    private void drain(Host host) {
        SipEvent event;
        while ((event = host.agent.nextEvent()) != null) {
            host.node.onEvent(event, nowMs);
        }
        Transmit transmit;
        while ((transmit = host.agent.nextTransmit()) != null) {
            transmit(host, transmit);
        }
    }

    private void transmit(Host host, Transmit transmit) {
        Wire wire;
        try {
            wire = new Wire(
                    SipParser.parse(transmit.bytes(), 0, transmit.bytes().length),
                    host.address,
                    transmit.destination().address(),
                    nowMs);
        } catch (Exception e) {
            throw new AssertionError("a user agent sent what cannot be parsed:\n" + new String(transmit.bytes()), e);
        }
        if (record) {
            sent.add(wire);
        }
        int answer = answers.applyAsInt(wire);
        if (answer != 0) {
            inject(SipWriter.write(refusal((SipRequest) wire.message(), answer)), wire.to, wire.from);
            return;
        }
        int copies = loses.test(wire) || random.nextDouble() < loss ? 0 : random.nextDouble() < doubling ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            int delay = delayMinMs + random.nextInt(delayMaxMs - delayMinMs + 1);
            flights.add(new Flight(
                    nowMs + delay,
                    order++,
                    alters.apply(transmit.bytes()),
                    transmit.destination().transport(),
                    host.address,
                    transmit.destination().address()));
        }
    }

    private SipResponse refusal(SipRequest request, int status) {
        Headers.Builder headers = new Headers.Builder();
        for (String name :
                List.of(HeaderName.VIA, HeaderName.FROM, HeaderName.TO, HeaderName.CALL_ID, HeaderName.CSEQ)) {
            headers.copy(request.headers(), name);
        }
        if (!allows.isEmpty()) {
            headers.add(HeaderName.ALLOW, allows);
        }
        return SipResponse.of(status, Status.phrase(status), headers.build(), new byte[0]);
    }
}
