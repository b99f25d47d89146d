package releve.sip.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import releve.sip.dialog.DialogInfo.Cause;
import releve.sip.dialog.DialogInfo.State;
import releve.sip.event.TransferEnd.How;
import releve.sip.event.TransferState.Phase;
import releve.sip.event.TransferState.Sight;

/** A transferred call's machine, transition by transition. */
class TransferStateTest {
    private static final long NOW = 1_000_000;
    private static final long PATIENCE = 32_000;

    private static TransferState taken(boolean tells, boolean watched) {
        return TransferState.asked().taken(tells, watched, PATIENCE, NOW);
    }

    private static TransferState seen(TransferState before, State state) {
        return before.seen(state, null, 0, PATIENCE, NOW);
    }

    private static void assertOver(TransferState state, How how, int status, Cause cause) {
        assertThat(state.phase()).isEqualTo(Phase.OVER);
        assertThat(state.end()).isEqualTo(new TransferEnd(how, status, cause));
        assertThat(state.seenByMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldBeOverWhenTheReferIsRefusedOrOurCallEndsBeforeItsAnswer() {
        assertOver(TransferState.asked().refused(603), How.REFUSED, 603, null);
        assertOver(TransferState.asked().untold(PATIENCE, NOW), How.UNKNOWN, 0, null);
        assertThat(taken(true, true).refused(603)).isEqualTo(taken(true, true));
    }

    @Test
    void shouldFollowTheDialogFromItsStartToItsEnd() {
        TransferState early = seen(taken(true, true), State.EARLY);
        assertThat(early.phase()).isEqualTo(Phase.SETUP);
        TransferState talking = seen(early, State.CONFIRMED);
        assertThat(talking.phase()).isEqualTo(Phase.TALKING);
        assertThat(talking.untold(PATIENCE, NOW).phase()).isEqualTo(Phase.TALKING);
        assertThat(talking.status(486, PATIENCE, NOW)).as("too late").isEqualTo(talking);
        assertOver(talking.seen(State.TERMINATED, Cause.REMOTE_BYE, 0, PATIENCE, NOW), How.ENDED, 0, Cause.REMOTE_BYE);
    }

    @Test
    void shouldTakeTheAnswerFromTheNotificationAndTheEndFromTheDialog() {
        TransferState answered = taken(true, true).status(180, PATIENCE, NOW).status(200, PATIENCE, NOW);
        assertThat(answered.phase()).isEqualTo(Phase.TALKING);
        assertThat(answered.seenByMs()).isEqualTo(NOW + PATIENCE);
        TransferState live = seen(answered, State.CONFIRMED);
        assertThat(live.seenByMs()).isEqualTo(Long.MAX_VALUE);
        assertOver(seen(live, State.TERMINATED), How.ENDED, 0, null);
    }

    @Test
    void shouldFailWithTheStatusThatIsTold() {
        assertOver(taken(true, true).status(486, PATIENCE, NOW), How.FAILED, 486, null);
        TransferState gone = taken(true, true).seen(State.TERMINATED, Cause.REJECTED, 401, PATIENCE, NOW);
        assertThat(gone.phase()).as("a challenge ends a dialog, not the call").isEqualTo(Phase.SETUP);
        assertThat(gone.sight()).isEqualTo(Sight.GONE);
        assertThat(seen(gone, State.TRYING).sight()).as("tried again").isEqualTo(Sight.LIVE);
        assertOver(gone.status(404, PATIENCE, NOW), How.FAILED, 404, null);
        assertOver(gone.untold(PATIENCE, NOW), How.FAILED, 0, null);
        assertOver(gone.status(200, PATIENCE, NOW), How.ENDED, 0, null);
    }

    @Test
    void shouldFailWithTheDialogWhenNothingElseIsTold() {
        TransferState early = seen(taken(false, true), State.EARLY);
        assertOver(early.seen(State.TERMINATED, Cause.REJECTED, 486, PATIENCE, NOW), How.FAILED, 486, Cause.REJECTED);
    }

    @Test
    void shouldTellOfTheAnswerOnlyWhenDialogsAreNotTold() {
        TransferState unwatched = taken(true, true).unwatched(PATIENCE, NOW);
        assertThat(unwatched.phase()).isEqualTo(Phase.SETUP);
        assertOver(unwatched.status(200, PATIENCE, NOW), How.ANSWERED_UNKNOWN, 0, null);
        assertOver(unwatched.untold(PATIENCE, NOW), How.UNKNOWN, 0, null);
        assertOver(taken(false, true).unwatched(PATIENCE, NOW), How.UNKNOWN, 0, null);
        TransferState talking = seen(taken(true, true), State.CONFIRMED);
        assertOver(talking.unwatched(PATIENCE, NOW), How.ANSWERED_UNKNOWN, 0, null);
    }

    @Test
    void shouldNotWaitForeverForADialogThatIsNeverSeen() {
        TransferState answered = taken(true, true).status(200, PATIENCE, NOW);
        assertThat(answered.elapsed(PATIENCE, NOW + PATIENCE - 1)).isEqualTo(answered);
        assertOver(answered.elapsed(PATIENCE, NOW + PATIENCE), How.ANSWERED_UNKNOWN, 0, null);
        TransferState silent = taken(false, true);
        assertOver(silent.elapsed(PATIENCE, NOW + PATIENCE), How.UNKNOWN, 0, null);
        assertThat(taken(true, true).elapsed(PATIENCE, NOW + PATIENCE).phase())
                .as("the notifications of the REFER have a limit of their own")
                .isEqualTo(Phase.SETUP);
    }

    @Test
    void shouldStayOver() {
        TransferState over = taken(true, true).forgotten();
        assertThat(over.phase()).isEqualTo(Phase.OVER);
        assertThat(seen(over, State.CONFIRMED)).isEqualTo(over);
        assertThat(over.status(200, PATIENCE, NOW)).isEqualTo(over);
        assertThat(over.untold(PATIENCE, NOW)).isEqualTo(over);
        assertThat(over.unwatched(PATIENCE, NOW)).isEqualTo(over);
        assertThat(over.taken(true, true, PATIENCE, NOW)).isEqualTo(over);
    }
}
