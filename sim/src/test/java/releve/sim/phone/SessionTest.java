package releve.sim.phone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import releve.sip.sdp.Direction;
import releve.sip.sdp.Sdp;

class SessionTest {
    private static Sdp parsed(String text) throws Exception {
        return Sdp.parse(text);
    }

    @Test
    void shouldKeepPortAndVersionWhileNothingChanges() throws Exception {
        Session session = new Session("127.0.0.1", 5);
        Sdp first = parsed(session.answer(TestDialer.offer()));
        Sdp second = parsed(session.answer(TestDialer.offer()));
        assertThat(second).isEqualTo(first);
        assertThat(first.media().getFirst().port()).isEqualTo(20_010);
    }

    @Test
    void shouldRaiseTheVersionByOneWithAChange() throws Exception {
        Session session = new Session("127.0.0.1", 5);
        Sdp first = parsed(session.answer(TestDialer.offer()));
        Sdp hold = parsed(session.answer(
                Sdp.parse(TestDialer.offer()).with(Direction.SENDONLY).toString()));
        assertThat(hold.version()).isEqualTo(first.version() + 1);
        assertThat(hold.sessionId()).isEqualTo(first.sessionId());
        assertThat(hold.media().getFirst().port())
                .isEqualTo(first.media().getFirst().port());
        Sdp back = parsed(session.answer(null));
        assertThat(back.version()).isEqualTo(first.version() + 2);
    }

    @Test
    void shouldRefuseWhatItCannotRead() {
        assertThat(new Session("127.0.0.1", 1).answer("nonsense")).isNull();
    }

    @Test
    void shouldFindTheNumberInAUri() {
        assertThat(Listening.userOf("sip:+12025550100@127.0.0.1:5060")).isEqualTo("+12025550100");
        assertThat(Listening.userOf("sip:%2B12025550100;phone-context=x@h;transport=udp"))
                .isEqualTo("+12025550100");
        assertThat(Listening.userOf("sip:127.0.0.1")).isEmpty();
        assertThat(Listening.userOf("tel:+1")).isEmpty();
    }
}
