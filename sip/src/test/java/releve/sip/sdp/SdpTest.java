package releve.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SdpTest {
    private static final String OFFER = """
            v=0
            o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
            s=Call to John Smith
            i=SDP Offer #1
            c=IN IP4 198.51.100.1/127
            b=AS:64
            t=0 0
            a=sendonly
            m=video 51372 RTP/AVP 99
            c=IN IP6 2001:db8::2
            a=rtpmap:99 h263-1998/90000
            m=audio 49170/2 RTP/AVP 96 8 0 97
            a=rtpmap:96 opus/48000/2
            a=rtpmap:97 telephone-event/8000
            """;

    @Test
    void shouldReadWhatCallsNeed() throws Exception {
        Sdp sdp = Sdp.parse(OFFER.replace("\n", "\r\n"));
        assertThat(sdp.address()).isEqualTo("198.51.100.1");
        assertThat(sdp.version()).isEqualTo(3724394405L);
        assertThat(sdp.media()).hasSize(2);
        SdpMedia audio = sdp.firstAudio();
        assertThat(audio).isNotNull();
        assertThat(audio.port()).isEqualTo(49170);
        assertThat(audio.payloadOf("PCMA")).isEqualTo(8);
        assertThat(audio.payloadOf("telephone-event")).isEqualTo(97);
        assertThat(sdp.directionOf(audio)).isEqualTo(Direction.SENDONLY);
        assertThat(sdp.addressOf(sdp.media().getFirst())).isEqualTo("2001:db8::2");
        assertThat(Sdp.parse(sdp.toString())).isEqualTo(sdp);
    }

    @Test
    void shouldAnswerWithPreferredCodecAndRefuseOtherStreams() throws Exception {
        Sdp answer = Sdp.parse(OFFER).answer("127.0.0.1", 4000, 9);
        assertThat(answer).isNotNull();
        assertThat(answer.media().getFirst().port()).isZero();
        SdpMedia audio = answer.media().getLast();
        assertThat(audio.formats()).containsExactly("8", "97");
        assertThat(audio.direction()).isEqualTo(Direction.RECVONLY);
        assertThat(Sdp.parse(answer.toString())).isEqualTo(answer);
    }

    @Test
    void shouldHaveNoAnswerWhenNothingFits() throws Exception {
        assertThat(Sdp.parse(OFFER.replace(" 8 0 97", " 98")).answer("127.0.0.1", 4000, 9))
                .isNull();
    }

    @Test
    void shouldRaiseVersionWhenPutOnHold() {
        Sdp sdp = Sdp.audio("::1", 4000, 5);
        Sdp held = sdp.with(Direction.INACTIVE);
        assertThat(held.version()).isEqualTo(sdp.version() + 1);
        assertThat(held.toString()).contains("a=inactive", "c=IN IP6 ::1").doesNotContain("a=sendrecv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=0\r\n",
                "v=1\r\no=- 1 1 IN IP4 x\r\n",
                "o=- 1 1 IN IP4 x\r\nv=0\r\n",
                "nonsense",
                "v=0\r\no=- 1\r\n",
                "v=0\r\no=- 1 x IN IP4 x\r\n",
                "v=0\r\no=- 1 1 IN IP4 x\r\nm=audio 70000 RTP/AVP 0\r\n",
                "v=0\r\no=- 1 1 IN IP4 x\r\nm=audio 1\r\n",
                "v=0\r\no=- 1 1 IN IP4 x\r\nc=IN\r\n"
            })
    void shouldRefuseWhatIsNoDescription(String text) {
        assertThatThrownBy(() -> Sdp.parse(text)).isInstanceOf(MalformedSdpException.class);
    }

    @Test
    void shouldThrowNothingElseWhenTextIsMutated() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(OFFER);
            for (int k = random.nextInt(6); k >= 0; k--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(130));
            }
            try {
                Sdp sdp = Sdp.parse(text.toString());
                Sdp.parse(sdp.toString());
                Sdp answer = sdp.answer("127.0.0.1", 1, 1);
                assertThat(answer == null || !answer.toString().isEmpty()).isTrue();
            } catch (MalformedSdpException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }
}
