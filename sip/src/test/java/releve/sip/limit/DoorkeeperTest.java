package releve.sip.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is listened to. */
class DoorkeeperTest {
    private static final AccessList KNOWN =
            AccessList.parse(List.of("192.0.2.0/25", "198.51.100.7", "2001:db8:1::/48"));

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    @Test
    void shouldKnowPeersByPrefix() {
        for (String known : List.of("192.0.2.0", "192.0.2.127", "198.51.100.7", "2001:db8:1:ffff::9")) {
            assertThat(KNOWN.test(ip(known))).as(known).isTrue();
        }
        for (String stranger : List.of("192.0.2.128", "198.51.100.8", "2001:db8:2::1", "::1", "10.0.0.1")) {
            assertThat(KNOWN.test(ip(stranger))).as(stranger).isFalse();
        }
        assertThat(Prefix.parse("0.0.0.0/0").contains(ip("203.0.113.9"))).isTrue();
        assertThat(Prefix.parse("0.0.0.0/0").contains(ip("::1"))).isFalse();
    }

    @Test
    void shouldSayWhatIsWrongWithAPrefix() {
        for (String wrong : List.of("example.com", "192.0.2.0/33", "192.0.2.0/", "::/129", "")) {
            assertThatThrownBy(() -> Prefix.parse(wrong)).hasMessageContaining("'" + wrong + "' is no address range");
        }
    }

    @Test
    void shouldNotListenToStrangersByDefault() {
        Doorkeeper door = new Doorkeeper(KNOWN, StrangerLimit.SILENCE);
        assertThat(door.admit(ip("192.0.2.1"), 0)).isEqualTo(Doorkeeper.Verdict.ADMITTED);
        assertThat(door.admit(ip("203.0.113.1"), 0)).isEqualTo(Doorkeeper.Verdict.UNKNOWN);
        assertThat(door.sources()).isZero();
    }

    @Test
    void shouldLimitEachStrangerAndNoKnownPeer() {
        Doorkeeper door = new Doorkeeper(KNOWN, new StrangerLimit(2, 3, 100));
        int strangers = 0;
        for (int i = 0; i < 1_000; i++) {
            assertThat(door.admit(ip("192.0.2.1"), i)).isEqualTo(Doorkeeper.Verdict.ADMITTED);
            strangers += door.admit(ip("203.0.113.1"), i) == Doorkeeper.Verdict.ADMITTED ? 1 : 0;
        }
        assertThat(strangers)
                .as("3 at once and 2 a second for a second, less the last")
                .isEqualTo(4);
        assertThat(door.admit(ip("203.0.113.2"), 999)).isEqualTo(Doorkeeper.Verdict.ADMITTED);
    }

    @Test
    void shouldTakeAnIpv6NetworkForOneSource() {
        Doorkeeper door = new Doorkeeper(KNOWN, new StrangerLimit(1, 1, 100));
        assertThat(door.admit(ip("2001:db8:9::1"), 0)).isEqualTo(Doorkeeper.Verdict.ADMITTED);
        assertThat(door.admit(ip("2001:db8:9::2"), 0)).isEqualTo(Doorkeeper.Verdict.TOO_MANY);
        assertThat(door.admit(ip("2001:db8:9:1::2"), 0)).isEqualTo(Doorkeeper.Verdict.ADMITTED);
    }

    @Test
    void shouldBoundItsMemoryAndKeepWhomItKnowsThroughAFlood() {
        Doorkeeper door = new Doorkeeper(KNOWN, new StrangerLimit(1, 1, 50));
        InetAddress early = ip("203.0.113.1");
        assertThat(door.admit(early, 0)).isEqualTo(Doorkeeper.Verdict.ADMITTED);
        int admitted = 0;
        for (int i = 0; i < 5_000; i++) {
            InetAddress forged = ip("10.1." + i / 250 + "." + i % 250);
            admitted += door.admit(forged, 500) == Doorkeeper.Verdict.ADMITTED ? 1 : 0;
        }
        assertThat(door.sources()).isEqualTo(50);
        assertThat(admitted).as("49 of their own and one shared").isEqualTo(50);
        assertThat(door.admit(early, 500)).isEqualTo(Doorkeeper.Verdict.TOO_MANY);
        assertThat(door.admit(early, 1_000)).isEqualTo(Doorkeeper.Verdict.ADMITTED);
    }

    @Test
    void shouldForgetSourcesThatHaveCalmedDown() {
        Doorkeeper door = new Doorkeeper(KNOWN, new StrangerLimit(1, 1, 2));
        door.admit(ip("203.0.113.1"), 0);
        door.admit(ip("203.0.113.2"), 0);
        assertThat(door.admit(ip("203.0.113.3"), 1_000)).isEqualTo(Doorkeeper.Verdict.ADMITTED);
        assertThat(door.sources()).isEqualTo(2);
    }
}
