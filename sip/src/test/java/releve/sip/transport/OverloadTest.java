package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OverloadTest {
    private final Overload overload = new Overload();

    @Test
    void shouldTakeABurstForWhatItIsButFallingBehindForOverload() {
        assertThat(overload.judge(false, 0, 1_000)).isFalse();
        assertThat(overload.judge(false, 0, 1_000 + Overload.BEHIND_MS - 1)).isFalse();
        assertThat(overload.judge(true, 0, 1_200)).isFalse();
        assertThat(overload.judge(false, 0, 1_300)).isFalse();
        assertThat(overload.judge(false, 0, 1_300 + Overload.BEHIND_MS)).isTrue();
        assertThat(overload.judge(true, 0, 1_501)).isFalse();
    }

    @Test
    void shouldLastUntilCommandsAreWorkedOff() {
        assertThat(overload.judge(true, Overload.INBOX_HIGH, 0)).isTrue();
        assertThat(overload.judge(true, Overload.INBOX_LOW, 1)).isTrue();
        assertThat(overload.judge(false, Overload.INBOX_LOW - 1, 2)).isTrue();
        assertThat(overload.judge(true, Overload.INBOX_LOW - 1, 3)).isFalse();
    }
}
