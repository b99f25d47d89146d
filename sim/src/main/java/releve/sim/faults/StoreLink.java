package releve.sim.faults;

import java.util.function.Consumer;
import java.util.function.Function;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * The way from one node to the store and back. What is asked takes time, may never arrive, or may be done while its answer
 * gets lost; a request that was sent is done even if its node dies meanwhile.
 */
final class StoreLink {
    private static final long TIMEOUT_MS = 2_000;

    private final PairWorld world;
    private boolean cut;
    private long changedAtMs;

    StoreLink(PairWorld world) {
        this.world = world;
    }

    void cut(boolean now) {
        cut = now;
        changedAtMs = world.nowMs();
    }

    /** For how long nothing has been in the way. */
    long openForMs() {
        return cut ? 0 : world.nowMs() - changedAtMs;
    }

    <T> void ask(
            SimulatedNode node,
            Function<DialerStore, T> request,
            Consumer<T> answer,
            Consumer<StoreUnavailable> unanswered) {
        Chance chance = world.chance();
        if (chance.is(world.rates().processes().freezesAtAsk()) && !node.frozen()) {
            world.tally().fault("freeze while asking");
            node.freeze(chance.about(world.rates().processes().freezeS() * 1000), chance.below(2) == 0);
            if (chance.below(2) == 0) {
                node.after(0, () -> send(node, request, answer, unanswered));
                return;
            }
        }
        send(node, request, answer, unanswered);
    }

    private <T> void send(
            SimulatedNode node,
            Function<DialerStore, T> request,
            Consumer<T> answer,
            Consumer<StoreUnavailable> unanswered) {
        world.in(world.storeDelayMs(), () -> {
            if (cut || world.storeDown()) {
                node.after(
                        world.chance().is(0.5) ? 1 : TIMEOUT_MS,
                        () -> unanswered.accept(unavailable("the store is away")));
                return;
            }
            T done = request.apply(world.store());
            if (world.chance().is(world.rates().store().answerLost())) {
                node.after(TIMEOUT_MS, () -> unanswered.accept(unavailable("its answer was lost")));
            } else {
                node.after(world.storeDelayMs(), () -> answer.accept(done));
            }
        });
    }

    private static StoreUnavailable unavailable(String why) {
        return new StoreUnavailable(why, new IllegalStateException(why));
    }
}
