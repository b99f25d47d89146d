package releve.system;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port of the loopback interface for a peer that has to be told which to use. */
final class FreePort {
    /** So many ports for each of the processes that share the test classes, so that none draws what another is about to use. */
    private static final int PORTS = 4_000;

    /** Below the ports that systems give to whoever asks for any (32768 on), so that nobody is given it meanwhile. */
    private static final int FIRST = 20_000 + (Scene.FORK - 1) % 3 * PORTS;

    private static final int LAST = FIRST + PORTS;
    private static final int TRIES_MAX = 100;

    private FreePort() {}

    /** A port that is free with UDP and with TCP; it is even, and the one above it is free too: phones take that for SIP over TLS. */
    static int draw() throws IOException {
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = 2 * ThreadLocalRandom.current().nextInt(FIRST / 2, LAST / 2);
            try (DatagramSocket _ = new DatagramSocket(port, InetAddress.getLoopbackAddress());
                    ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    ServerSocket _ = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException _) {
                // Somebody has it: draw another.
            }
        }
        throw new IOException("none of " + TRIES_MAX + " ports drawn between " + FIRST + " and " + LAST + " is free");
    }
}
