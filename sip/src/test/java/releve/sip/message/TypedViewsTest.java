package releve.sip.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedViewsTest {
    private static void assertRefused(ThrowingCallable parse) {
        assertThatThrownBy(parse).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void shouldReadSessionIntervals() throws Exception {
        SessionExpires read = SessionExpires.parse("1800 ; refresher=UAC");
        assertThat(read).isEqualTo(new SessionExpires(1800, SessionExpires.Refresher.UAC));
        assertThat(read).hasToString("1800;refresher=uac");
        assertThat(SessionExpires.parse("90").refresher()).isNull();
        assertThat(SessionExpires.parse("1800;refresher=proxy").refresher()).isNull();
        assertRefused(() -> SessionExpires.parse("2147483648"));
        assertRefused(() -> SessionExpires.parse("soon"));
    }

    @Test
    void shouldReadMediaTypesAndRanges() throws Exception {
        MediaType type = MediaType.parse("Application / SDP;charset=\"utf-8\"");
        assertThat(type.is("application/sdp")).isTrue();
        assertThat(type.is("application/sdp2")).isFalse();
        assertThat(type.params().get("charset")).isEqualTo("utf-8");
        assertThat(MediaType.parse("*/*").accepts(type)).isTrue();
        assertThat(MediaType.parse("application/*").accepts(type)).isTrue();
        assertThat(MediaType.parse("text/*;q=0.5").accepts(type)).isFalse();
        assertRefused(() -> MediaType.parse("application"));
    }

    @Test
    void shouldReadPrivacy() throws Exception {
        Privacy privacy = Privacy.parse("id; Critical");
        assertThat(privacy.values()).isEqualTo(List.of("id", "Critical"));
        assertThat(privacy.asksFor("critical")).isTrue();
        assertThat(privacy.asksFor("user")).isFalse();
        assertThat(privacy).hasToString("id;Critical");
        assertRefused(() -> Privacy.parse("id;"));
    }

    @Test
    void shouldReadWhetherPhoneIsToAnswerByItself() throws Exception {
        Headers headers = new Headers.Builder()
                .add("Call-Info", "<http://x.example/a,b>;purpose=icon, <sip:x>;answer-after=0")
                .add("Call-Info", "nonsense")
                .build();
        List<InfoUri> all = InfoUri.all(headers, HeaderName.CALL_INFO);
        assertThat(all).hasSize(2);
        assertThat(all.getFirst().purpose()).isEqualTo("icon");
        assertThat(all.getFirst().answerAfterSeconds()).isEqualTo(-1);
        assertThat(all.getLast().answerAfterSeconds()).isZero();
        assertRefused(() -> InfoUri.parse("<sip:x"));
    }

    @Test
    void shouldReadTargetDialog() throws Exception {
        TargetDialog read = TargetDialog.parse("a@b;local-tag=1;remote-tag=2");
        assertThat(read).isEqualTo(new TargetDialog("a@b", "1", "2"));
        assertThat(TargetDialog.parse(read.toString())).isEqualTo(read);
        assertRefused(() -> TargetDialog.parse("a@b;local-tag=1"));
    }

    @Test
    void shouldCompareTelephoneNumbersWithoutSeparators() throws Exception {
        TelUri number = TelUri.parse("tel:+1-201-555-0123;ext=7;isub=1");
        assertThat(number.digits()).isEqualTo("+12015550123");
        assertThat(number.isEquivalentTo(TelUri.parse("TEL:+1(201)5550123;isub=1;ext=7")))
                .isTrue();
        assertThat(number.isEquivalentTo(TelUri.parse("tel:+12015550123"))).isFalse();
        assertThat(TelUri.parse("tel:7042;phone-context=example.com").isGlobal())
                .isFalse();
        assertRefused(() -> TelUri.parse("tel:7042"));
        assertRefused(() -> TelUri.parse("tel:+"));
        assertRefused(() -> TelUri.parse("tel:+1x"));
        assertRefused(() -> TelUri.parse("sip:+1@x"));
    }

    /** The examples of RFC 3261 section 19.1.4. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "true sip:%61lice@atlanta.com;transport=TCP sip:alice@AtlanTa.CoM;Transport=tcp",
                "true sip:carol@chicago.com sip:carol@chicago.com;newparam=5",
                "true sip:carol@chicago.com;security=on sip:carol@chicago.com;newparam=5",
                "true sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com"
                        + " sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
                "true sip:alice@atlanta.com?subject=project%20x&priority=urgent"
                        + " sip:alice@atlanta.com?priority=urgent&subject=project%20x",
                "false SIP:ALICE@AtLanTa.CoM;Transport=udp sip:alice@AtLanTa.CoM;Transport=UDP",
                "false sip:bob@biloxi.com sip:bob@biloxi.com:5060",
                "false sip:bob@biloxi.com sip:bob@biloxi.com;transport=udp",
                "false sip:bob@biloxi.com sip:bob@biloxi.com:6000;transport=tcp",
                "false sip:carol@chicago.com sip:carol@chicago.com?Subject=next%20meeting",
                "false sip:bob@phone21.boxesbybob.com sip:bob@192.0.2.4",
                "false sip:carol@chicago.com;security=on sip:carol@chicago.com;security=off"
            })
    void shouldCompareUrisAsTheRfcSays(boolean same, String one, String other) throws Exception {
        SipUri a = SipUri.parse(one);
        SipUri b = SipUri.parse(other);
        assertThat(UriComparison.areEquivalent(a, b)).isEqualTo(same);
        assertThat(UriComparison.areEquivalent(b, a)).isEqualTo(same);
    }
}
