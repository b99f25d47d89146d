package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the network is believed that says that nobody is there. */
class PeerDoubtTest {
    private final PeerDoubt doubt = new PeerDoubt();

    @Test
    void shouldNotBelieveOneReportNorAFloodOfThem() {
        for (int ms = 0; ms < PeerDoubt.CONFIRM_MS; ms++) {
            assertThat(doubt.reported(ms)).as("after %d ms", ms).isFalse();
        }
    }

    @Test
    void shouldBelieveWhatARepetitionConfirms() {
        doubt.reported(0);
        assertThat(doubt.reported(500)).isTrue();
    }

    @Test
    void shouldNotBelieveWhileThePeerIsHeard() {
        for (int ms = 0; ms < 60_000; ms += 500) {
            assertThat(doubt.reported(ms)).isFalse();
            doubt.heard();
        }
    }

    @Test
    void shouldBelieveFurtherReportsAtOnceButNotEachOfAFlood() {
        doubt.reported(0);
        doubt.reported(500);
        assertThat(doubt.reported(500 + PeerDoubt.PAUSE_MS - 1)).isFalse();
        assertThat(doubt.reported(500 + PeerDoubt.PAUSE_MS)).isTrue();
        doubt.heard();
        assertThat(doubt.reported(10_000)).isFalse();
    }
}
