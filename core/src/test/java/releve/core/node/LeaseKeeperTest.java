package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Samples;
import releve.core.common.Side;
import releve.core.engine.Event;
import releve.core.engine.Inheritance;
import releve.core.node.LeaseKeeper.Answer;
import releve.core.node.LeaseKeeper.Kept;
import releve.core.node.LeaseKeeper.Request;
import releve.core.pair.RoleState;
import releve.core.pair.Succession;
import releve.core.store.DialerStore.Elsewhere;
import releve.core.store.DialerStore.LeaseView;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.Takeover;

class LeaseKeeperTest {
    private static final Instant START = Instant.parse("2030-01-01T09:00:00Z");
    private static final RoleState STANDBY = new RoleState.Standby(START);
    private static final RoleState ACTIVE = new RoleState.Active(START, 1, START);
    private static final RoleState SETTLING = new RoleState.Settling(START, 1, START, false, false);
    private static final NodeId US = new NodeId(1, Side.A, "a1");
    private static final NodeId PEER = new NodeId(1, Side.B, "b1");

    private final LeaseKeeper keeper = new LeaseKeeper(US, LeaseTimes.DEFAULT, START);

    @Test
    void shouldTakeARightThatNobodyHolds() {
        LeaseView nobodys = lease(0, null, 0);
        assertThat(next(STANDBY, 0)).contains(new Request.Look());
        assertThat(answer(seen(nobodys), 0, 5)).isEmpty();

        assertThat(next(STANDBY, 5)).contains(new Request.Acquire(nobodys));
        assertThat(answer(acquired(nobodys, Optional.of(new Takeover(1, 0, 0))), 5, 12))
                .containsExactly(new Event.RightGranted(1, at(5 + 2000), "nobody held the right to dial"));
    }

    @Test
    void shouldMeasureTheDeadlineFromBeforeTheRenewalWasSent() {
        hold(1);
        assertThat(next(ACTIVE, 500)).contains(new Request.Renew(1));
        assertThat(answer(new Answer.Renewed(1, Optional.empty()), 500, 1900))
                .containsExactly(new Event.RightRenewed(1, at(500 + 2000)));
        assertThat(keeper.nextAt()).isEqualTo(at(1900 + 500));
    }

    @Test
    void shouldTellThatTheRightIsLostWhenARenewalIsRefused() {
        hold(1);
        next(ACTIVE, 500);
        assertThat(answer(new Answer.Renewed(1, Optional.of(lease(2, PEER, 3000))), 500, 510))
                .containsExactly(new Event.RightLost("B/b1 holds epoch 2"));
        assertThat(next(STANDBY, 520)).contains(new Request.Look());
    }

    @Test
    void shouldTakeOverAsSoonAsTheHoldersLeaseHasExpired() {
        next(STANDBY, 0);
        answer(seen(lease(1, PEER, 2900)), 0, 5);
        assertThat(keeper.nextAt()).isEqualTo(at(5 + 250));
        answer(seen(lease(1, PEER, 90)), 255, 260);
        assertThat(keeper.nextAt()).isEqualTo(at(260 + 90));
        LeaseView expired = lease(1, PEER, -3);
        next(STANDBY, 350);
        answer(seen(expired), 350, 352);

        assertThat(next(STANDBY, 352)).contains(new Request.Acquire(expired));
        assertThat(answer(acquired(expired, Optional.of(new Takeover(2, 7, 3))), 352, 360))
                .containsExactly(
                        new Event.RightGranted(
                                2,
                                at(352 + 2000),
                                "took over from B/b1, which did not renew its lease (7 attempts closed as unknown, 3 contacts put back)"));
    }

    @Test
    void shouldTellWhatCameWithARightHandedOverAndUntilWhenAnotherMayHaveUsedIt() {
        next(STANDBY, 0);
        var contact = Samples.contact(1, 7, 0);
        Elsewhere others = new Elsewhere(5, 2, 1);
        assertThat(answer(new Answer.Seen(lease(4, US, 2990), List.of(contact), others), 0, 5))
                .containsExactly(new Event.RightGranted(
                        4,
                        at(1990),
                        "handed over by side B",
                        new Inheritance(others, List.of(contact), at(5 - 3000 + 2990))));
        assertThat(next(ACTIVE, 15)).contains(new Request.Renew(4));
    }

    @Test
    void shouldAskNothingWhileTheRightIsBeingPassedOnAndForgetItAfterwards() {
        hold(1);
        next(ACTIVE, 500);
        keeper.pause();
        assertThat(answer(new Answer.Renewed(1, Optional.of(lease(2, PEER, 3000))), 500, 510))
                .as("a refusal says nothing now")
                .isEmpty();
        assertThat(next(ACTIVE, 5000)).isEmpty();

        keeper.resume(Kept.NOTHING, at(5000));
        assertThat(next(monitoring(5000, Succession.FORGONE), 5000)).isEmpty();
    }

    @Test
    void shouldRenewAgainWhenTheRightCouldNotBePassedOn() {
        hold(1);
        keeper.pause();
        keeper.resume(Kept.ALL, at(700));
        assertThat(next(ACTIVE, 700)).contains(new Request.Renew(1));
    }

    @Test
    void shouldLeaveTheLeaseAloneInAForcedMaintenance() {
        assertThat(next(monitoring(0, Succession.FORGONE), 0)).isEmpty();
        assertThat(next(STANDBY, 250)).contains(new Request.Look());
    }

    @Test
    void shouldLookAtOnceWhenWoken() {
        next(STANDBY, 0);
        answer(seen(lease(1, PEER, 2900)), 0, 5);
        keeper.wake(at(20));
        assertThat(next(STANDBY, 20)).contains(new Request.Look());
    }

    @Test
    void shouldTellThatTheSuccessorIsSeenOnceItHasRenewed() {
        RoleState awaited = monitoring(100, Succession.AWAITED);
        assertThat(next(awaited, 110)).contains(new Request.Look());
        assertThat(answer(seen(lease(2, PEER, 2985)), 110, 112))
                .as("as it was handed over")
                .isEmpty();
        next(awaited, 362);
        assertThat(answer(seen(lease(2, PEER, 2800)), 362, 364)).containsExactly(new Event.SuccessorSeen());
        next(monitoring(100, Succession.SEEN), 620);
        assertThat(answer(seen(lease(2, PEER, 2900)), 620, 622)).as("told once").isEmpty();
    }

    @Test
    void shouldTakeARightThatItsSuccessorLetExpireASecondLaterThanAStandbyWould() {
        for (Succession succession : List.of(Succession.AWAITED, Succession.SEEN)) {
            RoleState monitoring = monitoring(0, succession);
            keeper.wake(at(4000));
            next(monitoring, 4000);
            answer(seen(lease(2, PEER, -1000)), 4000, 4001);
            assertThat(next(monitoring, 4251)).contains(new Request.Look());
            LeaseView expired = lease(2, PEER, -1250);
            answer(seen(expired), 4251, 4252);
            assertThat(next(monitoring, 4252)).contains(new Request.Acquire(expired));
            answer(acquired(expired, Optional.empty()), 4252, 4253);
        }
    }

    @Test
    void shouldLeaveARightThatWasGivenUpAloneUnlessNobodyWasEverSeenToUseIt() {
        LeaseView givenUp = lease(2, null, -5000);
        next(monitoring(0, Succession.SEEN), 0);
        answer(seen(givenUp), 0, 1);
        assertThat(next(monitoring(0, Succession.SEEN), 251)).contains(new Request.Look());
        answer(seen(givenUp), 251, 252);
        next(monitoring(0, Succession.AWAITED), 502);
        answer(seen(givenUp), 502, 503);
        assertThat(next(monitoring(0, Succession.AWAITED), 503)).contains(new Request.Acquire(givenUp));
    }

    @Test
    void shouldRenewOnlyItsRightToSettleAfterAHandoverWithAnOverlap() {
        hold(1);
        keeper.pause();
        keeper.resume(Kept.SETTLING, at(700));
        assertThat(next(SETTLING, 700)).contains(new Request.RenewSettling(1));
        assertThat(answer(new Answer.Settles(1, true, lease(2, PEER, 2_900)), 700, 750))
                .containsExactly(new Event.RightRenewed(1, at(700 + 2000)));
        assertThat(next(SETTLING, 1_000)).isEmpty();
        assertThat(next(SETTLING, 1_250)).contains(new Request.RenewSettling(1));
        assertThat(answer(new Answer.Settles(1, false, lease(2, PEER, 2_900)), 1_250, 1_300))
                .singleElement()
                .isInstanceOf(Event.RightLost.class);
    }

    @Test
    void shouldLetTheRightToSettleExpireAndWatchOnceEverythingIsSettled() {
        hold(1);
        keeper.pause();
        keeper.resume(Kept.SETTLING, at(700));
        next(SETTLING, 700);
        answer(new Answer.Settles(1, true, lease(2, PEER, 2_900)), 700, 750);
        assertThat(next(monitoring(1_000, Succession.AWAITED), 1_250)).contains(new Request.Look());
    }

    @Test
    void shouldTakeTheRightWhileItSettlesWhenTheOtherSideLetItExpire() {
        hold(1);
        keeper.pause();
        keeper.resume(Kept.SETTLING, at(700));
        next(SETTLING, 700);
        assertThat(answer(new Answer.Settles(1, true, lease(2, PEER, -900)), 700, 750))
                .as("a standby, if there is one, goes first")
                .containsExactly(new Event.RightRenewed(1, at(2700)));
        next(SETTLING, 1_250);
        LeaseView expired = lease(2, PEER, -1_450);
        answer(new Answer.Settles(1, true, expired), 1_250, 1_260);
        assertThat(next(SETTLING, 1_260)).contains(new Request.Acquire(expired));
        Elsewhere others = new Elsewhere(3, 1, 0);
        assertThat(answer(new Answer.Acquired(expired, Optional.of(new Takeover(3, 7, 3)), others), 1_260, 1_270))
                .singleElement()
                .satisfies(event -> assertThat(
                                ((Event.RightGranted) event).inheritance().elsewhere())
                        .isEqualTo(others));
        assertThat(next(ACTIVE, 1_800)).contains(new Request.Renew(3));
    }

    private static Answer.Seen seen(LeaseView lease) {
        return new Answer.Seen(lease, List.of(), Elsewhere.NOTHING);
    }

    private static Answer.Acquired acquired(LeaseView seen, Optional<Takeover> takeover) {
        return new Answer.Acquired(seen, takeover, Elsewhere.NOTHING);
    }

    private static RoleState monitoring(long sinceMs, Succession succession) {
        return new RoleState.Monitoring(at(sinceMs), at(90 * 60_000), succession);
    }

    private void hold(long epoch) {
        next(STANDBY, 0);
        LeaseView free = lease(epoch - 1, null, 0);
        answer(seen(free), 0, 0);
        answer(acquired(free, Optional.of(new Takeover(epoch, 0, 0))), 0, 0);
    }

    private Optional<Request> next(RoleState role, long ms) {
        return keeper.next(role, at(ms));
    }

    private List<Event> answer(Answer answer, long sentMs, long ms) {
        return keeper.answered(answer, at(sentMs), at(ms));
    }

    private static LeaseView lease(long epoch, NodeId holder, long expiresInMs) {
        return new LeaseView(epoch, Optional.ofNullable(holder), Duration.ofMillis(expiresInMs));
    }

    private static Instant at(long ms) {
        return START.plusMillis(ms);
    }
}
