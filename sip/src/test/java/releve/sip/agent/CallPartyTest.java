package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a URI means, for finding the call that a REFER asked for among a peer's dialogs. */
class CallPartyTest {
    @ParameterizedTest
    @CsvSource({
        "sip:bob@example.com, sip:bob@EXAMPLE.com, true",
        "sip:bob@example.com;method=INVITE?Replaces=a%3Bto-tag%3Db, sip:bob@example.com, true",
        "sip:bob@example.com, sip:Bob@example.com, false",
        "sip:bob@example.com, sips:bob@example.com, false",
        "sip:bob@example.com, sip:bob@example.com:5070, false",
        "tel:+1-201-555-0123, tel:+12015550123, true",
        "tel:+12015550123, sip:+1201555%30123@gateway.example.com;user=phone, true",
        "sip:+12015550123@one.example.com, sip:+12015550123@two.example.com, true",
        "sip:2015550123@one.example.com, sip:2015550123@two.example.com, false",
        "tel:+12015550123, tel:+12015550124, false",
        "mailto:bob@example.com, mailto:bob@example.com, false",
        "'', '', false"
    })
    void shouldKnowTheSamePartyHoweverItIsWritten(String one, String other, boolean same) {
        assertThat(CallParty.of(one).isSameAs(CallParty.of(other))).isEqualTo(same);
        assertThat(CallParty.of(other).isSameAs(CallParty.of(one))).isEqualTo(same);
    }
}
