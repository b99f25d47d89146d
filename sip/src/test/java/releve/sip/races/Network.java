package releve.sip.races;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time, and a network between hosts that loses, doubles, delays and so reorders datagrams; all from one seed. */
final class Network {
    /** Whoever has an address: time and datagrams go in; {@link Network#send} takes what comes out. */
    interface Host {
        InetSocketAddress address();

        void receive(byte[] datagram, InetSocketAddress from, long nowMs);

        void advance(long nowMs);

        long nextDeadlineMs();
    }

    private record Flight(long atMs, long order, byte[] datagram, InetSocketAddress from, InetSocketAddress to) {}

    private record Task(long atMs, long order, Runnable run) {}

    private final SplittableRandom random;
    private final Faults faults;
    private final Map<InetSocketAddress, Host> hosts = new LinkedHashMap<>();
    private final PriorityQueue<Flight> flights =
            new PriorityQueue<>(Comparator.comparingLong(Flight::atMs).thenComparingLong(Flight::order));
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atMs).thenComparingLong(Task::order));
    private long order;
    private long nowMs;

    Network(SplittableRandom random, Faults faults) {
        this.random = random;
        this.faults = faults;
    }

    static InetSocketAddress address(int host) {
        return new InetSocketAddress("127.0.0." + host, 5060);
    }

    void add(Host host) {
        hosts.put(host.address(), host);
    }

    long nowMs() {
        return nowMs;
    }

    /** Has something done after that time. */
    void after(long delayMs, Runnable run) {
        tasks.add(new Task(nowMs + delayMs, order++, run));
    }

    void send(byte[] datagram, InetSocketAddress from, InetSocketAddress to) {
        if (faults.blackout(from, nowMs) || faults.blackout(to, nowMs) || random.nextDouble() < faults.loss()) {
            return;
        }
        int copies = random.nextDouble() < faults.doubling() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            int delay = faults.delayMinMs() + random.nextInt(faults.delaySpreadMs() + 1);
            flights.add(new Flight(nowMs + delay, order++, datagram, from, to));
        }
    }

    /**
     * Runs until nothing is left to happen.
     *
     * @return whether that was so before the limit
     */
    boolean run(long limitMs) {
        while (true) {
            long next = nextMs();
            if (next == Long.MAX_VALUE) {
                return true;
            }
            if (next > limitMs) {
                return false;
            }
            nowMs = Math.max(nowMs, next);
            step();
        }
    }

    private long nextMs() {
        long next = flights.isEmpty() ? Long.MAX_VALUE : flights.peek().atMs;
        next = tasks.isEmpty() ? next : Math.min(next, tasks.peek().atMs);
        for (Host host : hosts.values()) {
            next = Math.min(next, host.nextDeadlineMs());
        }
        return next;
    }

    private void step() {
        while (!flights.isEmpty() && flights.peek().atMs <= nowMs) {
            Flight flight = flights.remove();
            Host host = hosts.get(flight.to);
            if (host != null && !faults.blackout(flight.to, nowMs)) {
                host.receive(flight.datagram, flight.from, nowMs);
            }
        }
        while (!tasks.isEmpty() && tasks.peek().atMs <= nowMs) {
            tasks.remove().run.run();
        }
        for (Host host : hosts.values()) {
            host.advance(nowMs);
        }
    }
}
