package releve.media.g711;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class G711Test {
    @ParameterizedTest
    @EnumSource(G711.class)
    void shouldGiveEveryCodeBackWhenItsSampleIsEncoded(G711 law) {
        for (int code = -128; code < 128; code++) {
            short sample = law.decode((byte) code);
            // µ-law has two zeros; the negative one comes back as the positive.
            assertThat(law.decode(law.encode(sample))).as("code %d", code).isEqualTo(sample);
            if (sample != 0) {
                assertThat(law.encode(sample)).as("sample %d", sample).isEqualTo((byte) code);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(G711.class)
    void shouldStayWithinHalfAStepOfEverySample(G711 law) {
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            int decoded = law.decode(law.encode((short) sample));
            int tolerance = Math.max(8, Math.abs(sample) / 16);
            assertThat(Math.abs(decoded - sample))
                    .as("sample %d became %d", sample, decoded)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    @Test
    void shouldEncodeAsTheTablesOfTheRecommendationSay() {
        assertThat(G711.PCMU.encode((short) 0)).isEqualTo((byte) 0xFF);
        assertThat(G711.PCMU.encode(Short.MAX_VALUE)).isEqualTo((byte) 0x80);
        assertThat(G711.PCMU.encode(Short.MIN_VALUE)).isEqualTo((byte) 0x00);
        assertThat(G711.PCMA.encode((short) 0)).isEqualTo((byte) 0xD5);
        assertThat(G711.PCMA.encode(Short.MAX_VALUE)).isEqualTo((byte) 0xAA);
        assertThat(G711.PCMA.encode(Short.MIN_VALUE)).isEqualTo((byte) 0x2A);
    }
}
