package releve.server.telephony;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that our own description names until a call is bridged. Nobody listens yet: the kernel drops what a small buffer
 * does not hold. Prompts leave from here.
 */
final class RtpSink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RtpSink.class);
    private static final int BUFFER_BYTES = 4_096;

    private final DatagramChannel channel;
    private final InetSocketAddress bound;

    private RtpSink(DatagramChannel channel) throws IOException {
        this.channel = channel;
        this.bound = (InetSocketAddress) channel.getLocalAddress();
    }

    static RtpSink open(InetAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            channel.bind(new InetSocketAddress(address, 0));
            return new RtpSink(channel);
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "Cannot open an RTP port on " + address.getHostAddress() + ": " + e.getMessage() + ".", e);
        }
    }

    InetAddress address() {
        return bound.getAddress();
    }

    int port() {
        return bound.getPort();
    }

    /** Sends one packet; one that cannot leave is lost, as any other on its way would be. */
    void send(byte[] packet, InetSocketAddress destination) {
        try {
            channel.send(ByteBuffer.wrap(packet), destination);
        } catch (IOException e) {
            log.debug("A packet to {} did not leave", destination, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
