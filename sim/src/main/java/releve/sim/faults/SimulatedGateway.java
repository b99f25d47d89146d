package releve.sim.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import releve.core.common.Side;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.engine.Gateway;
import releve.core.engine.GatewayLoad;
import releve.core.engine.Standing;
import releve.core.memory.MemoryGateway;
import releve.core.node.GatewayErrand;
import releve.core.node.LeaseKeeper;
import releve.core.pair.Peer;
import releve.core.pair.PeerHealth;
import releve.core.pair.Role;
import releve.core.pair.RoleState;

/**
 * The agent gateway or the routing gateway of one simulated process: the product's role machine and lease keeper, and what the
 * gateway does while it is active.
 */
final class SimulatedGateway {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long ROUND_MS = 500;

    private final PairWorld world;
    private final SimulatedNode node;
    private final SimulatedGateways host;
    private final Gateway gateway;
    private final MemoryGateway store;
    private final SimulatedLease lease;
    private InHand inHand = new InHand();
    private InHand before = inHand;
    private Standing standing = Standing.STANDBY;
    private boolean otherServes;
    private boolean over;

    /** Rounds and commands that were begun while the gateway stood where it stands. */
    private static final class InHand {
        int count;
    }

    SimulatedGateway(PairWorld world, SimulatedNode node, SimulatedGateways host, Role role) {
        this.world = world;
        this.node = node;
        this.host = host;
        this.gateway = new Gateway(role, LIMIT, node.time().now());
        this.store = world.store().gateways(role);
        this.lease = new SimulatedLease(
                world,
                node,
                new LeaseKeeper(
                        node.id(), role, SimulatedNode.TIMES, node.time().now()),
                store,
                gateway::state,
                this::told);
    }

    void start() {
        lease.turn();
        round();
    }

    Role kind() {
        return gateway.kind();
    }

    RoleState state() {
        return gateway.state();
    }

    SimulatedLease lease() {
        return lease;
    }

    Gateway machine() {
        return gateway;
    }

    boolean isDone() {
        return over || gateway.isDone(load(true), node.time().now());
    }

    /** Contacts come with the right to dial only: what the lease tells besides is of the role. */
    private void told(Event event) {
        if (event instanceof Event.OfRole ours && world.flaws().tells(gateway.kind(), ours)) {
            happened(ours);
        }
    }

    void happened(Event.OfRole event) {
        if (node.alive() && !over) {
            carryOut(gateway.step(event, load(), node.time().now()));
        }
    }

    private GatewayLoad load() {
        return load(host.goesOnWithout(kind()));
    }

    private GatewayLoad load(boolean processGoesOn) {
        int attached = kind() == Role.AGENT_GATEWAY
                ? world.agents().attachedTo(node.id().side())
                : 0;
        return new GatewayLoad(before.count, attached, processGoesOn);
    }

    private void carryOut(List<Command> commands) {
        stand();
        for (Command command : commands) {
            switch (command) {
                case Command.OfRole ours -> carryOut(ours);
                case Command other -> throw new IllegalStateException(kind().written() + " wants " + other);
            }
        }
    }

    private void carryOut(Command.OfRole command) {
        switch (command) {
            case Command.Answer answer -> trace((answer.accepted() ? "answers: " : "refuses: ") + answer.text());
            case Command.AnswerDryRun answer -> {}
            case Command.Journal journal -> trace(journal.transition().toString());
            case Command.HandOver handOver -> move(new GatewayErrand.HandOver(handOver));
            case Command.GiveUpRight giveUp -> move(new GatewayErrand.GiveUp(giveUp));
            case Command.StopProcess stop -> {
                trace("stops: " + stop.reason());
                over = true;
                if (!world.storeDown()) {
                    store.stopped(node.id(), stop.reason());
                }
                host.ended(stop);
            }
        }
    }

    private void trace(String what) {
        world.trace().line(node.id().toString(), kind().written() + " " + what);
    }

    private void stand() {
        Standing now = Standing.of(gateway.state(), node.time().now());
        if (now != standing) {
            standing = now;
            before = inHand;
            inHand = new InHand();
            if (now == Standing.LEAVING
                    && kind() == Role.AGENT_GATEWAY
                    && world.flaws().logsOutWhoeverLeaves()) {
                world.agents().logOutAll(node.id().side());
            }
        }
    }

    private void move(GatewayErrand errand) {
        lease.pause();
        node.link()
                .ask(
                        node,
                        ignored -> errand.carryOut(store, node.id(), SimulatedNode.TIMES),
                        this::moved,
                        unavailable -> moved(errand.unanswered(unavailable)));
    }

    private void moved(Event.OfRole outcome) {
        lease.resume(GatewayErrand.kept(outcome));
        happened(outcome);
    }

    /** Its regular look, and its duties. */
    private void round() {
        if (over) {
            return;
        }
        carryOut(gateway.tick(load(), node.time().now()));
        look();
        work();
        node.after(ROUND_MS, this::round);
    }

    private void look() {
        Side other = node.id().side().other();
        node.link()
                .ask(
                        node,
                        ignored -> {
                            Optional<String> ended =
                                    store.beat(node.id(), gateway.state().phase());
                            return new Seen(ended, store.heartbeat(node.id().pair(), other));
                        },
                        seen -> {
                            seen.superseded().ifPresent(reason -> happened(new Event.StopNow(reason)));
                            otherServes = seen.other()
                                    .filter(beat -> beat.age().compareTo(PeerHealth.SILENT_MAX) <= 0)
                                    .filter(beat -> beat.phase().equals("active")
                                            || beat.phase().equals("standby"))
                                    .isPresent();
                            Peer peer = PeerHealth.judge(
                                    "the %s of side %s".formatted(kind().written(), other),
                                    seen.other(),
                                    node.version());
                            happened(new Event.PeerSeen(peer));
                        },
                        unavailable -> {});
    }

    private record Seen(Optional<String> superseded, Optional<PeerHealth.Heartbeat> other) {}

    /** What the active one does whenever it is woken, and twice a second. */
    void work() {
        if (over || standing != Standing.ACTIVE) {
            return;
        }
        switch (kind()) {
            case ROUTING_GATEWAY -> begin(() -> world.desks().route());
            case AGENT_GATEWAY -> begin(() -> world.desks().endWrapUps());
            case DIALER -> throw new IllegalStateException("a dialer is no gateway");
        }
    }

    /** Whether its desktops have to go to the other side. */
    boolean sendsAway() {
        return over || standing == Standing.CUT || (standing == Standing.LEAVING && otherServes);
    }

    /** What a desktop says. */
    void command(Runnable what) {
        if (!sendsAway()) {
            begin(what);
        }
    }

    private void begin(Runnable piece) {
        InHand own = inHand;
        own.count++;
        node.link()
                .ask(
                        node,
                        ignored -> {
                            piece.run();
                            return true;
                        },
                        done -> own.count--,
                        unavailable -> own.count--);
    }
}
