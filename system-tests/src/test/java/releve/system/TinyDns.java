package releve.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A DNS server on loopback that knows what a test told it, and says of all else that it does not exist. */
final class TinyDns implements AutoCloseable {
    private static final int TTL_SECONDS = 5;

    private final Map<String, Record> zone = new ConcurrentHashMap<>();
    private final DatagramSocket socket;

    TinyDns() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().name("tiny-dns").daemon().start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** @param name with its final dot */
    void knows(String name, int type, String data) throws IOException {
        Record each = Record.fromString(Name.fromString(name), type, DClass.IN, TTL_SECONDS, data, Name.root);
        zone.put(each.getName() + " " + Type.string(type), each);
    }

    private void serve() {
        byte[] buffer = new byte[4_096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] reply = reply(new Message(Arrays.copyOf(packet.getData(), packet.getLength())));
                socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The test is over.
            return;
        }
    }

    private byte[] reply(Message asked) {
        Record question = asked.getQuestion();
        Message reply = new Message(asked.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.addRecord(question, Section.QUESTION);
        Record found = zone.get(question.getName() + " " + Type.string(question.getType()));
        if (found == null) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
        } else {
            reply.addRecord(found, Section.ANSWER);
        }
        return reply.toWire();
    }

    @Override
    public void close() {
        socket.close();
    }
}
