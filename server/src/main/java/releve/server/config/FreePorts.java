package releve.server.config;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback interface for programs that listen later, or again after they have ended.
 *
 * <p>A port that the system chose when asked for any does not do for that: as long as nobody listens there, any connection may
 * be given it for its own end, even one that is being made to that very port. These ports are below those that systems choose
 * from (Linux: 32768 on, {@code ip_local_port_range}; IANA, RFC 6335 section 6: 49152 on), each is given once, and no two
 * processes are given the same.
 */
public final class FreePorts {
    static final int FIRST = 20_000;
    static final int LAST = 29_999;

    /** Ports that a process claims at once, by holding the first of them for UDP until it ends. */
    private static final int BLOCK = 100;

    private static final int BLOCKS = (LAST + 1 - FIRST) / BLOCK;
    private static final FreePorts OF_THIS_PROCESS = new FreePorts();

    /** Held, not used: nobody else can bind the first port of a block meanwhile. */
    private final List<DatagramSocket> claims = new ArrayList<>();

    private int next;
    private int end;

    FreePorts() {}

    /**
     * A port that is free with UDP and with TCP. It is even, and the one above it is free and given to nobody else: phones
     * listen there for SIP over TLS.
     *
     * @throws IOException with one sentence when all are taken
     */
    public static int draw() throws IOException {
        return OF_THIS_PROCESS.give();
    }

    /** The loopback interface with a {@link #draw drawn} port. */
    public static InetSocketAddress address() throws IOException {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), draw());
    }

    /** What {@link #draw} gives; whoever holds another instance is, as to ports, another process. */
    synchronized int give() throws IOException {
        while (true) {
            for (; next < end; next += 2) {
                if (isFree(next)) {
                    next += 2;
                    return next - 2;
                }
            }
            claimBlock();
        }
    }

    private void claimBlock() throws IOException {
        int from = ThreadLocalRandom.current().nextInt(BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            int first = FIRST + (from + i) % BLOCKS * BLOCK;
            try {
                claims.add(new DatagramSocket(first, InetAddress.getLoopbackAddress()));
                next = first + 2;
                end = first + BLOCK;
                return;
            } catch (BindException _) {
                // Another process has claimed it, or listens there.
            }
        }
        throw new IOException("No port between " + FIRST + " and " + LAST + " of the loopback interface is free.");
    }

    private static boolean isFree(int port) throws IOException {
        try (DatagramSocket _ = new DatagramSocket(port, InetAddress.getLoopbackAddress());
                ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                ServerSocket _ = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (BindException _) {
            return false;
        }
    }
}
