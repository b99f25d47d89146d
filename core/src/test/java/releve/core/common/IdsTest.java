package releve.core.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdsTest {
    @Test
    void shouldGiveBackPairEpochAndSequenceOfAnAttempt() {
        AttemptId least = AttemptId.of(0, 0, 0);
        AttemptId most = AttemptId.of(1023, (1L << 22) - 1, (1L << 31) - 1);

        assertThat(least.value()).isZero();
        assertThat(most.value()).isEqualTo(Long.MAX_VALUE);
        assertThat(most.pair()).isEqualTo(1023);
        assertThat(most.epoch()).isEqualTo((1L << 22) - 1);
        assertThat(most.sequence()).isEqualTo((1L << 31) - 1);
        assertThat(AttemptId.of(7, 12, 345)).hasToString("7-12-345");
    }

    @Test
    void shouldReadWhatItWritesOfAnAttemptAndNothingElse() {
        AttemptId attempt = AttemptId.of(1023, (1L << 22) - 1, (1L << 31) - 1);
        assertThat(AttemptId.parse(attempt.toString())).contains(attempt);
        for (String other :
                List.of("", "7", "7-12", "7-12-345-6", "1024-1-1", "1-9999999-1", "1-1-9999999999", "-1-1-1")) {
            assertThat(AttemptId.parse(other)).as(other).isEmpty();
        }
    }

    @Test
    void shouldOrderAttemptsOfAPairByEpochThenSequence() {
        assertThat(AttemptId.of(1, 2, 900)).isLessThan(AttemptId.of(1, 3, 1));
        assertThat(AttemptId.of(1, 3, 1)).isLessThan(AttemptId.of(1, 3, 2));
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        assertThatThrownBy(() -> AttemptId.of(1024, 1, 1)).hasMessageContaining("pair 1024");
        assertThatThrownBy(() -> AttemptId.of(1, 1L << 22, 1)).hasMessageContaining("epoch");
        assertThatThrownBy(() -> AttemptId.of(1, 1, 1L << 31)).hasMessageContaining("share");
        assertThatThrownBy(() -> AttemptId.of(-1, 1, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldFindEachResultByItsCode() {
        for (CallResult result : CallResult.values()) {
            assertThat(CallResult.ofCode(result.code())).isEqualTo(result);
        }
        assertThat(Arrays.stream(CallResult.values()).map(CallResult::code)).doesNotHaveDuplicates();
        assertThat(CallResult.UNKNOWN_DIALER_FAILED.code()).isEqualTo(100);
        assertThatThrownBy(() -> CallResult.ofCode(1)).hasMessageContaining("1");
    }

    @Test
    void shouldNameTheOtherSide() {
        assertThat(Side.A.other()).isEqualTo(Side.B);
        assertThat(Side.B.other()).isEqualTo(Side.A);
    }
}
