package releve.sip.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import releve.sip.transaction.Transport;

/** One UDP socket, not blocking, with buffers for a burst of 4 MiB where the system grants them. */
final class UdpSocket {
    private static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
    private static final int DATAGRAM_BYTES_MAX = 65_535;

    private final DatagramChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(DATAGRAM_BYTES_MAX);
    private final ByteBuffer out = ByteBuffer.allocateDirect(DATAGRAM_BYTES_MAX);
    private final boolean v6;
    private boolean refused;

    private UdpSocket(DatagramChannel channel, boolean v6) {
        this.channel = channel;
        this.v6 = v6;
    }

    /** @throws IOException with one sentence that names address, port and cause */
    static UdpSocket open(InetSocketAddress bind) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
            channel.configureBlocking(false);
            channel.bind(bind);
            return new UdpSocket(channel, bind.getAddress() instanceof Inet6Address);
        } catch (IOException e) {
            channel.close();
            throw cannotListen(Transport.UDP, bind, e);
        }
    }

    /**
     * Another socket on the same address and port, which takes what that peer sends and hears of the ICMP errors that its
     * datagrams cause. What arrives before it is connected is lost, as on a network that loses.
     */
    UdpSocket connectedTo(InetSocketAddress peer) throws IOException {
        // Only now: bound without it, the port cannot have been somebody else's.
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        DatagramChannel connected = DatagramChannel.open();
        try {
            connected.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            connected.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            connected.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
            connected.configureBlocking(false);
            connected.bind(channel.getLocalAddress());
            connected.connect(peer);
            return new UdpSocket(connected, v6);
        } catch (IOException | RuntimeException e) {
            connected.close();
            throw e;
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is closed, which was the aim.
        }
    }

    /** Whether the network has reported since the last call that a datagram of a connected socket did not arrive. */
    boolean takeRefusals() {
        boolean was = refused;
        refused = false;
        return was;
    }

    static IOException cannotListen(Transport transport, InetSocketAddress bind, IOException e) {
        String where = bind.getAddress().getHostAddress() + " port " + bind.getPort();
        String why =
                e instanceof BindException && String.valueOf(e.getMessage()).contains("in use")
                        ? "the port is in use by another program"
                        : String.valueOf(e.getMessage());
        return new IOException("Cannot listen for SIP on " + transport + " " + where + ": " + why + ".", e);
    }

    DatagramChannel channel() {
        return channel;
    }

    boolean isV6() {
        return v6;
    }

    int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** What takes datagrams. */
    interface Receiver {
        void datagram(byte[] bytes, int length, InetSocketAddress source) throws IOException;
    }

    /**
     * Receives datagrams, so many at most.
     *
     * @return whether the socket was emptied
     */
    boolean receive(int most, Receiver receiver) throws IOException {
        for (int i = 0; i < most; i++) {
            in.clear();
            InetSocketAddress source;
            try {
                source = (InetSocketAddress) channel.receive(in);
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException _) {
                // An ICMP error that an earlier datagram caused, on a connected socket.
                refused = true;
                continue;
            }
            if (source == null) {
                return true;
            }
            receiver.datagram(in.array(), in.position(), source);
        }
        return false;
    }

    /**
     * Sends one datagram. A full send buffer drops it, as the network may: retransmission makes up for it.
     *
     * @return false when the network refuses it
     */
    boolean send(byte[] bytes, InetSocketAddress to) throws ClosedChannelException {
        if (trySend(bytes, to)) {
            return true;
        }
        // The error of an earlier datagram may have come in place of sending this one.
        boolean sent = trySend(bytes, to);
        refused |= sent;
        return sent;
    }

    private boolean trySend(byte[] bytes, InetSocketAddress to) throws ClosedChannelException {
        out.clear();
        try {
            out.put(bytes).flip();
            channel.send(out, to);
            return true;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException | RuntimeException _) {
            return false;
        }
    }
}
