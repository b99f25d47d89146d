package releve.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One end of a voice path (RFC 3550): sends a packet of G.711 every 20 ms, all of one tell-tale sample, and counts what
 * comes: packets, and among them those that carry the sample back.
 */
final class RtpPhone implements AutoCloseable {
    private static final byte SAMPLE = 0x2A;
    private static final int HEADER_BYTES = 12;
    private static final int PAYLOAD_BYTES = 160;
    private static final int INTERVAL_MS = 20;
    private static final Pattern PORT = Pattern.compile("m=audio (\\d+)");
    private static final Pattern HOST = Pattern.compile("c=IN IP4 (\\S+)");

    private final DatagramSocket socket;
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger returned = new AtomicInteger();
    private volatile InetSocketAddress peer;

    RtpPhone() throws Exception {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(1_000);
        Thread.ofPlatform().daemon().name("rtp-send").start(this::send);
        Thread.ofPlatform().daemon().name("rtp-receive").start(this::receive);
    }

    /** What we can do, with our port. */
    String description() {
        return PeerAgent.SDP.replace("m=audio 30000", "m=audio " + socket.getLocalPort());
    }

    /** Sends to where this description says from now on. */
    void sendTo(String description) {
        Matcher port = PORT.matcher(description);
        Matcher host = HOST.matcher(description);
        if (!port.find() || !host.find()) {
            throw new AssertionError("no address for voice in: " + description);
        }
        peer = new InetSocketAddress(host.group(1), Integer.parseInt(port.group(1)));
    }

    int received() {
        return received.get();
    }

    /** Packets whose voice is ours: the peer has heard us and sent it back. */
    int returned() {
        return returned.get();
    }

    private void send() {
        for (int number = 0; !socket.isClosed(); number++) {
            try {
                InetSocketAddress to = peer;
                if (to != null) {
                    ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + PAYLOAD_BYTES)
                            .put((byte) 0x80)
                            .put((byte) 0)
                            .putShort((short) number)
                            .putInt(number * PAYLOAD_BYTES)
                            .putInt(0x52454C45);
                    Arrays.fill(packet.array(), HEADER_BYTES, packet.capacity(), SAMPLE);
                    socket.send(new DatagramPacket(packet.array(), packet.capacity(), to));
                }
                Thread.sleep(INTERVAL_MS);
            } catch (IOException _) {
                // The peer's port may be closed already; the next packet tells.
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void receive() {
        byte[] buffer = new byte[1_500];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (IOException _) {
                // Nothing came for a second, or the socket is closed, or an earlier packet was refused.
                continue;
            }
            if (packet.getLength() == HEADER_BYTES + PAYLOAD_BYTES && (buffer[0] & 0xC0) == 0x80) {
                received.incrementAndGet();
                if (buffer[HEADER_BYTES + PAYLOAD_BYTES / 2] == SAMPLE) {
                    returned.incrementAndGet();
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
