package releve.sim.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentState;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.Side;
import releve.core.memory.MemoryDesks;
import releve.core.memory.MemoryDesks.AgentRow;
import releve.core.pair.Role;

/** Agents at their desks: they look at their state once a second, and do what people do. */
final class SimulatedAgents {
    private static final long LOOK_MS = 1_000;
    private static final OfferAnswer[] ANSWERS = {
        OfferAnswer.ACCEPT,
        OfferAnswer.ACCEPT,
        OfferAnswer.ACCEPT,
        OfferAnswer.SKIP,
        OfferAnswer.REJECT,
        OfferAnswer.SKIP_AND_CLOSE,
        OfferAnswer.REJECT_AND_CLOSE
    };

    static final Set<String> ALL_GROUPS = Set.of("sales", "care");

    private final PairWorld world;
    private final Map<AgentId, @Nullable AttemptId> deciding = new HashMap<>();
    private final Map<AgentId, Set<String>> skills = new HashMap<>();
    /** Where their desktops are connected. */
    private final Map<AgentId, Side> desktops = new HashMap<>();

    /** Who has asked to be logged out since he logged in. */
    private final Set<AgentId> leaving = new HashSet<>();

    private final Set<AttemptId> accepted = new HashSet<>();
    private final Set<AttemptId> disposed = new HashSet<>();
    private boolean reliable;

    SimulatedAgents(PairWorld world) {
        this.world = world;
    }

    static String phone(AgentId agent) {
        return "sip:" + agent + "@192.0.2.20";
    }

    void start(int count) {
        MemoryDesks desks = world.desks();
        for (int i = 1; i <= count; i++) {
            AgentId agent = new AgentId("agent" + i);
            skills.put(agent, i % 4 == 0 ? ALL_GROUPS : i % 4 == 1 ? Set.of("care") : Set.of("sales"));
            desktops.put(agent, Side.values()[world.chance().below(2)]);
            desks.logIn(agent, skills(agent), phone(agent));
            world.in(world.chance().between(0, 3_000), () -> look(agent));
        }
    }

    /** The skill groups that he serves whenever he is logged in. */
    Set<String> skills(AgentId agent) {
        return skills.getOrDefault(agent, Set.of());
    }

    /** How many desktops are connected to the agent gateway of that side. */
    int attachedTo(Side side) {
        return (int) desktops.values().stream().filter(side::equals).count();
    }

    /** Whether he has asked to be logged out. */
    boolean wantsToLeave(AgentId agent) {
        return leaving.contains(agent);
    }

    /** What a gateway that is wrong does to those who are connected to it. */
    void logOutAll(Side side) {
        desktops.forEach((agent, at) -> {
            if (at == side) {
                world.desks().ask(agent, new AgentCommand.LogOut("planted"));
            }
        });
    }

    /** From now on nobody vanishes. */
    void heal() {
        reliable = true;
    }

    private void look(AgentId agent) {
        AgentRow row = world.desks().agent(agent);
        Chance chance = world.chance();
        boolean away = !reliable && chance.is(world.rates().desks().vanishes() / 10);
        if (!away) {
            act(row, chance);
        }
        world.in(away ? chance.between(5_000, 40_000) : LOOK_MS, () -> look(agent));
    }

    private void act(AgentRow row, Chance chance) {
        AgentId agent = row.agent();
        switch (row.state()) {
            case LOGGED_OUT -> says(agent, () -> logIn(agent));
            case NOT_READY -> {
                if ((reliable || chance.below(8) == 0) && !world.carrier().isOnThePhone(phone(agent))) {
                    asks(agent, new AgentCommand.Ready());
                }
            }
            case READY -> {
                if (!reliable && chance.below(120) == 0) {
                    asks(agent, new AgentCommand.NotReady("break"));
                } else if (!reliable && chance.below(400) == 0) {
                    says(agent, () -> {
                        leaving.add(agent);
                        world.desks().ask(agent, new AgentCommand.LogOut("home"));
                    });
                }
            }
            case RESERVED, DIALING, HOLD -> {
                if (!reliable && chance.below(100) == 0) {
                    asks(agent, new AgentCommand.NotReady("break after this"));
                }
            }
            case PREVIEW -> decide(row, chance);
            case TALKING -> {
                if (!reliable && chance.below(60) == 0) {
                    asks(agent, new AgentCommand.NotReady("break after this"));
                }
            }
            case WRAP_UP -> wrapUp(row, chance);
        }
    }

    private void decide(AgentRow row, Chance chance) {
        AttemptId offer = row.attempt();
        if (offer == null || offer.equals(deciding.get(row.agent()))) {
            return;
        }
        deciding.put(row.agent(), offer);
        if (!reliable && chance.is(world.rates().desks().vanishes())) {
            return;
        }
        OfferAnswer answer = ANSWERS[chance.below(ANSWERS.length)];
        world.in(chance.between(500, 6_000), () -> says(row.agent(), () -> answered(row.agent(), offer, answer)));
    }

    private void wrapUp(AgentRow row, Chance chance) {
        AttemptId call = row.attempt();
        if (world.carrier().isOnThePhone(phone(row.agent()))) {
            return; // nobody follows his call any more, but it goes on, and what becomes of it is not known yet
        }
        if (call != null && disposed.add(call) && chance.below(4) == 0) {
            Disposition disposition = disposition(chance);
            says(row.agent(), () -> {
                if (world.desks().dispose(row.agent(), call, disposition)) {
                    world.rules().disposed(call);
                }
            });
        } else if (chance.below(3) == 0) {
            asks(row.agent(), new AgentCommand.Ready());
        }
    }

    private Disposition disposition(Chance chance) {
        List<CallResult> said = List.of(
                CallResult.CALLBACK_REQUESTED,
                CallResult.CALLBACK_REQUESTED,
                CallResult.WRONG_NUMBER,
                CallResult.WRONG_PERSON,
                CallResult.DO_NOT_CALL,
                CallResult.AGENT_CLOSED);
        CallResult result = said.get(chance.below(said.size()));
        boolean callback = result == CallResult.CALLBACK_REQUESTED;
        return new Disposition(
                result,
                callback ? world.now().plus(Duration.ofSeconds(chance.between(10, 300))) : null,
                callback && chance.below(2) == 0,
                "");
    }

    private void answered(AgentId agent, AttemptId offer, OfferAnswer said) {
        if (world.desks().answer(agent, offer, world.flaws().written(said)) && said == OfferAnswer.ACCEPT) {
            accepted.add(offer);
        }
    }

    /** Whether the agent to whom it was offered has said that he takes it. */
    boolean haveAccepted(AttemptId offer) {
        return accepted.contains(offer);
    }

    private void logIn(AgentId agent) {
        if (world.desks().agent(agent).state() == AgentState.LOGGED_OUT) {
            leaving.remove(agent);
        }
        world.desks().logIn(agent, skills(agent), phone(agent));
    }

    private void asks(AgentId agent, AgentCommand command) {
        says(agent, () -> world.desks().ask(agent, command));
    }

    /** By his desktop, which connects to the other side when this one does not serve; he says it again when nothing comes of it. */
    private void says(AgentId agent, Runnable what) {
        Side side = desktops.getOrDefault(agent, Side.A);
        Optional<SimulatedNode> node = world.node(side);
        Chance chance = world.chance();
        FaultRates.Desks faults = world.rates().desks();
        boolean silent = node.isEmpty() || node.get().frozen();
        if (silent || node.get().gateways().of(Role.AGENT_GATEWAY).sendsAway()) {
            desktops.put(agent, side.other());
        }
        if (node.isEmpty() || chance.is(faults.lost())) {
            return;
        }
        int times = chance.is(faults.doubled()) ? 2 : 1;
        for (int i = 0; i < times; i++) {
            long ms = chance.is(faults.late()) ? chance.between(500, 5_000) : chance.between(1, 20);
            node.get()
                    .after(
                            ms,
                            () -> node.get().gateways().of(Role.AGENT_GATEWAY).command(what));
        }
    }
}
