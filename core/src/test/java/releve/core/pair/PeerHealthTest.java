package releve.core.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.Side;
import releve.core.pair.PeerHealth.Heartbeat;

class PeerHealthTest {
    private static final String OWN_VERSION = "0.4.0";

    private static Peer judge(String version, String phase, boolean ready, long ageMs) {
        return PeerHealth.judge(
                Side.B,
                Optional.of(new Heartbeat("b1", version, phase, ready, "starting", Duration.ofMillis(ageMs))),
                OWN_VERSION);
    }

    @Test
    void shouldTrustAReadyStandbyThatWasJustHeardOf() {
        assertThat(judge("0.4.1", "standby", true, 2_000)).isEqualTo(new Peer.Healthy("b1"));
    }

    @Test
    void shouldSayWhyTheOtherSideCannotTakeOver() {
        assertThat(PeerHealth.judge(Side.B, Optional.empty(), OWN_VERSION))
                .isEqualTo(new Peer.Unfit("side B is not running"));
        assertThat(judge("0.4.0", "standby", true, 2_001))
                .isEqualTo(new Peer.Unfit("side B has not been heard of for 2 s"));
        assertThat(judge("0.6.0", "standby", true, 0))
                .isEqualTo(new Peer.Unfit("side B runs version 0.6.0, which cannot take over from 0.4.0"));
        assertThat(judge("0.4.0", "standby", false, 0)).isEqualTo(new Peer.Unfit("side B is not ready: starting"));
        assertThat(judge("0.4.0", "active", false, 0))
                .isEqualTo(new Peer.Unfit("side B says that it is active itself"));
        assertThat(judge("0.4.0", "monitoring", false, 0))
                .isEqualTo(new Peer.Unfit("side B is in maintenance itself (monitoring)"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.4.0,          0.4.9,          true",
        "0.4.0,          0.5.0-SNAPSHOT, true",
        "0.5.0,          0.4.0,          true",
        "0.4.0,          0.6.0,          false",
        "1.0.0,          0.9.0,          false",
        "1.9.0,          2.0.0,          false",
        "2,              2.1.0,          true",
        "unknown,        0.4.0,          false"
    })
    void shouldLetNeighbouringVersionsOfOneMajorNumberWorkSideBySide(String one, String other, boolean compatible) {
        assertThat(PeerHealth.compatible(one, other)).isEqualTo(compatible);
    }
}
