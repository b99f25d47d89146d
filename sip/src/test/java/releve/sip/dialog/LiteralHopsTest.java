package releve.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LiteralHopsTest {
    private final LiteralHops hops = new LiteralHops();

    @Test
    void shouldFindWhatIsReadFromTheUriTheFirstTimeAndTheNext() {
        for (String uri : List.of(
                "sip:192.0.2.1",
                "sip:a@192.0.2.1",
                "sip:b@192.0.2.1:5062;transport=tcp",
                "sips:b@192.0.2.1:5062;transport=tcp",
                "sip:b@[2001:db8::1]:5070",
                "sip:b@example.org",
                "sip:b@192.0.2.1;maddr=192.0.2.9",
                "tel:+12025550123")) {
            assertThat(hops.locate(uri)).as(uri).isEqualTo(Locator.literal(uri));
            assertThat(hops.locate(uri)).as(uri).isEqualTo(Locator.literal(uri));
        }
    }

    @Test
    void shouldForgetAllWhenItKnowsTooMany() {
        for (int i = 0; i < 3 * LiteralHops.KNOWN_MAX; i++) {
            String uri = "sip:a@192.0.2.1:" + (1024 + i);
            assertThat(hops.locate(uri)).isEqualTo(Locator.literal(uri));
            assertThat(hops.size()).isLessThanOrEqualTo(LiteralHops.KNOWN_MAX);
        }
    }
}
