package releve.core.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;

class RetryRulesTest {
    private static final Instant NOW = Instant.parse("2030-01-01T09:00:00Z");
    private static final Campaign CAMPAIGN = Samples.agentCampaign(1);

    @ParameterizedTest
    @CsvSource({
        "VOICE,                 CLOSED,            -1",
        "AGENT_CLOSED,          CLOSED,            -1",
        "WRONG_NUMBER,          CLOSED,            -1",
        "WRONG_PERSON,          CLOSED,            -1",
        "DO_NOT_CALL,           CLOSED,            -1",
        "ABANDONED_TO_IVR,      CLOSED,            -1",
        "UNKNOWN_DIALER_FAILED, CLOSED,            -1",
        "OUTSIDE_CALLING_HOURS, CLOSED,            -1",
        "CONSENT_MISSING,       CLOSED,            -1",
        "NOT_IN_SERVICE,        INVALID,           -1",
        "INVALID_NUMBER,        INVALID,           -1",
        "OPERATOR_INTERCEPT,    OPERATOR,          -1",
        "FAX,                   FAX,               -1",
        "ATTEMPT_CAP,           MAXIMUM_ATTEMPTS,  -1",
        "AGENT_REJECTED,        AGENT_REJECTED,    -1",
        "CALLBACK_REQUESTED,    CALLBACK,          -1",
        "CALLBACK_FROM_MACHINE, CALLBACK,          -1",
        "PERSONAL_CALLBACK_FAILED, CALLBACK_AGENT_UNAVAILABLE, -1",
        "BUSY,                  RETRY,             60",
        "NO_ANSWER,             RETRY,             60",
        "DIALER_ABANDON,        RETRY,             60",
        "ANSWERING_MACHINE,     RETRY,             60",
        "NETWORK_MACHINE,       RETRY,             60",
        "CUSTOMER_ABANDON,      RETRY,             30",
        "NO_RINGBACK,           RETRY,             60",
        "DIAL_ERROR,            RETRY,             60",
        "CANCELLED_BY_DIALER,   RETRY,             60",
        "NETWORK_DROP,          RETRY,             60",
        "DEAD_AIR,              RETRY,             60",
        "SIP_UNSUPPORTED,       RETRY,             60",
        "SIP_UNAUTHORISED,      RETRY,             60",
        "SIP_INVALID,           RETRY,             60",
        "STORE_LOST,            RETRY,             60",
        "AGENT_TIMED_OUT,       RETRY,             60"
    })
    void shouldDecideByResultWhatBecomesOfTheContact(CallResult result, ContactStatus status, int minutes) {
        Instant notBefore = minutes < 0 ? null : NOW.plus(Duration.ofMinutes(minutes));
        assertThat(after(result, 0)).isEqualTo(new ContactOutcome(status, notBefore, true));
    }

    @ParameterizedTest
    @CsvSource({"NOT_ATTEMPTED, 0", "RETURNED_UNATTEMPTED, 0", "NO_DIAL_TONE, 10"})
    void shouldUseUpNothingWhenTheCustomerCannotHaveNoticed(CallResult result, int seconds) {
        assertThat(after(result, 2))
                .isEqualTo(new ContactOutcome(ContactStatus.RETRY, NOW.plusSeconds(seconds), false));
    }

    @Test
    void shouldStopAtTheMaximumOfAttemptsWhateverWouldBeRetried() {
        Set<CallResult> retried = EnumSet.noneOf(CallResult.class);
        for (CallResult result : CallResult.values()) {
            if (after(result, 0).status() == ContactStatus.RETRY
                    && after(result, 0).attemptCounts()) {
                retried.add(result);
            }
        }
        for (CallResult result : retried) {
            assertThat(after(result, 1).status())
                    .as("%s, second of three", result)
                    .isEqualTo(ContactStatus.RETRY);
            assertThat(after(result, 2))
                    .as("%s, third of three", result)
                    .isEqualTo(new ContactOutcome(ContactStatus.MAXIMUM_ATTEMPTS, null, true));
        }
    }

    @Test
    void shouldKeepTheFormerStatusOfACallbackThatWasNotDialed() {
        Contact callback = new Contact(
                Samples.contact(1, 1, 0).id(),
                CAMPAIGN.id(),
                Samples.contact(1, 1, 0).phones(),
                0,
                ContactStatus.CALLBACK);
        assertThat(RetryRules.notDialed(callback, NOW))
                .isEqualTo(new ContactOutcome(ContactStatus.CALLBACK, NOW, false));
    }

    private static ContactOutcome after(CallResult result, int attemptsBefore) {
        return RetryRules.after(
                CAMPAIGN, Samples.contact(1, 1, attemptsBefore), new Termination(result, EndedBy.NETWORK, "test"), NOW);
    }
}
