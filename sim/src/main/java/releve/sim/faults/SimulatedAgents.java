package releve.sim.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentCommand;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.memory.MemoryDesks;
import releve.core.memory.MemoryDesks.AgentRow;

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

    private final PairWorld world;
    private final Map<AgentId, @Nullable AttemptId> deciding = new HashMap<>();
    private final Map<AgentId, Set<String>> skills = new HashMap<>();
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
            skills.put(agent, i % 4 == 0 ? Set.of("sales", "care") : i % 4 == 1 ? Set.of("care") : Set.of("sales"));
            desks.logIn(agent, skills(agent), phone(agent));
            world.in(world.chance().between(0, 3_000), () -> look(agent));
        }
    }

    /** The skill groups that he serves whenever he is logged in. */
    Set<String> skills(AgentId agent) {
        return skills.getOrDefault(agent, Set.of());
    }

    /** From now on nobody vanishes. */
    void heal() {
        reliable = true;
    }

    private void look(AgentId agent) {
        AgentRow row = world.desks().agent(agent);
        Chance chance = world.chance();
        boolean away = !reliable && chance.is(world.rates().agentVanishes() / 10);
        if (!away) {
            act(row, chance);
        }
        world.in(away ? chance.between(5_000, 40_000) : LOOK_MS, () -> look(agent));
    }

    private void act(AgentRow row, Chance chance) {
        AgentId agent = row.agent();
        MemoryDesks desks = world.desks();
        switch (row.state()) {
            case LOGGED_OUT -> desks.logIn(agent, skills(agent), phone(agent));
            case NOT_READY -> {
                if ((reliable || chance.below(8) == 0) && !world.carrier().isOnThePhone(phone(agent))) {
                    desks.ask(agent, new AgentCommand.Ready());
                }
            }
            case READY -> {
                if (!reliable && chance.below(120) == 0) {
                    desks.ask(agent, new AgentCommand.NotReady("break"));
                } else if (!reliable && chance.below(400) == 0) {
                    desks.ask(agent, new AgentCommand.LogOut("home"));
                }
            }
            case RESERVED, DIALING, HOLD -> {
                if (!reliable && chance.below(100) == 0) {
                    desks.ask(agent, new AgentCommand.NotReady("break after this"));
                }
            }
            case PREVIEW -> decide(row, chance);
            case TALKING -> {
                if (!reliable && chance.below(60) == 0) {
                    desks.ask(agent, new AgentCommand.NotReady("break after this"));
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
        if (!reliable && chance.is(world.rates().agentVanishes())) {
            return;
        }
        OfferAnswer answer = ANSWERS[chance.below(ANSWERS.length)];
        world.in(chance.between(500, 6_000), () -> world.desks().answer(row.agent(), offer, answer));
    }

    private void wrapUp(AgentRow row, Chance chance) {
        AttemptId call = row.attempt();
        if (world.carrier().isOnThePhone(phone(row.agent()))) {
            return; // nobody follows his call any more, but it goes on, and what becomes of it is not known yet
        }
        if (call != null && disposed.add(call) && chance.below(4) == 0) {
            dispose(row.agent(), call, chance);
        } else if (chance.below(3) == 0) {
            world.desks().ask(row.agent(), new AgentCommand.Ready());
        }
    }

    private void dispose(AgentId agent, AttemptId call, Chance chance) {
        List<CallResult> said = List.of(
                CallResult.CALLBACK_REQUESTED,
                CallResult.CALLBACK_REQUESTED,
                CallResult.WRONG_NUMBER,
                CallResult.WRONG_PERSON,
                CallResult.DO_NOT_CALL,
                CallResult.AGENT_CLOSED);
        CallResult result = said.get(chance.below(said.size()));
        boolean callback = result == CallResult.CALLBACK_REQUESTED;
        boolean his = world.desks()
                .dispose(
                        agent,
                        call,
                        new Disposition(
                                result,
                                callback ? world.now().plus(Duration.ofSeconds(chance.between(10, 300))) : null,
                                callback && chance.below(2) == 0,
                                ""));
        if (his) {
            world.rules().disposed(call);
        }
    }
}
