package releve.server.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import releve.sip.locate.Answer;
import releve.sip.locate.DnsRecord;
import releve.sip.locate.LocatePolicy;
import releve.sip.locate.Location;
import releve.sip.locate.Question;
import releve.sip.locate.ServerLocator;
import releve.sip.transaction.Hop;

/** The DNS client against a small DNS server on loopback. */
class DnsClientTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Map<String, Record[]> zone = new ConcurrentHashMap<>();
    private final BlockingQueue<Map.Entry<Question, Answer>> answers = new LinkedBlockingQueue<>();
    private DatagramSocket socket;
    private DnsClient client;

    @BeforeEach
    void open() throws Exception {
        socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        Thread.ofPlatform().daemon().start(this::serve);
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(LOOPBACK, socket.getLocalPort()));
        client = new DnsClient(resolver, (question, answer) -> answers.add(Map.entry(question, answer)));
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private void serve() {
        byte[] buffer = new byte[4_096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] reply = reply(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (reply.length > 0) {
                    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // The test is over.
            return;
        }
    }

    /** Records for what the zone has, SERVFAIL for names below {@code broken}, silence below {@code silent}. */
    private byte[] reply(byte[] query) throws IOException {
        Message asked = new Message(query);
        Record question = asked.getQuestion();
        String name = question.getName().toString(true);
        if (name.endsWith("silent")) {
            return new byte[0];
        }
        Message reply = new Message(asked.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.addRecord(question, Section.QUESTION);
        Record[] records = zone.get(name + " " + Type.string(question.getType()));
        if (name.endsWith("broken")) {
            reply.getHeader().setRcode(Rcode.SERVFAIL);
        } else if (records == null) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
            reply.addRecord(
                    record("example.com.", Type.SOA, 600, "ns.example.com. admin.example.com. 1 2 3 4 45"),
                    Section.AUTHORITY);
        } else {
            for (Record each : records) {
                reply.addRecord(each, Section.ANSWER);
            }
        }
        return reply.toWire();
    }

    private static Record record(String name, int type, long ttlSeconds, String data) throws IOException {
        return Record.fromString(Name.fromString(name), type, DClass.IN, ttlSeconds, data, Name.root);
    }

    private Answer ask(String name, Question.Type type) throws Exception {
        Question question = new Question(name, type);
        client.ask(question);
        Map.Entry<Question, Answer> answer = answers.poll(20, TimeUnit.SECONDS);
        assertThat(answer).as("every question gets an answer").isNotNull();
        assertThat(answer.getKey()).isEqualTo(question);
        return answer.getValue();
    }

    @Test
    void shouldReadEveryTypeThatLocatingNeeds() throws Exception {
        zone.put("example.com NAPTR", new Record[] {
            record("example.com.", Type.NAPTR, 300, "10 20 \"s\" \"SIP+D2U\" \"\" _sip._udp.example.com.")
        });
        zone.put("_sip._udp.example.com SRV", new Record[] {
            record("_sip._udp.example.com.", Type.SRV, 200, "1 2 5070 gw.example.com."),
            record("_sip._udp.example.com.", Type.SRV, 100, "0 0 0 .")
        });
        zone.put("gw.example.com AAAA", new Record[] {record("gw.example.com.", Type.AAAA, 60, "2001:db8::1")});
        assertThat(ask("example.com", Question.Type.NAPTR))
                .isEqualTo(new Answer.Found(
                        List.of(new DnsRecord.Naptr(10, 20, "s", "SIP+D2U", "_sip._udp.example.com")), 300_000));
        assertThat(ask("_sip._udp.example.com", Question.Type.SRV))
                .isEqualTo(new Answer.Found(
                        List.of(new DnsRecord.Srv(1, 2, 5070, "gw.example.com"), new DnsRecord.Srv(0, 0, 0, ".")),
                        100_000));
        assertThat(ask("gw.example.com", Question.Type.AAAA))
                .isEqualTo(
                        new Answer.Found(List.of(new DnsRecord.Address(InetAddress.ofLiteral("2001:db8::1"))), 60_000));
    }

    @Test
    void shouldFollowAliasesAndHoldThemNoLongerThanTheShortest() throws Exception {
        zone.put("sbc.example.com A", new Record[] {
            record("sbc.example.com.", Type.CNAME, 20, "host.example.net."),
            record("host.example.net.", Type.A, 500, "192.0.2.7"),
            record("other.example.net.", Type.A, 5, "192.0.2.66")
        });
        assertThat(ask("sbc.example.com", Question.Type.A))
                .isEqualTo(
                        new Answer.Found(List.of(new DnsRecord.Address(InetAddress.ofLiteral("192.0.2.7"))), 20_000));
    }

    @Test
    void shouldHoldAnAbsenceForAsLongAsTheZoneSays() throws Exception {
        assertThat(ask("none.example.com", Question.Type.A)).isEqualTo(new Answer.Absent(45_000));
    }

    @Test
    void shouldSayWhenNobodyCouldAnswer() throws Exception {
        assertThat(ask("x.broken", Question.Type.A)).isEqualTo(new Answer.Failed("the DNS server says SERVFAIL"));
        assertThat(ask("x.silent", Question.Type.A)).isEqualTo(new Answer.Failed("no DNS server answered"));
        assertThat(ask("a..b", Question.Type.A)).isEqualTo(new Answer.Failed("it is no domain name"));
    }

    @Test
    void shouldLeadFromADomainToItsServers() throws Exception {
        zone.put("_sip._udp.example.com SRV", new Record[] {
            record("_sip._udp.example.com.", Type.SRV, 200, "10 1 5070 gw.example.com."),
            record("_sip._udp.example.com.", Type.SRV, 200, "20 1 5080 gw.example.com.")
        });
        zone.put("gw.example.com A", new Record[] {record("gw.example.com.", Type.A, 60, "192.0.2.1")});
        ServerLocator locator = new ServerLocator(LocatePolicy.DEFAULT, new SplittableRandom(1));
        locator.locate("sip:example.com", 0);
        ServerLocator.Result result;
        while ((result = locator.nextResult()) == null) {
            for (Question q = locator.nextQuestion(); q != null; q = locator.nextQuestion()) {
                client.ask(q);
            }
            Map.Entry<Question, Answer> answer = answers.poll(20, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            locator.answer(answer.getKey(), answer.getValue(), 0);
        }
        InetAddress address = InetAddress.ofLiteral("192.0.2.1");
        assertThat(result.location())
                .isEqualTo(new Location.Found(List.of(
                        Hop.udp(new InetSocketAddress(address, 5070)), Hop.udp(new InetSocketAddress(address, 5080)))));
    }
}
