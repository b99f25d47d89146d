package releve.core.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import releve.core.pacing.AbandonBudget.Limit;
import releve.core.pacing.AbandonBudget.Window;

class AbandonBudgetTest {
    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    private static final int AGENTS = 10;

    @Test
    void shouldNotKeepTheLedgersCountAsAnotherWindowWhenNobodyElseHasDialed() {
        AbandonBudget alone = budget(Window.DAY, 1);
        alone.history(10 * HOUR_MS, 400, 9);
        double threshold = alone.threshold(10, 11 * HOUR_MS);
        alone.ledger(11 * HOUR_MS, DAY_MS, 395, 9);
        assertThat(alone.threshold(10, 11 * HOUR_MS)).isEqualTo(threshold);
        assertThat(alone.credit(11 * HOUR_MS)).isCloseTo(3, within(1e-9));
    }

    @Test
    void shouldHaveNoMoreCreditThanOthersLeave() {
        AbandonBudget shared = budget(Window.DAY, 1);
        shared.history(10 * HOUR_MS, 400, 9);
        shared.ledger(11 * HOUR_MS, DAY_MS, 400, 11);
        assertThat(shared.credit(11 * HOUR_MS)).isCloseTo(1, within(1e-9));
    }

    @Test
    void shouldKeepAShorterWindowOfTheCampaign() {
        AbandonBudget hour = budget(Window.DAY, 1);
        hour.history(9 * HOUR_MS, 400, 0);
        hour.history(10 * HOUR_MS + HOUR_MS / 2, 100, 3);
        hour.ledger(11 * HOUR_MS, HOUR_MS, 100, 3);
        assertThat(hour.credit(11 * HOUR_MS)).isCloseTo(0, within(1e-9));
    }

    @Test
    void shouldGiveCreditForEachLiveAnswerAndTakeItForEachAbandoned() {
        AbandonBudget budget = budget(Window.DAY, 1);
        budget.history(10 * HOUR_MS, 200, 2);

        assertThat(budget.credit(10 * HOUR_MS)).isCloseTo(4, within(1e-9));
        assertThat(budget.todayShare(10 * HOUR_MS)).isEqualTo(0.01);
    }

    @Test
    void shouldTakeNextToNoRiskWhenLimitIsPassed() {
        AbandonBudget budget = budget(Window.DAY, 1);
        budget.history(10 * HOUR_MS, 100, 60);

        assertThat(budget.threshold(AGENTS, 10 * HOUR_MS)).isEqualTo(RiskThreshold.CAREFUL);
    }

    @Test
    void shouldCloseGraduallyAsCreditRunsOut() {
        AbandonBudget much = budget(Window.DAY, 1);
        AbandonBudget some = budget(Window.DAY, 1);
        AbandonBudget little = budget(Window.DAY, 1);
        much.history(10 * HOUR_MS, 400, 9);
        some.history(10 * HOUR_MS, 400, 10);
        little.history(10 * HOUR_MS, 400, 11);

        double open = much.threshold(AGENTS, 10 * HOUR_MS);
        double half = some.threshold(AGENTS, 10 * HOUR_MS);
        double shut = little.threshold(AGENTS, 10 * HOUR_MS);
        assertThat(open).isGreaterThan(half);
        assertThat(half).isGreaterThan(shut);
        assertThat(shut).isPositive();
    }

    @Test
    void shouldBeginAMonthAsItBeginsADay() {
        AbandonBudget day = budget(Window.DAY, 1);
        AbandonBudget month = budget(Window.THIRTY_DAYS, 1);
        day.history(10 * HOUR_MS, 10, 0);
        month.history(10 * HOUR_MS, 10, 0);

        assertThat(month.threshold(AGENTS, 10 * HOUR_MS))
                .as("nobody has been abandoned yet")
                .isGreaterThan(day.threshold(AGENTS, 10 * HOUR_MS) / 2);
    }

    @Test
    void shouldForgetYesterdayForTheDayButNotForTheRollingWindow() {
        AbandonBudget budget = budget(Window.DAY, 1);
        budget.history(9 * HOUR_MS, 1, 0);
        budget.history(20 * HOUR_MS, 100, 10);
        budget.history(DAY_MS + 10 * HOUR_MS, 100, 0);

        assertThat(budget.todayShare(DAY_MS + 10 * HOUR_MS)).isZero();
        assertThat(budget.credit(DAY_MS + 10 * HOUR_MS))
                .as("two days' answers and ten abandoned")
                .isLessThan(-3.9);
        assertThat(budget.credit(DAY_MS + 21 * HOUR_MS))
                .as("what was abandoned has left the window")
                .isPositive();
    }

    @Test
    void shouldBeMoreCarefulBeforeGoodHoursLeaveTheRollingWindow() {
        AbandonBudget good = budget(Window.DAY, 1);
        AbandonBudget even = budget(Window.DAY, 1);
        long now = DAY_MS + 10 * HOUR_MS;
        for (AbandonBudget budget : new AbandonBudget[] {good, even}) {
            budget.history(0, 1, 0);
        }
        good.history(now - DAY_MS + HOUR_MS, 400, 0);
        good.history(now - 14 * HOUR_MS, 1000, 33);
        even.history(now - DAY_MS + HOUR_MS, 400, 9);
        even.history(now - 14 * HOUR_MS, 1000, 24);

        assertThat(good.credit(now)).isEqualTo(even.credit(now));
        assertThat(good.threshold(AGENTS, now)).isPositive().isLessThan(0.7 * even.threshold(AGENTS, now));
    }

    @Test
    void shouldLetTheDayMakeUpForFewAbandonedEarlyButNotJustBeforeItCloses() {
        AbandonBudget morning = budget(Window.DAY, 1);
        AbandonBudget evening = budget(Window.DAY, 1);
        for (AbandonBudget budget : new AbandonBudget[] {morning, evening}) {
            budget.history(10 * HOUR_MS, 40, 1);
        }
        morning.closesAt(17 * HOUR_MS);
        evening.closesAt(10 * HOUR_MS + 40 * 60_000);

        double early = morning.threshold(AGENTS, 10 * HOUR_MS);
        double late = evening.threshold(AGENTS, 10 * HOUR_MS);

        assertThat(late).isLessThan(early / 5);
    }

    @Test
    void shouldRaiseItsThresholdAsLongAsFewerAreAbandonedThanMeant() {
        AbandonBudget budget = budget(Window.DAY, 1);
        budget.history(9 * HOUR_MS, 400, 8);
        double before = budget.threshold(AGENTS, 10 * HOUR_MS);
        for (int i = 0; i < 400; i++) {
            budget.answered(i % 100 == 0, 10 * HOUR_MS);
            budget.threshold(AGENTS, 10 * HOUR_MS);
        }
        budget.history(10 * HOUR_MS, 0, 8);

        assertThat(budget.credit(10 * HOUR_MS)).isCloseTo(4, within(1e-9));
        assertThat(budget.threshold(AGENTS, 10 * HOUR_MS)).isGreaterThan(before);
    }

    @Test
    void shouldKeepThirtyDaysWhenTheRuleSaysSo() {
        AbandonBudget budget = budget(Window.THIRTY_DAYS, 1);
        budget.history(HOUR_MS, 1000, 0);
        budget.history(20 * DAY_MS, 100, 10);

        assertThat(budget.credit(20 * DAY_MS)).isCloseTo(0.03 * 1100 - 10, within(1e-9));
        assertThat(budget.credit(31 * DAY_MS)).isCloseTo(0.03 * 100 - 10, within(1e-9));
    }

    @Test
    void shouldUseOnlyItsPartOfSharedBudget() {
        AbandonBudget whole = budget(Window.DAY, 1);
        AbandonBudget half = budget(Window.DAY, 0.5);
        whole.history(0, 1000, 0);
        half.history(0, 1000, 0);

        assertThat(half.credit(0)).isEqualTo(whole.credit(0) / 2);
    }

    private static AbandonBudget budget(Window window, double part) {
        return new AbandonBudget(new Limit(0.03, window, 0, part));
    }
}
