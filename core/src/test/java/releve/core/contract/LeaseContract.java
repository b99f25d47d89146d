package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import releve.core.campaign.ContactStatus;
import releve.core.common.ContactId;
import releve.core.common.Side;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.Takeover;

/** Who may dial: taking the right, renewing it and giving it up. */
public abstract class LeaseContract extends StoreScene {
    @Test
    void shouldShowALeaseThatWasNeverHeld() {
        assertThat(store.lease(pair).epoch()).isZero();
        assertThat(store.lease(pair).holder()).isEmpty();
    }

    @Test
    void shouldGiveTheRightToDialToOneOnly() {
        assertThat(store.acquire(a, LONG)).contains(new Takeover(1, 0, 0));
        assertThat(store.acquire(b, LONG)).isEmpty();
        assertThat(store.lease(pair).holder()).contains(a);
        assertThat(store.lease(pair).expiresIn()).isPositive();
    }

    @Test
    void shouldGrowTheEpochWithEveryTakeover() {
        take(a, NONE);
        assertThat(take(b, NONE)).isEqualTo(2);
        assertThat(take(a, LONG)).isEqualTo(3);
    }

    @Test
    void shouldRenewAfterExpiryWhenNobodyTookIt() {
        long epoch = take(a, NONE);
        assertThat(store.renew(a, epoch, LONG)).isTrue();
        assertThat(store.acquire(b, LONG)).isEmpty();
    }

    @Test
    void shouldNotRenewWhenAnotherTookIt() {
        long epoch = take(a, NONE);
        take(b, LONG);
        assertThat(store.renew(a, epoch, LONG)).isFalse();
        assertThat(store.renew(a, epoch + 1, LONG)).isFalse();
        assertThat(store.lease(pair).holder()).contains(b);
    }

    @Test
    void shouldLetOnlyOneOfManyTakeAFreeLease() throws Exception {
        List<Callable<Optional<Takeover>>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            NodeId node = new NodeId(pair, i % 2 == 0 ? Side.A : Side.B, "n" + i);
            tries.add(() -> store.acquire(node, LONG));
        }
        assertThat(together(tries).stream().flatMap(Optional::stream)).containsExactly(new Takeover(1, 0, 0));
    }

    @Test
    void shouldGiveContactsBackWhenReleased() {
        ContactId contact = contact();
        long epoch = take(a, LONG);
        claimOne(a, epoch);
        store.release(a, epoch);
        store.release(a, epoch);

        assertThat(status(contact)).isEqualTo(ContactStatus.PENDING);
        assertThat(store.acquire(b, LONG)).contains(new Takeover(epoch + 1, 0, 0));
    }

    @Test
    void shouldLeaveCallsOfAHolderThatReleasedInOrder() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        store.release(a, epoch);
        take(b, LONG);
        assertThat(attempt(call).result()).isNull();
    }

    @Test
    void shouldNotReleaseWhatAnotherHolds() {
        long epoch = take(a, NONE);
        take(b, LONG);
        store.release(a, epoch);
        assertThat(store.lease(pair).holder()).contains(b);
    }
}
