package releve.sip.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import releve.sip.event.SubscriberState.Phase;
import releve.sip.event.SubscriptionEnd.Again;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SubscriptionState;

/** The subscriber's machine, transition by transition (RFC 6665 section 4.1.2). */
class SubscriberStateTest {
    private static final long NOW = 1_000_000;
    private static final long TIMER_N = 32_000;

    private static SubscriptionState heard(String text) {
        try {
            return SubscriptionState.parse(text);
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }

    private static SubscriberState waiting() {
        return SubscriberState.asked().accepted(600, TIMER_N, NOW);
    }

    private static SubscriberState active() {
        return waiting().notified(heard("active;expires=600"), NOW);
    }

    private static void assertOver(SubscriberState state, Again again) {
        assertThat(state.phase()).isEqualTo(Phase.TERMINATED);
        assertThat(state.end().again()).isEqualTo(again);
        assertThat(state.nextMs()).isEqualTo(SubscriberState.NEVER);
    }

    @Test
    void shouldWaitForANotificationAsLongAsTimerNAfterTheAnswer() {
        assertThat(SubscriberState.asked().nextMs())
                .as("the transaction has a timer of its own")
                .isEqualTo(SubscriberState.NEVER);
        assertThat(waiting().nextMs()).isEqualTo(NOW + TIMER_N);
        assertThat(waiting().elapsed(NOW + TIMER_N - 1).phase()).isEqualTo(Phase.NOTIFY_WAIT);
        assertOver(waiting().elapsed(NOW + TIMER_N), Again.LATER);
    }

    @Test
    void shouldTakeANotificationThatComesBeforeTheAnswer() {
        SubscriberState early = SubscriberState.asked().notified(heard("active;expires=600"), NOW);
        assertThat(early.phase()).isEqualTo(Phase.ACTIVE);
        assertThat(early.accepted(600, TIMER_N, NOW).notifyByMs()).isEqualTo(SubscriberState.NEVER);
    }

    @Test
    void shouldBePendingUntilTheNotifierHasDecidedAndActiveForStatesThatAreNotKnown() {
        SubscriberState pending = waiting().notified(heard("pending"), NOW);
        assertThat(pending.phase()).isEqualTo(Phase.PENDING);
        assertThat(pending.notified(heard("active"), NOW).phase()).isEqualTo(Phase.ACTIVE);
        assertThat(pending.notified(heard("waiting"), NOW).phase()).isEqualTo(Phase.ACTIVE);
        assertThat(active().notified(heard("pending"), NOW).phase()).isEqualTo(Phase.PENDING);
        assertOver(pending.notified(heard("terminated;reason=rejected"), NOW), Again.NEVER);
    }

    @Test
    void shouldRefreshAMinuteBeforeTheEndAndShortOnesAtHalfTheirTime() {
        assertThat(active().nextMs()).isEqualTo(NOW + 540_000);
        assertThat(active().wantsRefresh(NOW + 539_999)).isFalse();
        assertThat(active().wantsRefresh(NOW + 540_000)).isTrue();
        assertThat(active().notified(heard("active;expires=60"), NOW).nextMs()).isEqualTo(NOW + 30_000);
        assertThat(active().refreshing().wantsRefresh(NOW + 540_000))
                .as("under way")
                .isFalse();
    }

    @Test
    void shouldBelieveNoSubscriptionOfMonths() {
        long longest = NOW + 1_000L * SubscriberState.EXPIRES_MAX_SECONDS;
        assertThat(waiting().accepted(Integer.MAX_VALUE, TIMER_N, NOW).expiresAtMs())
                .isEqualTo(longest);
        assertThat(active().notified(heard("active;expires=4000000000"), NOW).expiresAtMs())
                .isEqualTo(longest);
    }

    @Test
    void shouldEndWhenARefreshIsAcceptedAndNoNotificationFollows() {
        SubscriberState refreshed = active().refreshing().accepted(600, TIMER_N, NOW);
        assertThat(refreshed.phase()).isEqualTo(Phase.ACTIVE);
        assertOver(refreshed.elapsed(NOW + TIMER_N), Again.LATER);
        assertThat(refreshed
                        .notified(heard("active;expires=600"), NOW)
                        .elapsed(NOW + TIMER_N)
                        .phase())
                .isEqualTo(Phase.ACTIVE);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604})
    void shouldEndWhenARefreshIsRefusedForGood(int status) {
        SubscriberState over = active().refreshing().refused(status, "No", null, NOW);
        assertThat(over.phase()).isEqualTo(Phase.TERMINATED);
        assertThat(over.end().status()).isEqualTo(status);
    }

    @Test
    void shouldSubscribeAnewAtOnceWhenTheNotifierHasForgottenTheSubscription() {
        assertOver(active().refreshing().refused(481, "No", null, NOW), Again.AT_ONCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 408, 500, 503, 600})
    void shouldHoldOnToItsTimeAndTryAgainWhenARefreshIsRefusedOtherwise(int status) {
        SubscriberState held = active().refreshing().refused(status, "No", null, NOW + 540_000);
        assertThat(held.phase()).isEqualTo(Phase.ACTIVE);
        assertThat(held.nextMs()).as("half of what is left").isEqualTo(NOW + 570_000);
        SubscriberState asked = active().refreshing().refused(status, "No", 10, NOW + 540_000);
        assertThat(asked.nextMs()).isEqualTo(NOW + 550_000);
        SubscriberState late = active().refreshing().refused(status, "No", 100, NOW + 540_000);
        assertOver(late.elapsed(NOW + 600_000), Again.AT_ONCE);
    }

    @ParameterizedTest
    @CsvSource({
        "489, , NEVER",
        "403, , NEVER",
        "404, , NEVER",
        "481, , NEVER",
        "603, 5, NEVER",
        "408, , LATER",
        "480, , LATER",
        "500, , LATER",
        "503, 7, LATER",
        "486, 9, LATER"
    })
    void shouldJudgeTheRefusalOfAFirstSubscribe(int status, Integer retryAfter, Again again) {
        SubscriberState over = SubscriberState.asked().refused(status, "No", retryAfter, NOW);
        assertOver(over, again);
        assertThat(over.end().waitSeconds()).isEqualTo(retryAfter == null ? 0 : retryAfter);
    }

    @ParameterizedTest
    @CsvSource({
        "deactivated, AT_ONCE, 0",
        "timeout, AT_ONCE, 0",
        "probation, LATER, 20",
        "giveup, LATER, 20",
        "rejected, NEVER, 0",
        "noresource, NEVER, 0",
        "invariant, NEVER, 0",
        "rainy, LATER, 20"
    })
    void shouldEndForTheReasonThatTheNotifierGives(String reason, Again again, int waitSeconds) {
        SubscriptionState heard = heard("terminated;reason=" + reason + ";retry-after=20");
        for (SubscriberState from : new SubscriberState[] {SubscriberState.asked(), waiting(), active()}) {
            SubscriberState over = from.notified(heard, NOW);
            assertOver(over, again);
            assertThat(over.end().waitSeconds()).isEqualTo(waitSeconds);
        }
        assertOver(active().notified(heard("terminated"), NOW), Again.LATER);
    }

    @Test
    void shouldLeaveWithTheLastNotificationOrWithoutOne() {
        SubscriberState leaving = active().leaving();
        assertThat(leaving.notified(heard("active;expires=600"), NOW)).isEqualTo(leaving);
        assertOver(leaving.notified(heard("terminated;reason=timeout"), NOW), Again.AT_ONCE);
        assertOver(leaving.refused(481, "No", null, NOW), Again.NEVER);
        SubscriberState accepted = leaving.accepted(0, TIMER_N, NOW);
        assertThat(accepted.phase()).isEqualTo(Phase.LEAVING);
        assertOver(accepted.elapsed(NOW + TIMER_N), Again.LATER);
    }

    @Test
    void shouldStayOver() {
        SubscriberState over = active().notified(heard("terminated;reason=noresource"), NOW);
        assertThat(over.notified(heard("active;expires=9"), NOW)).isEqualTo(over);
        assertThat(over.accepted(9, TIMER_N, NOW)).isEqualTo(over);
        assertThat(over.refused(500, "No", null, NOW)).isEqualTo(over);
        assertThat(over.elapsed(Long.MAX_VALUE)).isEqualTo(over);
    }
}
