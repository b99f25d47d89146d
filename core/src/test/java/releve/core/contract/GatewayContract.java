package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.core.pair.Role;
import releve.core.store.DialerStore.Takeover;
import releve.core.store.GatewayRights;

/** Who is active as a gateway: each role is leased by itself. */
public abstract class GatewayContract extends StoreScene {
    private GatewayRights routing;

    @BeforeEach
    void take() {
        routing = world().gateway(Role.ROUTING_GATEWAY);
    }

    @Test
    void shouldLeaseEachRoleByItself() {
        assertThat(routing.acquire(a, LONG)).contains(new Takeover(1, 0, 0));
        assertThat(routing.acquire(b, LONG)).as("held by another").isEmpty();
        assertThat(world().gateway(Role.AGENT_GATEWAY).acquire(b, LONG)).isPresent();
        assertThat(store.acquire(b, LONG)).isPresent();
        assertThat(routing.lease(pair).holder()).contains(a);
    }

    @Test
    void shouldHandARoleOverOnceHoweverOftenItIsAsked() {
        routing.acquire(a, LONG);
        assertThat(routing.handOver(a, 1, b, LONG)).contains(2L);
        assertThat(routing.handOver(a, 1, b, LONG)).as("its answer was lost").contains(2L);
        assertThat(routing.renew(a, 1, LONG)).isFalse();
        assertThat(routing.renew(b, 2, LONG)).isTrue();
    }

    @Test
    void shouldNotHandOverWhatAnotherHasTaken() {
        routing.acquire(a, NONE);
        routing.acquire(b, LONG);
        assertThat(routing.handOver(a, 1, b, LONG)).as("taken, not handed over").isEmpty();
        assertThat(routing.handOver(a, 2, b, LONG)).isEmpty();
    }

    @Test
    void shouldTakeARoleThatItsHolderLetExpire() {
        routing.acquire(a, NONE);
        assertThat(routing.acquire(b, LONG)).contains(new Takeover(2, 0, 0));
        assertThat(routing.renew(a, 1, LONG)).isFalse();
    }

    @Test
    void shouldReleaseOnlyWhatIsHeld() {
        routing.acquire(a, LONG);
        routing.release(b, 1);
        assertThat(routing.lease(pair).holder()).contains(a);
        routing.release(a, 1);
        assertThat(routing.lease(pair).holder()).isEmpty();
        assertThat(routing.acquire(b, LONG)).contains(new Takeover(2, 0, 0));
    }
}
