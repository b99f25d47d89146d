package releve.sip.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SipParserTest {
    private static final String SMALL = """
            OPTIONS sip:b@x SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa
            From: <sip:a@x>;tag=1
            To: <sip:b@x>
            Call-ID: c
            CSeq: 1 OPTIONS
            """;

    private static SipMessage parse(byte[] bytes) throws MalformedMessageException {
        return SipParser.parse(bytes, 0, bytes.length);
    }

    private static SipMessage parse(String text) throws MalformedMessageException {
        return parse(Torture.bytes(text));
    }

    @Test
    void shouldTakeOnlyDeclaredBodyWhenMoreFollows() throws Exception {
        assertThat(parse(SMALL + "\nabc").body()).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldSplitListsOutsideQuotesAndBrackets() throws Exception {
        SipMessage m = parse(
                SMALL + "Record-Route: \"a, <b\" <sip:p1,x@h;lr>;q=\"1,2\", <sip:p2;lr>\nRecord-Route: <sip:p3>\n\n");
        assertThat(m.headers().values(HeaderName.RECORD_ROUTE))
                .containsExactly("\"a, <b\" <sip:p1,x@h;lr>;q=\"1,2\"", "<sip:p2;lr>", "<sip:p3>");
    }

    @Test
    void shouldReadIpv6AddressesAsRfc5118Says() throws Exception {
        SipMessage m =
                parse(SMALL.replace("192.0.2.1:5070", "[2001:db8::9:1]:6050;received=2001:db8::9:255;rport=1") + "\n");
        assertThat(m.topVia().host()).isEqualTo("[2001:db8::9:1]");
        assertThat(m.topVia().port()).isEqualTo(6050);
        assertThat(m.topVia().params().get("received")).isEqualTo("2001:db8::9:255");
        assertThat(SipUri.parse("sip:[2001:db8::10]:5070;lr").port()).isEqualTo(5070);
        assertThatThrownBy(() -> SipUri.parse("sip:2001:db8::10")).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void shouldRefuseWhatIsBeyondTheLimits() {
        assertThatThrownBy(() -> parse(SMALL + "X: y\n".repeat(SipParser.HEADERS_MAX) + "\n"))
                .hasMessageContaining("too many");
        assertThatThrownBy(() -> parse(SMALL + "X: " + "y".repeat(SipParser.HEADER_BYTES_MAX) + "\n\n"))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> parse(SMALL + "X: y\n" + " z\n".repeat(SipParser.HEADER_BYTES_MAX / 3) + "\n"))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> parse(SMALL + "\n" + "b".repeat(SipParser.BODY_BYTES_MAX + 1)))
                .hasMessageContaining("body is too large");
        assertThatThrownBy(() -> SipParser.parse(new byte[70_000], 0, 70_000)).hasMessageContaining("datagram");
        assertThatThrownBy(() -> parse(SMALL)).hasMessageContaining("does not end");
    }

    @Test
    void shouldReadReasonAndRetryAfter() throws Exception {
        SipResponse r = (SipResponse)
                parse(
                        SMALL.replace("OPTIONS sip:b@x SIP/2.0", "SIP/2.0 486 Busy Here")
                                + "Reason: SIP ;cause=600;text=\"Busy, everywhere\", Q.850 ; cause = 17\nRetry-After: 18000 (at 9);duration=3600\n\n");
        assertThat(Reason.q850Of(r)).isEqualTo(17);
        assertThat(r.retryAfterSeconds()).isEqualTo(18000);
    }

    @Test
    void shouldRefuseToWriteHeadersWithLineBreaks() {
        assertThatThrownBy(() -> new Header("X", "a\r\nVia: evil")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Header("X y", "a")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReadEveryPartOfWhateverAddressItAccepts() throws MalformedMessageException {
        SplittableRandom random = new SplittableRandom(3261);
        List<String> addresses = List.of(
                "\"J \\\"R\\\" x\" <sips:a:b@[2001:db8::1]:5061;lr;a=b?Route=%3Cx%3E>;tag=1;q=0.5",
                "Bell Alexander <tel:+1202>;tag=\"x\", <sip:b@h>, sip:c@h;x",
                "sip:u@h:99999;tag=a",
                "<sip:u@h;;a=>;tag");
        String odd = "\"<>;,:=?@[] \\aZ9\t";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(addresses.get(random.nextInt(addresses.size())));
            for (int k = random.nextInt(4); k > 0; k--) {
                text.setCharAt(random.nextInt(text.length()), odd.charAt(random.nextInt(odd.length())));
            }
            String value = text.substring(random.nextInt(4) == 0 ? random.nextInt(text.length()) : 0);
            if (!refuses(() -> NameAddr.parseList(value))) {
                for (NameAddr address : NameAddr.parseList(value)) {
                    assertSoundParts(address);
                }
            }
        }
    }

    /** An address stays a text, so each part is found again in it; a copy of the text has the same parts. */
    private static void assertSoundParts(NameAddr address) throws MalformedMessageException {
        NameAddr again = NameAddr.parse(address.toString());
        assertThat(again).isEqualTo(address);
        assertThat(again.uri()).isEqualTo(address.uri()).doesNotContain("<", ">", " ");
        assertThat(again.displayName()).isEqualTo(address.displayName());
        assertThat(again.params()).isEqualTo(address.params());
        NameAddr tagged = address.withTag("t1");
        assertThat(tagged.tag()).isEqualTo("t1");
        assertThat(tagged.uri()).isEqualTo(address.uri());
        assertThat(NameAddr.parse(tagged.toString())).isEqualTo(tagged);
    }

    private interface Reading {
        void run() throws MalformedMessageException;
    }

    private static boolean refuses(Reading reading) {
        try {
            reading.run();
            return false;
        } catch (MalformedMessageException _) {
            return true;
        }
    }
}
