package releve.sip.transport;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.agent.SipEvent;
import releve.sip.agent.Transmit;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/**
 * The sockets of one user agent, UDP, TCP, TLS and WebSocket, with one platform thread that runs it: messages, commands
 * and deadlines go in, messages and events come out, all on that thread.
 *
 * <p>Each turn of the loop is bounded: what has arrived comes before what is asked for, so that calls under way are served
 * before new ones begin. Should the endpoint fall behind for {@value Overload#BEHIND_MS} ms all the same, or should
 * commands pile up, new calls in both directions are refused with 503 and counted until it has caught up.
 */
public final class SipEndpoint implements AutoCloseable {
    /** Commands that may wait for the loop. */
    public static final int INBOX_MAX = 65_536;

    private static final int BATCH = 256;
    private static final int BATCH_WHILE_BEHIND = 16;
    private static final long CLOSE_WAIT_MS = 5_000;
    private static final long WAIT_MS_MAX = 1_000;

    private final Selector selector;
    private final List<UdpSocket> udp;
    private final Connections connections;
    private final WatchedPeers watched;
    private final UserAgentConfig config;
    private final UserAgent agent;
    private final SipListener listener;
    private final ArrayBlockingQueue<SipCommand> inbox = new ArrayBlockingQueue<>(INBOX_MAX);
    private final List<SipCommand> batch = new ArrayList<>(BATCH);
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLongArray counts = new AtomicLongArray(TransportCounter.values().length);
    private final Overload overload = new Overload();
    private final SideThread side;
    private final long startNs = System.nanoTime();
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Throwable lastFailure;
    private volatile String lastClosing = "";
    private volatile int connectionCount;

    SipEndpoint(
            Sockets sockets,
            EndpointConfig endpoint,
            UserAgentConfig config,
            RandomGenerator random,
            SipListener listener) {
        this.selector = sockets.selector();
        this.udp = sockets.udp();
        this.config = config;
        this.agent = new UserAgent(config, random);
        this.listener = listener;
        OnLoop onLoop = new OnLoop();
        this.connections = new Connections(endpoint, random, selector, onLoop);
        this.watched = new WatchedPeers(selector, onLoop);
        String name = "sip-" + config.local().getPort();
        this.side = new SideThread(name + "-side");
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::loop);
    }

    /**
     * Binds the address of {@code config.local()} with UDP and starts the loop. Port 0 takes a free port. Where the
     * address to tell peers differs from the one to bind, or other transports are wanted, use another {@code open}.
     *
     * @param random seeded source of tags, branches and masks, used on the loop only
     * @throws IOException with one sentence that names address, port and cause
     */
    public static SipEndpoint open(UserAgentConfig config, RandomGenerator random, SipListener listener)
            throws IOException {
        return open(EndpointConfig.udp(config.local()), config, random, listener);
    }

    /**
     * Binds {@code bind} with UDP and starts the loop; peers are told {@code config.local()}, with the port bound if its
     * own is 0.
     *
     * @throws IOException with one sentence that names address, port and cause
     */
    public static SipEndpoint open(
            InetSocketAddress bind, UserAgentConfig config, RandomGenerator random, SipListener listener)
            throws IOException {
        return open(EndpointConfig.udp(bind), config, random, listener);
    }

    /**
     * Binds every address of {@code endpoint} and starts the loop; peers are told {@code config.local()} for the first
     * and {@link EndpointConfig.Bind#told()} for the others, with the ports bound where theirs are 0.
     *
     * @throws IOException with one sentence that names transport, address, port and cause
     */
    public static SipEndpoint open(
            EndpointConfig endpoint, UserAgentConfig config, RandomGenerator random, SipListener listener)
            throws IOException {
        Sockets sockets = Sockets.open(endpoint);
        SipEndpoint opened = new SipEndpoint(sockets, endpoint, sockets.told(endpoint, config), random, listener);
        opened.thread.start();
        return opened;
    }

    /** The address that peers are told for UDP. */
    public InetSocketAddress address() {
        return config.local();
    }

    /**
     * The first address that peers are told for a transport.
     *
     * @throws IllegalArgumentException when the endpoint does not listen on it
     */
    public InetSocketAddress address(Transport transport) {
        if (transport == Transport.UDP) {
            return config.local();
        }
        return config.alsoAt().stream()
                .filter(hop -> hop.transport() == transport)
                .map(Hop::address)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the endpoint does not listen on " + transport));
    }

    /**
     * Has a command run on the loop, soon and in order; may be called from any thread.
     *
     * @return false when the inbox is full or the endpoint closed, then the command never runs; true says that it runs
     *     unless the endpoint is closed first
     */
    public boolean submit(SipCommand command) {
        if (closing || !inbox.offer(command)) {
            count(TransportCounter.COMMANDS_REFUSED);
            return false;
        }
        if (awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
        return true;
    }

    /**
     * Watches these peers over UDP, and no others any more: when the network says twice that nobody is there, and nothing is
     * heard of them, requests to them that begin something fail at once with 503 and may go elsewhere (RFC 3261 section
     * 8.1.3.1). Requests within dialogs wait for their timers. May be called from any thread.
     *
     * @return whether it will be done, as with {@link #submit}
     * @throws IllegalArgumentException when they are more than {@value WatchedPeers#PEERS_MAX}
     */
    public boolean watch(Set<InetSocketAddress> peers) {
        if (peers.size() > WatchedPeers.PEERS_MAX) {
            throw new IllegalArgumentException(
                    "no more than " + WatchedPeers.PEERS_MAX + " peers can be watched, not " + peers.size());
        }
        Set<InetSocketAddress> wanted = Set.copyOf(peers);
        return submit((_, _) -> watched.watch(wanted, this::fitting));
    }

    /** Exceptions of the listener or of commands; the loop went on. */
    public long failures() {
        return failures.get();
    }

    /** The last exception that {@link #failures} counted, or null. */
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** Messages that the network refused, or whose connection failed. */
    public long sendFailures() {
        return count(TransportCounter.SEND_FAILURES, 0);
    }

    public long counted(TransportCounter counter) {
        return count(counter, 0);
    }

    /** Connections open or being opened. */
    public int connections() {
        return connectionCount;
    }

    /** Why the last connection ended, with its peer; empty before the first. */
    public String lastClosing() {
        return lastClosing;
    }

    /** Stops the loop and closes the sockets; calls are not ended first. Waits up to 5 s unless called on the loop. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        if (Thread.currentThread() != thread) {
            try {
                thread.join(Duration.ofMillis(CLOSE_WAIT_MS));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the loop runs; it stops by {@link #close} or when a socket fails, then see {@link #lastFailure}. */
    public boolean isRunning() {
        return !closing;
    }

    private void count(TransportCounter counter) {
        count(counter, 1);
    }

    private long count(TransportCounter counter, int more) {
        return counts.addAndGet(counter.ordinal(), more);
    }

    private long nowMs() {
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    // The loop

    /** Where the last datagram came from: most come from the same peer as the one before. */
    private @Nullable Hop lastSource;

    private void loop() {
        try {
            while (!closing) {
                turn();
            }
            connections.closeAll();
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        } finally {
            closing = true;
            inbox.clear();
            side.close();
            Sockets.close(selector);
        }
    }

    private void turn() throws IOException {
        waitForWork();
        awake.set(true);
        boolean caughtUp = receiveBatch();
        commandBatch(caughtUp ? BATCH : BATCH_WHILE_BEHIND);
        advance();
        connections.flush();
        judge(caughtUp);
    }

    private void waitForWork() throws IOException {
        awake.set(false);
        long next = Math.min(agent.nextDeadlineMs(), connections.deadlines().nextMs());
        long waitMs = next == Deadline.NONE ? WAIT_MS_MAX : next - nowMs();
        if (waitMs <= 0 || !inbox.isEmpty()) {
            selector.selectNow(this::ready);
        } else {
            selector.select(this::ready, Math.min(waitMs, WAIT_MS_MAX));
        }
    }

    /** Connections are served as they are found; UDP sockets, which have no turns of their own, afterwards. */
    private void ready(SelectionKey key) {
        try {
            switch (key.attachment()) {
                case Connection connection -> connections.ready(connection, key);
                case Connections.Listener accepting -> connections.accept(accepting);
                case WatchedPeers.Watched peer -> peer.ready();
                case null, default -> {}
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
        drain();
    }

    private boolean receiveBatch() throws IOException {
        boolean caughtUp = true;
        for (UdpSocket socket : udp) {
            caughtUp &= socket.receive(BATCH, this::datagram);
        }
        caughtUp &= watched.receive(BATCH, this::datagram);
        drain();
        return caughtUp;
    }

    private void datagram(byte[] bytes, int length, InetSocketAddress source) {
        Hop hop = lastSource;
        if (hop == null || !hop.address().equals(source)) {
            hop = Hop.udp(source);
            lastSource = hop;
        }
        received(bytes, 0, length, hop);
        drain();
    }

    private void received(byte[] bytes, int offset, int length, Hop source) {
        try {
            agent.receive(bytes, offset, length, source, nowMs());
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void commandBatch(int most) {
        inbox.drainTo(batch, most);
        for (SipCommand command : batch) {
            try {
                command.run(agent, nowMs());
            } catch (RuntimeException e) {
                failed(e);
            }
            drain();
        }
        batch.clear();
    }

    private void advance() {
        try {
            connections.deadlines().expire(nowMs(), BATCH);
            agent.advance(nowMs());
        } catch (RuntimeException e) {
            failed(e);
        }
        drain();
    }

    private void judge(boolean caughtUp) {
        boolean was = overload.isOn();
        boolean is = overload.judge(caughtUp, inbox.size(), nowMs());
        if (is != was) {
            agent.refuseNewCalls(is);
            if (is) {
                count(TransportCounter.OVERLOADS);
            }
        }
    }

    /** Events first, since listeners may add messages; then messages, whose failures may add events. */
    private void drain() {
        while (true) {
            SipEvent event = agent.nextEvent();
            if (event != null) {
                deliver(event);
                continue;
            }
            Transmit transmit = agent.nextTransmit();
            if (transmit == null) {
                return;
            }
            send(transmit);
        }
    }

    private void deliver(SipEvent event) {
        try {
            listener.onEvent(event, agent, nowMs());
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void send(Transmit transmit) {
        if (transmit.destination().isReliable()) {
            connections.send(transmit);
            connectionCount = connections.size();
        } else if (!sendDatagram(transmit)) {
            refused(transmit);
        }
    }

    private boolean sendDatagram(Transmit transmit) {
        InetSocketAddress to = transmit.destination().address();
        try {
            WatchedPeers.Watched peer = watched.at(to);
            return peer != null
                    ? watched.send(peer, transmit.bytes())
                    : fitting(to).send(transmit.bytes(), to);
        } catch (ClosedChannelException e) {
            closing = true;
            failed(e);
            return false;
        }
    }

    /** The socket for peers of that address's family. */
    private UdpSocket fitting(InetSocketAddress to) {
        boolean v6 = to.getAddress() instanceof Inet6Address;
        for (UdpSocket socket : udp) {
            if (socket.isV6() == v6) {
                return socket;
            }
        }
        return udp.getFirst();
    }

    private void refused(Transmit transmit) {
        count(TransportCounter.SEND_FAILURES);
        agent.transmitFailed(transmit, nowMs());
    }

    private void failed(Throwable e) {
        lastFailure = e;
        failures.incrementAndGet();
    }

    /** What connections and watched peers ask of this endpoint. */
    private final class OnLoop implements Connections.Loop, WatchedPeers.Told {
        private final Predicate<InetAddress> allowed = config.allowed();

        @Override
        public long nowMs() {
            return SipEndpoint.this.nowMs();
        }

        @Override
        public void received(byte[] bytes, int offset, int length, Hop source) {
            SipEndpoint.this.received(bytes, offset, length, source);
            drain();
        }

        @Override
        public void absent(InetSocketAddress peer) {
            agent.unreachable(peer, SipEndpoint.this.nowMs());
        }

        @Override
        public void failed(Transmit transmit) {
            refused(transmit);
        }

        @Override
        public void count(TransportCounter counter) {
            SipEndpoint.this.count(counter);
        }

        @Override
        public void opened() {
            connectionCount = connections.size();
        }

        @Override
        public void closed(Hop peer, String reason) {
            connectionCount = connections.size();
            lastClosing = peer + ": " + reason;
        }

        @Override
        public boolean isAllowed(InetAddress source) {
            return allowed.test(source);
        }

        @Override
        public void elsewhere(Runnable task, Runnable after) {
            side.run(task, () -> submit((_, _) -> after.run()));
        }
    }
}
