package releve.server.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TelephonyRehearsalTest {

    @Test
    void shouldPlaceCallsThatAreBridgedAndEnded() throws Exception {
        assertThat(TelephonyRehearsal.play()).isPositive();
    }
}
