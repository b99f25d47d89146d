package releve.sip.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.agent.SipEvent;
import releve.sip.agent.Transmit;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/**
 * One UDP socket with one platform thread that runs a user agent: datagrams, commands and deadlines go in, datagrams and
 * events come out, all on that thread.
 */
public final class UdpEndpoint implements AutoCloseable {
    /** Commands that may wait for the loop. */
    public static final int INBOX_MAX = 65_536;

    private static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
    private static final int BATCH = 256;
    private static final int DATAGRAM_BYTES_MAX = 65_535;
    private static final long CLOSE_WAIT_MS = 5_000;

    private final DatagramChannel channel;
    private final Selector selector;
    private final UserAgent agent;
    private final SipListener listener;
    private final InetSocketAddress address;
    private final ArrayBlockingQueue<SipCommand> inbox = new ArrayBlockingQueue<>(INBOX_MAX);
    private final List<SipCommand> batch = new ArrayList<>(BATCH);
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong sendFailures = new AtomicLong();
    private final ByteBuffer in = ByteBuffer.allocate(DATAGRAM_BYTES_MAX);
    private final ByteBuffer out = ByteBuffer.allocateDirect(DATAGRAM_BYTES_MAX);
    private final long startNs = System.nanoTime();
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Throwable lastFailure;

    private UdpEndpoint(
            DatagramChannel channel,
            Selector selector,
            UserAgentConfig config,
            RandomGenerator random,
            SipListener listener,
            String name) {
        this.channel = channel;
        this.selector = selector;
        this.agent = new UserAgent(config, random);
        this.listener = listener;
        this.address = config.local();
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::loop);
    }

    /**
     * Binds the address of {@code config.local()} and starts the loop. Port 0 takes a free port. Where the address to
     * tell peers differs from the one to bind, use the other {@code open}.
     *
     * @param random seeded source of tags and branches, used on the loop only
     * @throws IOException with one sentence that names address, port and cause
     */
    public static UdpEndpoint open(UserAgentConfig config, RandomGenerator random, SipListener listener)
            throws IOException {
        return open(config.local(), config, random, listener);
    }

    /**
     * Binds {@code bind} and starts the loop; peers are told {@code config.local()}, with the port bound if its own is 0.
     *
     * @throws IOException with one sentence that names address, port and cause
     */
    public static UdpEndpoint open(
            InetSocketAddress bind, UserAgentConfig config, RandomGenerator random, SipListener listener)
            throws IOException {
        DatagramChannel channel = bind(bind);
        try {
            InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
            UserAgentConfig real = config.local().getPort() != 0
                    ? config
                    : config.withLocal(new InetSocketAddress(config.local().getAddress(), bound.getPort()));
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            UdpEndpoint endpoint =
                    new UdpEndpoint(channel, selector, real, random, listener, "sip-udp-" + bound.getPort());
            endpoint.thread.start();
            return endpoint;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static DatagramChannel bind(InetSocketAddress bind) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
            channel.configureBlocking(false);
            channel.bind(bind);
            return channel;
        } catch (IOException e) {
            channel.close();
            String where = bind.getAddress().getHostAddress() + " port " + bind.getPort();
            String why =
                    e instanceof BindException && String.valueOf(e.getMessage()).contains("in use")
                            ? "the port is in use by another program"
                            : String.valueOf(e.getMessage());
            throw new IOException("Cannot listen for SIP on UDP " + where + ": " + why + ".", e);
        }
    }

    /** The address that peers are told. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Has a command run on the loop, soon and in order; may be called from any thread.
     *
     * @return false when the inbox is full or the endpoint closed, then the command never runs; true says that it runs
     *     unless the endpoint is closed first
     */
    public boolean submit(SipCommand command) {
        if (closing || !inbox.offer(command)) {
            return false;
        }
        if (awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
        return true;
    }

    /** Exceptions of the listener or of commands; the loop went on. */
    public long failures() {
        return failures.get();
    }

    /** The last exception that {@link #failures} counted, or null. */
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** Datagrams that the network refused at once. */
    public long sendFailures() {
        return sendFailures.get();
    }

    /** Stops the loop and closes the socket; calls are not ended first. Waits up to 5 s unless called on the loop. */
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

    private long nowMs() {
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    private void loop() {
        try (selector;
                channel) {
            while (!closing) {
                waitForWork();
                awake.set(true);
                receiveBatch();
                commandBatch();
                advance();
            }
        } catch (IOException | Error e) {
            failed(e);
        } finally {
            closing = true;
            inbox.clear();
        }
    }

    private void waitForWork() throws IOException {
        awake.set(false);
        long waitMs = agent.nextDeadlineMs() == Long.MAX_VALUE ? 1_000 : agent.nextDeadlineMs() - nowMs();
        if (waitMs <= 0 || !inbox.isEmpty()) {
            selector.selectNow();
        } else {
            selector.select(Math.min(waitMs, 1_000));
        }
        selector.selectedKeys().clear();
    }

    private void receiveBatch() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            in.clear();
            InetSocketAddress source;
            try {
                source = (InetSocketAddress) channel.receive(in);
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException _) {
                // An ICMP error of an earlier datagram may surface here; the transaction's own timer deals with it.
                continue;
            }
            if (source == null) {
                return;
            }
            long nowMs = nowMs();
            try {
                agent.receive(in.array(), in.position(), Hop.udp(source), nowMs);
            } catch (RuntimeException e) {
                failed(e);
            }
            drain();
        }
    }

    private void commandBatch() throws IOException {
        inbox.drainTo(batch, BATCH);
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

    private void advance() throws IOException {
        try {
            agent.advance(nowMs());
        } catch (RuntimeException e) {
            failed(e);
        }
        drain();
    }

    /** Whether the loop runs; it stops by {@link #close} or when the socket fails, then see {@link #lastFailure}. */
    public boolean isRunning() {
        return !closing;
    }

    /** Events first, since listeners may add datagrams; then datagrams, whose failures may add events. */
    private void drain() throws IOException {
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

    private void send(Transmit transmit) throws IOException {
        if (transmit.destination().transport() != Transport.UDP) {
            sendFailures.incrementAndGet();
            agent.transmitFailed(transmit, nowMs());
            return;
        }
        out.clear();
        try {
            out.put(transmit.bytes()).flip();
            // A full send buffer drops the datagram, as the network may; retransmission makes up for it.
            channel.send(out, transmit.destination().address());
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException | RuntimeException _) {
            sendFailures.incrementAndGet();
            agent.transmitFailed(transmit, nowMs());
        }
    }

    private void failed(Throwable e) {
        lastFailure = e;
        failures.incrementAndGet();
    }
}
