package releve.sim.simulate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentState;
import releve.core.common.AgentId;

/** The agents as they are: they come, take breaks after calls, wrap up for as long as they need, and go. */
final class Workforce {
    private static final String PHONE = "sip:";
    private static final String AT_THEIR_DESKS = "@192.0.2.20";

    private static final class Worker {
        final AgentId id;
        final SplittableRandom random;
        boolean there;
        /** He goes home as soon as he may. */
        boolean leaves;
        /** He takes a break after this call. */
        boolean breaks;
        /** His wrap-up is over, and his desk does not know it yet. */
        boolean done;

        long idleSinceMs;
        boolean idle;
        long readyAtMs;

        Worker(AgentId id, SplittableRandom random) {
            this.id = id;
            this.random = random;
        }
    }

    private final Centre centre;
    private final Scenario scenario;
    private final List<Worker> workers = new ArrayList<>();
    private final Map<AgentId, Worker> byId = new HashMap<>();

    Workforce(Centre centre, Scenario scenario) {
        this.centre = centre;
        this.scenario = scenario;
    }

    void plan() {
        int number = 0;
        for (Scenario.ShiftPlan plan : scenario.shifts()) {
            for (int i = 0; i < plan.agents(); i++) {
                AgentId id = new AgentId("agent" + ++number);
                Worker worker = new Worker(id, centre.random(Centre.AGENT, number));
                workers.add(worker);
                byId.put(id, worker);
                planShifts(worker, plan);
            }
        }
    }

    private void planShifts(Worker worker, Scenario.ShiftPlan plan) {
        boolean always = plan.toMs() - plan.fromMs() >= Scenario.DAY_MS;
        for (int day = 0; day < (always ? 1 : scenario.days()); day++) {
            long midnight = day * Scenario.DAY_MS;
            centre.at(midnight + plan.fromMs(), () -> arrives(worker));
            if (!always) {
                centre.at(midnight + plan.toMs(), () -> wantsToLeave(worker));
            }
        }
    }

    boolean anyThere() {
        return workers.stream().anyMatch(worker -> worker.there);
    }

    /** When that agent will be ready again, if he talks or wraps up; {@link Long#MAX_VALUE} when he goes away first. */
    long readyAtMs(AgentId agent) {
        Worker worker = byId.get(agent);
        return worker == null || worker.leaves || worker.breaks ? Long.MAX_VALUE : worker.readyAtMs;
    }

    private void arrives(Worker worker) {
        worker.leaves = false;
        centre.desks().logIn(worker.id, Set.of(ScenarioCampaign.SKILL_GROUP), PHONE + worker.id + AT_THEIR_DESKS);
        centre.desks().ask(worker.id, new AgentCommand.Ready());
        if (!worker.there) {
            worker.there = true;
            becomesIdle(worker);
        }
    }

    /** He talks with a customer from now on. */
    void serves(String phone, long talkMs) {
        String name = phone.substring(PHONE.length(), phone.length() - AT_THEIR_DESKS.length());
        Worker worker = byId.get(new AgentId(name));
        if (worker == null) {
            throw new IllegalStateException("there is no agent at " + phone);
        }
        wasIdle(worker);
        long wrapUp = scenario.wrapUp().drawMs(worker.random);
        worker.breaks = worker.random.nextDouble() < scenario.breaks().afterCall();
        worker.readyAtMs = centre.nowMs() + talkMs + wrapUp;
        centre.in(talkMs + wrapUp, () -> {
            centre.score().busyMs += talkMs + wrapUp;
            // Who goes home while he wraps up is logged out at once: nobody waits for the end of that wrap-up.
            if (worker.there) {
                becomesIdle(worker);
                worker.done = true;
                goesOn(worker);
            }
        });
    }

    /** The store says that somebody's state has changed. */
    void changed(AgentId agent) {
        Worker worker = byId.get(agent);
        if (worker != null && (worker.done || worker.leaves)) {
            goesOn(worker);
        }
    }

    /** Whether what the store has to say of him matters to him. */
    boolean waitsFor(AgentId agent) {
        Worker worker = byId.get(agent);
        return worker != null && (worker.done || worker.leaves);
    }

    private void goesOn(Worker worker) {
        AgentState state = centre.desks().agent(worker.id).state();
        if (worker.done && state == AgentState.WRAP_UP) {
            worker.done = false;
            afterTheCall(worker);
        } else if (worker.there && worker.leaves && state == AgentState.LOGGED_OUT) {
            leaves(worker);
        }
    }

    private void afterTheCall(Worker worker) {
        if (worker.leaves) {
            centre.desks().ask(worker.id, new AgentCommand.LogOut("the shift is over"));
            leaves(worker);
        } else if (worker.breaks) {
            centre.desks().ask(worker.id, new AgentCommand.NotReady("break"));
            worker.idle = false;
            centre.in(scenario.breaks().length().drawMs(worker.random), () -> comesBack(worker));
        } else {
            centre.desks().ask(worker.id, new AgentCommand.Ready());
        }
    }

    private void comesBack(Worker worker) {
        if (worker.there && !worker.leaves) {
            centre.desks().ask(worker.id, new AgentCommand.Ready());
            becomesIdle(worker);
        }
    }

    private void wantsToLeave(Worker worker) {
        if (!worker.there) {
            return;
        }
        worker.leaves = true;
        centre.desks().ask(worker.id, new AgentCommand.LogOut("the shift is over"));
        goesOn(worker);
    }

    private void leaves(Worker worker) {
        wasIdle(worker);
        worker.there = false;
        worker.done = false;
    }

    /** A share of those who are there goes away at once, for so long. */
    void someLeave(double share, long forMs) {
        List<Worker> there = workers.stream().filter(worker -> worker.there).toList();
        for (Worker worker : there.subList(0, (int) Math.round(there.size() * share))) {
            wantsToLeave(worker);
            centre.in(forMs, () -> {
                if (centre.isOpen()) {
                    arrives(worker);
                }
            });
        }
    }

    void allLeave() {
        workers.forEach(this::wantsToLeave);
    }

    private void becomesIdle(Worker worker) {
        worker.idle = true;
        worker.idleSinceMs = centre.nowMs();
    }

    private void wasIdle(Worker worker) {
        if (worker.idle) {
            worker.idle = false;
            centre.score().idle(centre.nowMs() - worker.idleSinceMs);
        }
    }
}
