package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is due on a connection and when, on virtual time. */
class ConnectionTimesTest {
    private static final ConnectionLimits LIMITS =
            ConnectionLimits.DEFAULT.withTimes(4_000, 10_000, 900_000, 95_000, 10_000);

    private final ConnectionTimes times = new ConnectionTimes(LIMITS, true, false, 0);

    @Test
    void shouldAskForALifeSignAfterSilenceAndGiveUpWhoAnsweredBefore() {
        assertThat(times.nextMs(false)).isEqualTo(95_000);
        assertThat(times.due(false, 94_999)).isEqualTo(ConnectionTimes.Due.NOTHING);
        assertThat(times.due(false, 95_000)).isEqualTo(ConnectionTimes.Due.PING);
        times.pinged(95_000);
        times.heard(95_050);
        times.ponged();
        assertThat(times.due(false, 190_050)).isEqualTo(ConnectionTimes.Due.PING);
        times.pinged(190_050);
        assertThat(times.nextMs(false)).isEqualTo(200_050);
        assertThat(times.due(false, 200_049)).isEqualTo(ConnectionTimes.Due.NOTHING);
        assertThat(times.due(false, 200_050)).isEqualTo(ConnectionTimes.Due.SILENCE);
    }

    @Test
    void shouldGoOnAskingWhoHasNeverAnswered() {
        times.pinged(95_000);
        assertThat(times.due(false, 105_000)).isEqualTo(ConnectionTimes.Due.NOTHING);
        assertThat(times.due(false, 190_000)).isEqualTo(ConnectionTimes.Due.PING);
    }

    @Test
    void shouldThinkAConnectionDeadOnWhichARequestIsNotAnsweredByAnything() {
        assertThat(times.asked(1_000)).isTrue();
        assertThat(times.asked(20_000)).isFalse();
        assertThat(times.nextMs(false)).isEqualTo(33_000);
        assertThat(times.due(false, 33_000)).isEqualTo(ConnectionTimes.Due.SILENCE);
        times.heard(32_000);
        assertThat(times.due(false, 33_000)).isEqualTo(ConnectionTimes.Due.NOTHING);
    }

    @Test
    void shouldLimitAMessageFromItsFirstByteAndNotFromItsLast() {
        times.heard(1_000);
        assertThat(times.messageBegun()).isTrue();
        times.heard(10_000);
        assertThat(times.messageBegun()).isFalse();
        assertThat(times.due(false, 11_000)).isEqualTo(ConnectionTimes.Due.MESSAGE);
        times.messageComplete();
        assertThat(times.due(false, 11_000)).isEqualTo(ConnectionTimes.Due.NOTHING);
    }

    @Test
    void shouldAskForNoLifeSignOfAClientOnAStream() {
        ConnectionTimes accepted = new ConnectionTimes(LIMITS, false, false, 0);
        assertThat(accepted.due(false, 899_999)).isEqualTo(ConnectionTimes.Due.NOTHING);
        assertThat(accepted.due(false, 900_000)).isEqualTo(ConnectionTimes.Due.IDLENESS);
    }

    @Test
    void shouldLimitHandshakesAndNothingElseDuringThem() {
        assertThat(times.nextMs(true)).isEqualTo(4_000);
        assertThat(times.due(true, 3_999)).isEqualTo(ConnectionTimes.Due.NOTHING);
        assertThat(times.due(true, 4_000)).isEqualTo(ConnectionTimes.Due.SET_UP);
    }
}
