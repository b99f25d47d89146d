package releve.sip.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import releve.sip.agent.Transmit;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;

/**
 * One connection of TCP, TLS or WebSocket, made by us or by the peer.
 *
 * <pre>
 * CONNECTING connected → SECURING, UPGRADING or OPEN; refused, too slow → CLOSED
 * SECURING   handshake done and the peer's name checked → UPGRADING or OPEN; no trust, wrong name, too slow → CLOSED
 * UPGRADING  WebSocket agreed on → OPEN; refused, too slow → CLOSED
 * OPEN       messages pass; peer gone, breaks the rules, does not read, falls silent, idle → CLOSED
 * CLOSED     requests without any answer are told
 * </pre>
 *
 * Messages to be sent before OPEN wait for it.
 */
final class Connection extends Deadline implements Framing.Sink {
    enum State {
        CONNECTING,
        SECURING,
        UPGRADING,
        OPEN,
        CLOSED
    }

    private static final int READS_PER_TURN = 4;
    private static final int ASKED_PRUNED_AT = 64;
    private static final int GOING_AWAY = 1001;

    private final Connections pool;
    private final SocketChannel channel;
    private final Hop peer;
    private final boolean ours;
    private final ConnectionLimits limits;
    private final ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
    private final List<Transmit> waiting = new ArrayList<>();
    private final Framing framing;
    private final ConnectionTimes times;
    private @Nullable SelectionKey key;
    private @Nullable TlsLayer tls;
    private @Nullable WebSocketHandshake upgrade;
    private State state = State.CONNECTING;
    /** Requests sent here whose transactions have not ended: what to tell when the connection fails. */
    private List<Transmit> asked = new ArrayList<>(0);

    private int askedPrunedAt = ASKED_PRUNED_AT;
    private int waitingBytes;
    private int queuedBytes;
    private boolean closing;
    private boolean toFlush;

    Connection(Connections pool, SocketChannel channel, Hop peer, boolean ours) {
        this.pool = pool;
        this.channel = channel;
        this.peer = peer;
        this.ours = ours;
        this.limits = pool.config().limits();
        this.framing = peer.transport().isWebSocket()
                ? new WebSocketFraming(ours ? pool.random() : null)
                : new StreamFraming();
        this.times = new ConnectionTimes(limits, ours, peer.transport().isWebSocket(), pool.nowMs());
        arm();
    }

    void registered(SelectionKey newKey) {
        key = newKey;
    }

    /** The peer, with this connection's number. */
    Hop peer() {
        return peer;
    }

    State state() {
        return state;
    }

    boolean isOurs() {
        return ours;
    }

    boolean isSettingUp() {
        return state == State.CONNECTING || state == State.SECURING || state == State.UPGRADING;
    }

    // Setting up

    /** The socket is connected. */
    void connected() {
        guarded(() -> {
            if (key != null) {
                key.interestOps(SelectionKey.OP_READ);
            }
            if (peer.transport().isSecure()) {
                state = State.SECURING;
                var settings = Objects.requireNonNull(pool.config().tls(), "no TLS settings");
                int port = peer.address().getPort();
                tls = new TlsLayer(
                        ours ? settings.connecting(PeerCertificate.wanted(peer), port) : settings.accepting(),
                        this::enqueue,
                        this::elsewhere);
                tls.start();
                tls.proceed(pool.scratch(), this::plain);
            } else {
                secured();
            }
        });
    }

    private void elsewhere(Runnable tasks) {
        pool.elsewhere(
                tasks,
                () -> guarded(() -> {
                    if (state != State.CLOSED && tls != null) {
                        tls.tasksDone();
                        tls.proceed(pool.scratch(), this::plain);
                        checkEstablished();
                    }
                }));
    }

    private void checkEstablished() throws FramingException {
        if (state == State.SECURING && tls != null && tls.isEstablished()) {
            String refusal = ours ? PeerCertificate.refusal(tls.session(), peer) : null;
            if (refusal != null) {
                close(TransportCounter.HANDSHAKES_FAILED, refusal);
            } else {
                secured();
            }
        }
    }

    private void secured() {
        if (!peer.transport().isWebSocket()) {
            open();
            return;
        }
        state = State.UPGRADING;
        if (ours) {
            upgrade = WebSocketHandshake.client(pool.random());
            put(upgrade.request(
                    PeerCertificate.wanted(peer) + ":" + peer.address().getPort()));
        } else {
            upgrade = WebSocketHandshake.server(pool.config().origins());
        }
    }

    private void upgraded(WebSocketHandshake.Step step) throws FramingException {
        switch (step) {
            case WebSocketHandshake.Step.More _ -> {}
            case WebSocketHandshake.Step.Done done -> {
                put(done.answer());
                upgrade = null;
                open();
                plain(ByteBuffer.wrap(done.rest()));
            }
            case WebSocketHandshake.Step.Refused refused -> {
                put(refused.answer());
                close(TransportCounter.HANDSHAKES_FAILED, refused.reason());
            }
        }
    }

    private void open() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.OPEN;
        pool.settled();
        times.used(pool.nowMs());
        List<Transmit> first = List.copyOf(waiting);
        waiting.clear();
        waitingBytes = 0;
        first.forEach(this::send);
        arm();
    }

    // What comes

    void readable() {
        guarded(() -> {
            ByteBuffer net = pool.net();
            for (int i = 0; i < READS_PER_TURN && state != State.CLOSED; i++) {
                net.clear();
                int count = channel.read(net);
                if (count < 0) {
                    close(null, "the peer closed the connection");
                } else if (count > 0) {
                    arrived(net.flip());
                }
                if (count < net.capacity()) {
                    return;
                }
            }
        });
    }

    private void arrived(ByteBuffer bytes) throws IOException, FramingException {
        times.heard(pool.nowMs());
        if (tls == null) {
            plain(bytes);
        } else {
            tls.arrived(bytes, pool.scratch(), this::plain);
            checkEstablished();
        }
        boolean incomplete = framing.isIncomplete() || (tls != null && tls.isIncomplete());
        if (!incomplete) {
            times.messageComplete();
        } else if (times.messageBegun()) {
            arm();
        }
    }

    private void plain(ByteBuffer bytes) throws FramingException {
        checkEstablished();
        switch (state) {
            case UPGRADING -> {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                upgraded(Objects.requireNonNull(upgrade).arrived(copy));
            }
            case OPEN -> framing.arrived(bytes, this);
            case CONNECTING, SECURING, CLOSED -> bytes.position(bytes.limit());
        }
    }

    @Override
    public void message(byte[] bytes, int offset, int length) {
        if (state == State.OPEN) {
            times.used(pool.nowMs());
            times.messageComplete();
            pool.received(bytes, offset, length, peer);
        }
    }

    @Override
    public void reply(byte[] bytes) {
        put(bytes);
    }

    @Override
    public boolean awaitsPong() {
        return times.awaitsPong();
    }

    @Override
    public void pong() {
        times.ponged();
        if (!ours) {
            times.used(pool.nowMs());
        }
    }

    @Override
    public void pinged() {
        pool.count(TransportCounter.KEEP_ALIVES_ANSWERED);
        times.used(pool.nowMs());
    }

    // What leaves

    /** Sends a message, or has it wait for the handshakes. */
    void send(Transmit transmit) {
        switch (state) {
            case CONNECTING, SECURING, UPGRADING -> {
                waiting.add(transmit);
                waitingBytes += transmit.bytes().length;
                if (waitingBytes > limits.queueBytesMax()) {
                    close(TransportCounter.CLOSED_NOT_READING, "too much waited for its handshakes");
                }
            }
            case OPEN -> {
                remember(transmit);
                times.used(pool.nowMs());
                put(framing.wrap(transmit.bytes()));
            }
            case CLOSED -> pool.failed(transmit);
        }
    }

    private void remember(Transmit transmit) {
        if (transmit.origin() == null) {
            return;
        }
        if (times.asked(pool.nowMs())) {
            arm();
        }
        asked.add(transmit);
        if (asked.size() >= askedPrunedAt) {
            asked.removeIf(t -> t.origin() == null || t.origin().isTerminated());
            askedPrunedAt = Math.max(ASKED_PRUNED_AT, 2 * asked.size());
        }
    }

    private void put(byte[] plain) {
        if (state == State.CLOSED || plain.length == 0) {
            return;
        }
        try {
            if (tls == null) {
                enqueue(ByteBuffer.wrap(plain));
            } else {
                tls.send(plain, pool.scratch());
            }
        } catch (SSLException e) {
            close(TransportCounter.CLOSED_BROKEN, "TLS failed: " + e.getMessage());
        }
    }

    private void enqueue(ByteBuffer bytes) {
        if (state == State.CLOSED) {
            return;
        }
        queuedBytes += bytes.remaining();
        out.add(bytes);
        if (queuedBytes > limits.queueBytesMax() && !closing) {
            close(TransportCounter.CLOSED_NOT_READING, "it does not read what we send");
        } else if (!toFlush && !closing) {
            toFlush = true;
            pool.flushLater(this);
        }
    }

    /** Writes as much as the socket takes. */
    void flush() {
        toFlush = false;
        guarded(this::write);
    }

    private void write() throws IOException {
        if (state == State.CONNECTING || state == State.CLOSED) {
            return;
        }
        while (!out.isEmpty()) {
            ByteBuffer first = out.getFirst();
            queuedBytes -= channel.write(first);
            if (first.hasRemaining()) {
                break;
            }
            out.removeFirst();
        }
        if (key != null && key.isValid()) {
            key.interestOps(out.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    // Time and end

    @Override
    protected void expire(long nowMs) {
        switch (times.due(isSettingUp(), nowMs)) {
            case NOTHING -> {}
            case SET_UP -> {
                boolean unreachable = state == State.CONNECTING;
                close(
                        unreachable ? TransportCounter.CONNECT_FAILURES : TransportCounter.CLOSED_SLOW,
                        unreachable ? "it does not answer" : "its handshake takes too long");
            }
            case MESSAGE -> close(TransportCounter.CLOSED_SLOW, "its message takes too long");
            case SILENCE -> close(TransportCounter.CLOSED_SILENT, "it answers no more");
            case IDLENESS -> close(TransportCounter.CLOSED_IDLE, "nothing was to be said");
            case PING -> {
                times.pinged(nowMs);
                put(framing.ping());
            }
        }
        arm();
    }

    private void arm() {
        if (state != State.CLOSED) {
            pool.deadlines().set(this, times.nextMs(isSettingUp()));
        }
    }

    /** A step that may find the connection broken. */
    private interface Step {
        void run() throws IOException, FramingException;
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (FramingException e) {
            put(framing.goodbye(e.closeCode()));
            boolean normal = e.closeCode() == WebSocketFraming.NORMAL;
            close(normal ? null : TransportCounter.CLOSED_BROKEN, String.valueOf(e.getMessage()));
        } catch (SSLException e) {
            boolean during = state == State.SECURING;
            close(
                    during ? TransportCounter.HANDSHAKES_FAILED : TransportCounter.CLOSED_BROKEN,
                    "TLS failed: " + e.getMessage());
        } catch (IOException e) {
            close(state == State.CONNECTING ? TransportCounter.CONNECT_FAILURES : null, String.valueOf(e.getMessage()));
        }
    }

    /** Takes the end of a connection attempt from the selector. */
    void finishConnect() {
        boolean[] done = new boolean[1];
        guarded(() -> done[0] = channel.finishConnect());
        if (done[0]) {
            connected();
        }
    }

    /** The endpoint closes. */
    void shutDown() {
        if (state == State.OPEN) {
            put(framing.goodbye(GOING_AWAY));
        }
        close(null, "the endpoint closes");
    }

    /** @param counter what to count beside; null for an ordinary end @param reason one clause */
    void close(@Nullable TransportCounter counter, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        State before = state;
        if (tls != null && before != State.CONNECTING) {
            tls.close(pool.scratch());
        }
        if (before != State.CONNECTING) {
            lastWords();
        }
        if (isSettingUp()) {
            pool.settled();
        }
        state = State.CLOSED;
        pool.closed(this, counter, reason);
        List<Transmit> lost = List.copyOf(waiting);
        List<Transmit> unanswered = asked;
        waiting.clear();
        asked = List.of();
        out.clear();
        lost.forEach(pool::failed);
        unanswered.stream()
                .filter(t -> t.origin() != null && !t.origin().isTerminated())
                .forEach(pool::failed);
    }

    /** What the socket still takes at once: a refusal, an alert. */
    private void lastWords() {
        try {
            while (!out.isEmpty() && channel.write(out.getFirst()) > 0) {
                if (!out.getFirst().hasRemaining()) {
                    out.removeFirst();
                }
            }
        } catch (IOException _) {
            // The peer does not hear it.
        }
    }

    void disconnect() {
        if (key != null) {
            key.cancel();
        }
        try {
            channel.close();
        } catch (IOException _) {
            // It is closed, which was the aim.
        }
    }
}
