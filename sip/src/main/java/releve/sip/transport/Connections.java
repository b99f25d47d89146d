package releve.sip.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.agent.Transmit;
import releve.sip.transaction.DeadlineHeap;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/**
 * The connections of one endpoint, by number and by peer. A message to a hop takes the connection the hop names; else one
 * to the same address over the same transport that was checked for the same name (RFC 5923 section 5); else a new one.
 * Used on the endpoint's loop only.
 */
final class Connections {
    private static final int NET_BYTES = 64 * 1024;
    private static final int ACCEPTS_PER_TURN = 64;
    private static final int BACKLOG = 1_024;

    private final EndpointConfig config;
    private final RandomGenerator random;
    private final Selector selector;
    private final Loop loop;
    private final Map<Long, Connection> byNumber = new HashMap<>();
    private final Map<Hop, Connection> byPeer = new HashMap<>();
    private final ArrayDeque<Connection> toFlush = new ArrayDeque<>();
    private final DeadlineHeap deadlines = new DeadlineHeap();
    private final ByteBuffer net = ByteBuffer.allocateDirect(NET_BYTES);
    private final ByteBuffer scratch = ByteBuffer.allocate(TlsLayer.RECORD_BYTES_MAX);
    private int settingUp;
    private long lastNumber;

    /** What connections ask of the endpoint. */
    interface Loop {
        long nowMs();

        void received(byte[] bytes, int offset, int length, Hop source);

        /** The message will not arrive. */
        void failed(Transmit transmit);

        void count(TransportCounter counter);

        /** A connection began. */
        void opened();

        /** A connection ended, with the reason in one clause. */
        void closed(Hop peer, String reason);

        boolean isAllowed(InetAddress source);

        /** Runs a costly task on another thread, then {@code after} on the loop. */
        void elsewhere(Runnable task, Runnable after);
    }

    Connections(EndpointConfig config, RandomGenerator random, Selector selector, Loop loop) {
        this.config = config;
        this.random = random;
        this.selector = selector;
        this.loop = loop;
    }

    /** What listens for connections of a transport. */
    record Listener(ServerSocketChannel channel, Transport transport) {
        static Listener open(EndpointConfig.Bind bind) throws IOException {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.configureBlocking(false);
                channel.bind(bind.bind(), BACKLOG);
                return new Listener(channel, bind.transport());
            } catch (IOException e) {
                channel.close();
                throw UdpSocket.cannotListen(bind.transport(), bind.bind(), e);
            }
        }

        int port() throws IOException {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    EndpointConfig config() {
        return config;
    }

    RandomGenerator random() {
        return random;
    }

    DeadlineHeap deadlines() {
        return deadlines;
    }

    ByteBuffer net() {
        return net;
    }

    ByteBuffer scratch() {
        return scratch;
    }

    long nowMs() {
        return loop.nowMs();
    }

    int size() {
        return byNumber.size();
    }

    /** Takes what peers connect, as far as the limits allow. */
    void accept(Listener listener) throws IOException {
        for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
            SocketChannel channel;
            try {
                channel = listener.channel().accept();
            } catch (IOException _) {
                // No file descriptor left, or the peer is gone already: later ones may be taken.
                loop.count(TransportCounter.CONNECTIONS_REFUSED);
                return;
            }
            if (channel == null) {
                return;
            }
            InetSocketAddress address = (InetSocketAddress) channel.getRemoteAddress();
            boolean full = size() >= config.limits().connectionsMax()
                    || settingUp >= config.limits().settingUpMax();
            if (address == null || full || !loop.isAllowed(address.getAddress())) {
                loop.count(TransportCounter.CONNECTIONS_REFUSED);
                channel.close();
                continue;
            }
            prepare(channel);
            Connection connection = add(channel, Hop.of(listener.transport(), address), false);
            loop.count(TransportCounter.CONNECTIONS_ACCEPTED);
            connection.registered(channel.register(selector, SelectionKey.OP_READ, connection));
            connection.connected();
        }
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    private Connection add(SocketChannel channel, Hop to, boolean ours) {
        Hop numbered = new Hop(to.transport(), to.address(), ++lastNumber, to.domain());
        Connection connection = new Connection(this, channel, numbered, ours);
        byNumber.put(lastNumber, connection);
        loop.opened();
        byPeer.put(to, connection);
        settingUp++;
        return connection;
    }

    /** A connection's handshakes are over, well or not. */
    void settled() {
        settingUp--;
    }

    /** Sends over a connection, or makes one. */
    void send(Transmit transmit) {
        Hop hop = transmit.destination();
        Connection named = hop.connection() == 0 ? null : byNumber.get(hop.connection());
        if (named != null && named.peer().transport() == hop.transport()) {
            named.send(transmit);
            return;
        }
        Hop to = hop.withoutConnection();
        Connection known = byPeer.get(to);
        if (known == null && hop.transport().isWebSocket() && hop.connection() != 0) {
            // Its peer connected to us and left; nobody listens there.
            loop.failed(transmit);
            return;
        }
        Connection connection = known != null ? known : connect(to);
        if (connection == null) {
            loop.failed(transmit);
        } else {
            connection.send(transmit);
        }
    }

    private @Nullable Connection connect(Hop to) {
        if (size() >= config.limits().connectionsMax() || (to.transport().isSecure() && config.tls() == null)) {
            loop.count(TransportCounter.CONNECT_FAILURES);
            return null;
        }
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            prepare(channel);
            boolean connected = channel.connect(to.address());
            Connection connection = add(channel, to, true);
            connection.registered(
                    channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, connection));
            loop.count(TransportCounter.CONNECTIONS_MADE);
            if (connected) {
                connection.connected();
            }
            return connection;
        } catch (IOException e) {
            loop.count(TransportCounter.CONNECT_FAILURES);
            loop.closed(to, String.valueOf(e.getMessage()));
            closeQuietly(channel);
            return null;
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException _) {
            // It never was open to anybody.
        }
    }

    /** The selector found the connection ready. */
    void ready(Connection connection, SelectionKey key) {
        if (key.isValid() && key.isConnectable()) {
            connection.finishConnect();
        }
        if (key.isValid() && key.isReadable()) {
            connection.readable();
        }
        if (key.isValid() && key.isWritable()) {
            connection.flush();
        }
    }

    void flushLater(Connection connection) {
        toFlush.add(connection);
    }

    /** Writes what the turn has left to be written. */
    void flush() {
        for (Connection next = toFlush.poll(); next != null; next = toFlush.poll()) {
            next.flush();
        }
    }

    void received(byte[] bytes, int offset, int length, Hop source) {
        loop.received(bytes, offset, length, source);
    }

    void failed(Transmit transmit) {
        loop.failed(transmit);
    }

    void count(TransportCounter counter) {
        loop.count(counter);
    }

    void elsewhere(Runnable task, Runnable after) {
        loop.elsewhere(task, after);
    }

    /** A connection ended: no message takes it any more. */
    void closed(Connection connection, @Nullable TransportCounter counter, String reason) {
        deadlines.clear(connection);
        byNumber.remove(connection.peer().connection());
        byPeer.remove(connection.peer().withoutConnection(), connection);
        // Counted first: who sees the connection closed finds the count.
        if (counter != null) {
            loop.count(counter);
        }
        loop.closed(connection.peer(), reason);
        connection.disconnect();
    }

    void closeAll() {
        List.copyOf(byNumber.values()).forEach(Connection::shutDown);
    }
}
