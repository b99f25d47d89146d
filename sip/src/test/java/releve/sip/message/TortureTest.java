package releve.sip.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import releve.sip.agent.Transmit;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.transaction.Hop;

/**
 * RFC 4475 and RFC 5118: for each of their messages what the parser makes of it, and what a user agent answers. A message
 * that is refused gets no answer: whoever sends it is no peer that could do anything with one.
 */
class TortureTest {
    private static final int REFUSED = 0;
    private static final int SILENT = 1;

    /** By name: the first status sent, {@link #SILENT} for what is read and not answered, or {@link #REFUSED}. */
    private static final Map<String, Integer> VERDICTS = Map.ofEntries(
            Map.entry("3.1.1.1 wsinv", 481),
            Map.entry("3.1.1.2 intmeth", 501),
            Map.entry("3.1.1.3 esc01", 100),
            Map.entry("3.1.1.4 escnull", 405),
            Map.entry("3.1.1.5 esc02", 501),
            Map.entry("3.1.1.6 lwsdisp", 200),
            Map.entry("3.1.1.7 longreq", 100),
            Map.entry("3.1.1.8 dblreq", 405),
            Map.entry("3.1.1.9 semiuri", 200),
            Map.entry("3.1.1.10 transports", 200),
            Map.entry("3.1.1.11 mpart01", 405),
            Map.entry("3.1.1.12 unreason", SILENT),
            Map.entry("3.1.1.13 noreason", SILENT),
            Map.entry("3.1.2.1 badinv01", REFUSED),
            Map.entry("3.1.2.2 clerr", REFUSED),
            Map.entry("3.1.2.3 ncl", REFUSED),
            Map.entry("3.1.2.4 scalar02", REFUSED),
            Map.entry("3.1.2.5 scalarlg", REFUSED),
            Map.entry("3.1.2.6 quotbal", REFUSED),
            Map.entry("3.1.2.7 ltgtruri", REFUSED),
            Map.entry("3.1.2.8 lwsruri", REFUSED),
            Map.entry("3.1.2.9 lwsstart", REFUSED),
            Map.entry("3.1.2.10 trws", REFUSED),
            Map.entry("3.1.2.11 escruri", REFUSED),
            // "An element shouldn't" refuse it "unless the contents of the Date header field were actually important".
            Map.entry("3.1.2.12 baddate", 100),
            Map.entry("3.1.2.13 regbadct", REFUSED),
            Map.entry("3.1.2.14 badaspec", REFUSED),
            Map.entry("3.1.2.15 baddn", REFUSED),
            Map.entry("3.1.2.16 badvers", REFUSED),
            Map.entry("3.1.2.17 mismatch01", REFUSED),
            Map.entry("3.1.2.18 mismatch02", REFUSED),
            Map.entry("3.1.2.19 bigcode", REFUSED),
            Map.entry("3.2.1 badbranch", 200),
            Map.entry("3.3.1 insuf", REFUSED),
            Map.entry("3.3.2 unkscm", 416),
            Map.entry("3.3.3 novelsc", 416),
            Map.entry("3.3.4 unksm2", 405),
            Map.entry("3.3.5 bext01", 420),
            Map.entry("3.3.6 invut", 415),
            Map.entry("3.3.7 regaut01", 405),
            Map.entry("3.3.8 multi01", REFUSED),
            Map.entry("3.3.9 mcl01", REFUSED),
            Map.entry("3.3.10 bcast", SILENT),
            Map.entry("3.3.11 zeromf", 200),
            Map.entry("3.3.12 cparam01", 405),
            Map.entry("3.3.13 cparam02", 405),
            Map.entry("3.3.14 regescrt", 405),
            Map.entry("3.3.15 sdp01", 406),
            Map.entry("3.4.1 inv2543", 100),
            Map.entry("4.1 ipv6-good", 405),
            Map.entry("4.2 ipv6-bad", REFUSED),
            Map.entry("4.3 port-ambiguous", 405),
            Map.entry("4.4 port-unambiguous", 405),
            Map.entry("4.5 via-received-param-with-delim", 481),
            Map.entry("4.5 via-received-param-no-delim", 200),
            Map.entry("4.6 ipv6-in-sdp", 100),
            Map.entry("4.7 mult-ip-in-header", 481),
            Map.entry("4.8 mult-ip-in-sdp", 100),
            Map.entry("4.9 ipv4-mapped-ipv6", 100),
            Map.entry("4.10 ipv6-bug-abnf-3-colons", 200),
            Map.entry("4.10 ipv6-correct-abnf-2-colons", 200));

    private static Map<String, byte[]> all() {
        Map<String, byte[]> all = Torture.rfc4475();
        all.putAll(Torture.rfc5118());
        return all;
    }

    private static SipMessage parse(byte[] bytes) throws MalformedMessageException {
        return SipParser.parse(bytes, 0, bytes.length);
    }

    @Test
    void shouldHoldEveryMessageOfBothRfcsToAVerdict() {
        assertThat(Torture.rfc4475()).hasSize(49);
        assertThat(Torture.rfc5118()).hasSize(12); // sections 4.5 and 4.10 have two each
        assertThat(VERDICTS.keySet()).isEqualTo(all().keySet());
    }

    @TestFactory
    Stream<DynamicTest> shouldReadWhatIsValidAndWriteItAgain() {
        return named(false)
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    SipMessage message = parse(e.getValue());
                    SipMessage again = parse(SipWriter.write(message));
                    assertThat(again).hasToString(message.toString());
                    assertThat(again.body()).isEqualTo(message.body());
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseWhatIsInvalid() {
        return named(true)
                .map(e -> DynamicTest.dynamicTest(
                        e.getKey(),
                        () -> assertThatThrownBy(() -> parse(e.getValue()))
                                .isInstanceOf(MalformedMessageException.class)));
    }

    private static Stream<Map.Entry<String, byte[]>> named(boolean refused) {
        return all().entrySet().stream().filter(e -> (VERDICTS.get(e.getKey()) == REFUSED) == refused);
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsAUserAgentHasTo() {
        return all().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    List<Integer> sent = answersTo(e.getValue());
                    int verdict = VERDICTS.get(e.getKey());
                    if (verdict == REFUSED || verdict == SILENT) {
                        assertThat(sent).isEmpty();
                    } else {
                        assertThat(sent).startsWith(verdict);
                    }
                }));
    }

    private static List<Integer> answersTo(byte[] bytes) throws MalformedMessageException {
        UserAgent agent =
                new UserAgent(UserAgentConfig.at(new InetSocketAddress("127.0.0.1", 5060)), new SplittableRandom(1));
        agent.receive(bytes, bytes.length, Hop.udp(new InetSocketAddress("127.0.0.2", 5060)), 0);
        List<Integer> statuses = new ArrayList<>();
        for (Transmit t = agent.nextTransmit(); t != null; t = agent.nextTransmit()) {
            statuses.add(((SipResponse) parse(t.bytes())).status());
        }
        return statuses;
    }

    @Test
    void shouldReadThroughFoldsCompactFormsAndQuotes() throws Exception {
        SipRequest r = (SipRequest) parse(Torture.named("wsinv"));
        assertThat(r.to().tag()).isEqualTo("1918181833n");
        assertThat(r.from().displayName()).isEqualTo("J Rosenberg \\\"");
        assertThat(r.cseq()).isEqualTo(new CSeq(9, Method.INVITE));
        assertThat(r.topVia().branch()).isEqualTo("390skdjuw");
        assertThat(r.topVia().hasMagicCookie()).isFalse();
        assertThat(r.headers().values(HeaderName.VIA)).hasSize(3);
        assertThat(r.headers().first(HeaderName.SUBJECT)).isEmpty();
        assertThat(r.headers().first("newfangledheader")).isEqualTo("newfangled value continued newfangled value");
        assertThat(r.headers().first("UnknownHeaderWithUnusualValue")).isEqualTo(";;,,;;,;");
        assertThat(r.contact().params().get("q")).isEqualTo("0.33");
        assertThat(r.sdp()).endsWith("a=rtpmap:31 LPC\r\n");
    }

    @Test
    void shouldReadTheStrangestCharactersThatAreValid() throws Exception {
        SipRequest r = (SipRequest) parse(Torture.named("intmeth"));
        assertThat(r.method()).hasToString("!interesting-Method0123456789_*+`.%indeed'~");
        assertThat(r.to().displayName()).isEqualTo("BEL:\u0007 NUL:\u0000 DEL:\u007F");
        assertThat(r.from().tag()).isEqualTo("_token~1'+`*%!-.");
        assertThat(r.from().params().get("fromParam''~+*_!.-%")).contains("работающий");
        assertThat(r.callId()).isEqualTo("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
        SipResponse unusual = (SipResponse) parse(Torture.named("unreason"));
        assertThat(unusual.reasonPhrase()).startsWith("= 2**3 * 5**2 ");
        assertThat(((SipResponse) parse(Torture.named("noreason"))).reasonPhrase())
                .isEmpty();
    }

    @Test
    void shouldFrameBodiesByTheirLengthAlone() throws Exception {
        assertThat(parse(Torture.named("dblreq")).body()).isEmpty();
        byte[] binary = parse(Torture.named("mpart01")).body();
        assertThat(binary).hasSize(553);
        assertThat(new String(binary, StandardCharsets.ISO_8859_1))
                .startsWith("--7a9cbec02ceef655\r\n")
                .endsWith("--7a9cbec02ceef655--\r\n");
    }

    @Test
    void shouldReadLongNamesAndManyVias() throws Exception {
        SipMessage m = parse(Torture.named("longreq"));
        assertThat(m.headers().values(HeaderName.VIA)).hasSize(34);
        assertThat(m.from().tag()).startsWith("12982982982").hasSizeGreaterThan(100);
        assertThat(m.callId()).endsWith("reallylongcallid");
    }

    @Test
    void shouldReadIpv6AddressesInEveryPlace() throws Exception {
        SipMessage m = parse(Torture.named("mult-ip-in-header"));
        assertThat(m.topVia().host()).isEqualTo("[2001:db8::9:1]");
        assertThat(m.topVia().port()).isEqualTo(6050);
        assertThat(parse(Torture.named("via-received-param-no-delim"))
                        .topVia()
                        .params()
                        .get("received"))
                .isEqualTo("2001:db8::9:255");
        assertThat(parse(Torture.named("via-received-param-with-delim"))
                        .topVia()
                        .params()
                        .get("received"))
                .isEqualTo("[2001:db8::9:255]");
        SipUri ambiguous = SipUri.parse(((SipRequest) parse(Torture.named("port-ambiguous"))).uri());
        assertThat(ambiguous.port()).isEqualTo(-1);
        assertThat(SipUri.parse(((SipRequest) parse(Torture.named("port-unambiguous"))).uri())
                        .port())
                .isEqualTo(5070);
    }
}
