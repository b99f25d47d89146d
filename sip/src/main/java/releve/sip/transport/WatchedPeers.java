package releve.sip.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * UDP peers of which the network is asked to say when nobody is there. Linux tells ICMP errors to connected sockets only, so
 * each has one of its own, connected to it from the address and port that all others share; what comes from the peer comes
 * there, too. Used on the endpoint's loop only.
 */
final class WatchedPeers {
    /** So few that each may have a socket and its buffers. */
    static final int PEERS_MAX = 64;

    private final Selector selector;
    private final Told told;
    private final Map<InetSocketAddress, Watched> peers = new HashMap<>();

    /** Who is told. */
    interface Told {
        long nowMs();

        void count(TransportCounter counter);

        /** Nobody is at that address, and it is believed. */
        void absent(InetSocketAddress peer);
    }

    /** One peer's socket. */
    static final class Watched {
        private final InetSocketAddress peer;
        private final UdpSocket socket;
        private final PeerDoubt doubt = new PeerDoubt();
        private boolean readable;

        private Watched(InetSocketAddress peer, UdpSocket socket) {
            this.peer = peer;
            this.socket = socket;
        }

        /** The selector found something to read, a report among it. */
        void ready() {
            readable = true;
        }
    }

    WatchedPeers(Selector selector, Told told) {
        this.selector = selector;
        this.told = told;
    }

    /**
     * Watches these and no others. One whose socket cannot be had is served as any other peer, and counted.
     *
     * @param shared the socket for peers of that address's family
     */
    void watch(Set<InetSocketAddress> wanted, Function<InetSocketAddress, UdpSocket> shared) {
        for (Watched watched : List.copyOf(peers.values())) {
            if (!wanted.contains(watched.peer)) {
                peers.remove(watched.peer);
                watched.socket.close();
            }
        }
        for (InetSocketAddress peer : wanted) {
            if (!peers.containsKey(peer)) {
                try {
                    open(peer, shared.apply(peer));
                } catch (IOException | RuntimeException _) {
                    told.count(TransportCounter.PEERS_NOT_WATCHED);
                }
            }
        }
    }

    private void open(InetSocketAddress peer, UdpSocket shared) throws IOException {
        UdpSocket socket = shared.connectedTo(peer);
        Watched watched = new Watched(peer, socket);
        try {
            socket.channel().register(selector, SelectionKey.OP_READ, watched);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        peers.put(peer, watched);
    }

    /** The watched peer at that address; null when it is none. */
    @Nullable
    Watched at(InetSocketAddress address) {
        return peers.isEmpty() ? null : peers.get(address);
    }

    /** Sends to a watched peer. @return false when the network refuses the datagram at once */
    boolean send(Watched watched, byte[] bytes) throws ClosedChannelException {
        boolean sent = watched.socket.send(bytes, watched.peer);
        judge(watched);
        return sent;
    }

    /**
     * Receives from the watched peers that have something, so many datagrams of each at most.
     *
     * @return whether every socket was emptied
     */
    boolean receive(int most, UdpSocket.Receiver receiver) throws IOException {
        boolean emptied = true;
        for (Watched watched : peers.values()) {
            if (watched.readable) {
                watched.readable = !watched.socket.receive(most, (bytes, length, source) -> {
                    watched.doubt.heard();
                    receiver.datagram(bytes, length, source);
                });
                emptied &= !watched.readable;
                judge(watched);
            }
        }
        return emptied;
    }

    private void judge(Watched watched) {
        if (watched.socket.takeRefusals()) {
            told.count(TransportCounter.UNREACHABLE_REPORTS);
            if (watched.doubt.reported(told.nowMs())) {
                told.absent(watched.peer);
            }
        }
    }
}
