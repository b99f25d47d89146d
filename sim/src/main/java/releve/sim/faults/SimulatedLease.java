package releve.sim.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import releve.core.engine.Event;
import releve.core.node.LeaseKeeper;
import releve.core.pair.RoleState;
import releve.core.store.RoleLease;

/** The lease of one role of a simulated process: the product's keeper, on virtual time in place of a thread. */
final class SimulatedLease {
    private final PairWorld world;
    private final SimulatedNode node;
    private final LeaseKeeper keeper;
    private final RoleLease rights;
    private final Supplier<RoleState> role;
    private final Consumer<Event> told;
    private boolean asking;
    private long turns;

    /**
     * @param role where it stands
     * @param told what becomes of its right
     */
    SimulatedLease(
            PairWorld world,
            SimulatedNode node,
            LeaseKeeper keeper,
            RoleLease rights,
            Supplier<RoleState> role,
            Consumer<Event> told) {
        this.world = world;
        this.node = node;
        this.keeper = keeper;
        this.rights = rights;
        this.role = role;
        this.told = told;
    }

    /** Something says that the lease has changed. */
    void wake() {
        keeper.wake(node.time().now());
        turn();
    }

    /** While the right is being passed on it is neither renewed nor looked at. */
    void pause() {
        keeper.pause();
    }

    void resume(LeaseKeeper.Kept kept) {
        keeper.resume(kept, node.time().now());
        turn();
    }

    void turn() {
        if (asking || !node.alive()) {
            return;
        }
        Optional<LeaseKeeper.Request> request =
                keeper.next(role.get(), node.time().now());
        if (request.isEmpty()) {
            long wait = Math.max(
                    1, Duration.between(node.time().now(), keeper.nextAt()).toMillis());
            long turn = ++turns;
            node.after(wait, () -> {
                if (turn == turns) {
                    turn();
                }
            });
            return;
        }
        asking = true;
        Instant sentAt = node.time().now();
        node.link()
                .ask(
                        node,
                        store -> keeper.ask(request.get(), rights),
                        answer -> {
                            asking = false;
                            Instant now = node.time().now();
                            keeper.answered(answer, world.flaws().sentAt(sentAt, now), now)
                                    .forEach(told);
                            turn();
                        },
                        unavailable -> {
                            asking = false;
                            keeper.unanswered(node.time().now());
                            turn();
                        });
    }
}
