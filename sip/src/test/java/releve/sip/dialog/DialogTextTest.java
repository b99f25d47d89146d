package releve.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.sip.message.NameAddr;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

class DialogTextTest {
    private static final String SDP = Sdp.audio("192.0.2.1", 4000, 7).toString();

    private static Dialog dialog(String callId, List<String> routes, String localSdp) throws Exception {
        return new Dialog(
                new DialogId(callId, "a1", ""),
                NameAddr.parse("\"Ça va; \\\"oui\\\" 100%\" <sip:a@192.0.2.1;x=1>;tag=a1"),
                NameAddr.parse("<sip:+33123456789@192.0.2.2>"),
                7,
                -1,
                routes,
                "sip:b@[2001:db8::2]:5062;transport=tls",
                Hop.of(Transport.TLS, new InetSocketAddress("2001:db8::2", 5062))
                        .named("b.example"),
                true,
                true,
                localSdp,
                null);
    }

    @Test
    void shouldReadBackWhatWasWritten() throws Exception {
        Dialog full = dialog("-", List.of("<sip:p1.example;lr>", "<sip:p2.example;lr>"), SDP);
        assertThat(DialogText.parse(DialogText.write(full))).isEqualTo(full);
        Dialog bare = dialog("a%20b+c@host", List.of(), "");
        assertThat(DialogText.parse(DialogText.write(bare))).isEqualTo(bare);
    }

    @Test
    void shouldBeOneLineOfPrintableAsciiAndLeaveOutTheConnection() throws Exception {
        Dialog dialog = dialog("id", List.of(), SDP);
        assertThat(DialogText.write(dialog)).matches("[\\x20-\\x7e]+");
        Dialog connected = new Dialog(
                dialog.id(),
                dialog.local(),
                dialog.remote(),
                dialog.localCSeq(),
                dialog.remoteCSeq(),
                dialog.routeSet(),
                dialog.remoteTarget(),
                new Hop(Transport.TLS, dialog.peer().address(), 12, "b.example"),
                dialog.callIdOurs(),
                dialog.confirmed(),
                dialog.localSdp(),
                dialog.remoteSdp());
        assertThat(DialogText.parse(DialogText.write(connected))).isEqualTo(dialog);
    }

    @Test
    void shouldRefuseOtherTextWithOneSentence() throws Exception {
        String good = DialogText.write(dialog("id", List.of(), null));
        List<String> bad = List.of(
                "",
                "2" + good.substring(1),
                "1 only three",
                good.replace(" 7 ", " seven "),
                good.replace(" -1 ", " -2 "),
                good.replace(" TLS ", " SCTP "),
                good.replace(" confirmed ", " maybe "),
                good.replace(" id ", " - "),
                good.replace(" 5062 ", " 70000 "),
                good + " %zz",
                good + " " + "x".repeat(DialogText.LENGTH_MAX));
        for (String text : bad) {
            assertThatThrownBy(() -> DialogText.parse(text))
                    .as(text.substring(0, Math.min(100, text.length())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("[^\\n]{10,300}");
        }
    }

    @Test
    void shouldRefuseOrReadButNeverFailOtherwiseWhenTextIsMutated() throws Exception {
        String good = DialogText.write(dialog("id", List.of("<sip:p1.example;lr>"), SDP));
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(' ', 127));
            }
            try {
                DialogText.parse(text.toString());
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %d, %s", seed, text).isNotBlank();
            }
        }
    }
}
