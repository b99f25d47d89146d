package releve.sip.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 2046 section 5.1, and what gateways say of their call progress analysis. */
class MultipartTest {
    private static final String TYPE = "multipart/mixed; boundary=\"=_b 1\"";

    private static List<BodyPart> parse(String body) throws MalformedMessageException {
        return Multipart.parse(TYPE, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(BodyPart part) {
        return new String(part.content(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldReadThePartsBetweenPreambleAndEpilogue() throws Exception {
        List<BodyPart> parts = parse("""
                a preamble
                --=_b 1\t
                content-type: application/sdp
                Content-Length: 6

                v=0
                --not a boundary
                --=_b 1
                Content-Type:application/x-cisco-cpa
                Content-Disposition: signal;handling=optional

                event=enabled
                --=_b 1--
                an epilogue""");
        assertThat(parts).hasSize(2);
        assertThat(parts.getFirst().is("Application/SDP")).isTrue();
        assertThat(text(parts.getFirst())).isEqualTo("v=0\n--not a boundary");
        assertThat(parts.getLast().disposition()).isEqualTo("signal;handling=optional");
        assertThat(text(parts.getLast())).isEqualTo("event=enabled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no boundary at all",
                "--=_b 1--",
                "--=_b 1",
                "--=_b 1\r\nContent-Type: text/plain\r\n\r\nno end",
                "--=_b 1\r\nno empty line\r\n--=_b 1--"
            })
    void shouldRefuseABodyThatCannotBeTakenApart(String body) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void shouldRefuseABodyWithoutBoundaryOrWithTooManyParts() {
        assertThatThrownBy(() -> Multipart.parse("multipart/mixed", new byte[10]))
                .isInstanceOf(MalformedMessageException.class);
        String part = "--=_b 1\r\n\r\nx\r\n";
        assertThatThrownBy(() -> parse(part.repeat(Multipart.PARTS_MAX + 1) + "--=_b 1--"))
                .hasMessageContaining("more than 8 parts");
    }

    @Test
    void shouldReadWhatItWrites() throws Exception {
        BodyPart description = new BodyPart("application/sdp", null, "v=0\r\n".getBytes(StandardCharsets.UTF_8));
        BodyPart cpa = new GatewayAnalysis.Request(608, 2500, 3000, 112, 30_000).asPart();
        List<BodyPart> read = Multipart.parse(Multipart.contentType(), Multipart.write(List.of(description, cpa)));
        assertThat(read).hasSize(2);
        assertThat(text(read.getFirst())).isEqualTo("v=0\r\n");
        assertThat(read.getLast().disposition()).isEqualTo(cpa.disposition());
        assertThat(GatewayAnalysis.parse(read.getLast().content()))
                .contains(new GatewayAnalysis.Request(608, 2500, 3000, 112, 30_000));
    }

    @Test
    void shouldRefuseOrReadWhateverComes() {
        byte[] good = Multipart.write(List.of(new GatewayAnalysis.Enabled().asPart()));
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] body = Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int i = random.nextInt(4); i > 0 && body.length > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Multipart.parse(Multipart.contentType(), body)).isNotEmpty();
            } catch (MalformedMessageException e) {
                assertThat(e).as("seed %s", seed).hasMessageContaining("body");
            }
        }
    }

    @Test
    void shouldKnowEachWordOfAGateway() {
        for (GatewayAnalysis.Heard heard : GatewayAnalysis.Heard.values()) {
            GatewayAnalysis detected = new GatewayAnalysis.Detected(heard);
            assertThat(GatewayAnalysis.parse(detected.asPart().content())).contains(detected);
        }
        assertThat(GatewayAnalysis.parse(new GatewayAnalysis.Enabled().asPart().content()))
                .contains(new GatewayAnalysis.Enabled());
        for (String unknown : List.of("", "event=disabled", "event=detected\nstatus=Cat", "status=LV", "=\n==")) {
            assertThat(GatewayAnalysis.parse(unknown.getBytes(StandardCharsets.UTF_8)))
                    .as(unknown)
                    .isEmpty();
        }
    }

    @Test
    void shouldTakePeriodsThatAreNoNumbersForTheGatewaysOwn() {
        byte[] odd = "Events=FT,Asm\r\nCPAAnalysisPeriod=soon\r\n".getBytes(StandardCharsets.UTF_8);
        assertThat(GatewayAnalysis.parse(odd)).contains(new GatewayAnalysis.Request(0, 0, 0, 0, 0));
    }
}
