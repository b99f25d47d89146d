package releve.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;

class SipOutcomeTest {
    @ParameterizedTest
    @CsvSource({
        "486, 0,  9",
        "600, 0,  9",
        "480, 0,  2",
        "480, 18, 8",
        "480, 19, 8",
        "480, 17, 9",
        "480, 41, 6",
        "487, 0,  8",
        "404, 0,  3",
        "404, 1,  3",
        "404, 28, 7",
        "410, 0,  3",
        "604, 0,  7",
        "484, 0, 7",
        "401, 0, 30",
        "407, 0, 30",
        "403, 0, 30",
        "415, 0, 29",
        "488, 0, 29",
        "606, 0, 29",
        "400, 0, 31",
        "482, 0, 31",
        "483, 0, 31",
        "503, 0,  6",
        "408, 0,  2",
        "603, 0,  5",
        "500, 0,  2",
        "500, 34, 6",
        "500, 42, 6",
        "500, 17, 9",
        "500, 22, 3",
        "302, 0, 2",
        "699, 0, 2"
    })
    void shouldMapTheStatusOfACallThatNeverRang(int status, int q850, int code) {
        assertThat(outcome(status, q850, true, false).result()).isEqualTo(CallResult.ofCode(code));
    }

    @Test
    void shouldCountUnavailableAfterRingingAsNoAnswer() {
        assertThat(outcome(480, 0, true, true).result()).isEqualTo(CallResult.NO_ANSWER);
    }

    @ParameterizedTest
    @CsvSource({"408", "503"})
    void shouldCountASilentTrunkAsDialError(int status) {
        Termination termination = outcome(status, 0, false, false);
        assertThat(termination.result()).isEqualTo(CallResult.DIAL_ERROR);
        assertThat(termination.endedBy()).isEqualTo(EndedBy.NETWORK);
        assertThat(termination.reason()).startsWith("no reply from the trunk");
    }

    @Test
    void shouldSayWhatTheNetworkSaid() {
        assertThat(outcome(486, 17, true, true))
                .isEqualTo(new Termination(CallResult.BUSY, EndedBy.CUSTOMER, "486 said, Q.850 cause 17"));
    }

    private static Termination outcome(int status, int q850, boolean heard, boolean rang) {
        return SipOutcome.of(new CallEvent.Failed(status, "said", q850, 0, heard), rang);
    }
}
