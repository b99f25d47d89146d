package releve.sim.simulate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.pacing.AbandonBudget;
import releve.core.pacing.Floor;
import releve.core.pacing.Foresight;
import releve.core.pacing.PacingPolicy;
import releve.sim.world.Agenda;

/**
 * One run of a scenario: customers, agents, faults, and a pacing policy that sees only what a dialer would see. Each call's and
 * each agent's fate is drawn for itself, so that all policies meet the same world.
 */
public final class Centre implements Foresight {
    private static final int ASK_AT_EVERY_CHANGE_MAX = 30;

    private final Scenario scenario;
    private final long seed;
    private final BiFunction<Scenario, Foresight, PacingPolicy> policies;
    private final Conditions conditions;
    private final Agenda agenda = new Agenda();
    private final Score score = new Score();
    private final List<Worker> workers = new ArrayList<>();
    private final Map<AgentId, Worker> byId = new HashMap<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final Deque<Customer> waiting = new ArrayDeque<>();

    private Floor floor;
    private PacingPolicy policy;
    private boolean open;
    private boolean draining;
    private long life;
    private long calls;
    private long downUntilMs = Long.MIN_VALUE;
    private long closesAtMs;
    private boolean changed;
    private boolean asked;

    private static final class Worker {
        final AgentId id;
        final SplittableRandom random;
        boolean there;
        boolean idle;
        boolean leaves;
        long idleSinceMs;
        long readyAtMs;

        Worker(AgentId id, SplittableRandom random) {
            this.id = id;
            this.random = random;
        }
    }

    private static final class Customer {
        final AttemptId call;
        final SplittableRandom random;
        final long life;
        boolean done;

        Customer(AttemptId call, SplittableRandom random, long life) {
            this.call = call;
            this.random = random;
            this.life = life;
        }
    }

    private Centre(Scenario scenario, long seed, BiFunction<Scenario, Foresight, PacingPolicy> policies) {
        this.scenario = scenario;
        this.seed = seed;
        this.policies = policies;
        this.conditions = new Conditions(scenario, seed);
        this.floor = new Floor(budget());
        this.policy = policies.apply(scenario, this);
    }

    /** Runs the scenario once. */
    public static Score run(Scenario scenario, long seed, BiFunction<Scenario, Foresight, PacingPolicy> policies) {
        return new Centre(scenario, seed, policies).run();
    }

    private AbandonBudget budget() {
        AbandonBudget budget = new AbandonBudget(new AbandonBudget.Limit(
                scenario.abandonLimit(),
                scenario.thirtyDays() ? AbandonBudget.Window.THIRTY_DAYS : AbandonBudget.Window.DAY,
                0,
                1));
        score.history(budget);
        return budget;
    }

    private Score run() {
        for (int day = 0; day < scenario.days(); day++) {
            long midnight = day * Scenario.DAY_MS;
            agenda.at(midnight + scenario.opensAtMs(), this::opens);
            if (!scenario.aroundTheClock()) {
                agenda.at(midnight + scenario.closesAtMs(), this::closes);
            }
        }
        if (scenario.aroundTheClock()) {
            agenda.at(scenario.days() * Scenario.DAY_MS, this::closes);
        }
        planWorkers();
        for (Scenario.Fault fault : scenario.faults()) {
            agenda.at((fault.day() - 1) * Scenario.DAY_MS + fault.atMs(), () -> fails(fault));
        }
        while (agenda.step()) {
            boolean atEveryChange = scenario.agents() <= ASK_AT_EVERY_CHANGE_MAX && policy.looksAhead();
            if (changed && (atEveryChange || !policy.looksAhead() || asked || !open)) {
                asked = false;
                changed = false;
                decide();
            }
        }
        return score;
    }

    private void planWorkers() {
        int number = 0;
        for (Scenario.ShiftPlan plan : scenario.shifts()) {
            for (int i = 0; i < plan.agents(); i++) {
                AgentId id = new AgentId("agent" + ++number);
                Worker worker = new Worker(id, random(0x5a17L, number));
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
            agenda.at(midnight + plan.fromMs(), () -> arrives(worker));
            if (!always && plan.toMs() < scenario.closesAtMs()) {
                agenda.at(midnight + plan.toMs(), () -> wantsToLeave(worker));
            }
        }
    }

    private SplittableRandom random(long kind, long number) {
        return new SplittableRandom(
                (seed * 0x9e3779b97f4a7c15L + kind) * 0xbf58476d1ce4e5b9L + number * 0x94d049bb133111ebL);
    }

    private void opens() {
        open = true;
        closesAtMs = scenario.aroundTheClock()
                ? scenario.days() * Scenario.DAY_MS
                : agenda.nowMs() - scenario.opensAtMs() + scenario.closesAtMs();
        floor.budget().closesAt(closesAtMs);
        if (!scenario.aroundTheClock() || agenda.nowMs() < Scenario.DAY_MS) {
            ask();
        }
    }

    private void ask() {
        if (open) {
            floor.advance(agenda.nowMs());
            changed = true;
            asked = true;
            agenda.in(PacingPolicy.ASK_EVERY_MS, this::ask);
        }
    }

    /** No call starts any more; who is idle stays only as long as a call in flight may need him. */
    private void closes() {
        open = false;
        workers.forEach(worker -> worker.leaves = true);
        letGo();
    }

    private void letGo() {
        while (!open && idle.size() > floor.inFlight()) {
            leaves(idle.getLast());
        }
    }

    private void decide() {
        long now = agenda.nowMs();
        if (!open) {
            letGo();
            return;
        }
        if (draining && floor.inFlight() == 0) {
            draining = false;
            renew();
        }
        if (draining || now < downUntilMs) {
            return;
        }
        int more = policy.callsToStart(floor, now);
        score.decisions++;
        for (int i = 0; i < more; i++) {
            dial();
        }
    }

    private void dial() {
        AttemptId call = AttemptId.of(1, 1, ++calls);
        Customer customer = new Customer(call, random(0xca11L, calls), life);
        floor.dialed(call, agenda.nowMs());
        score.dials++;
        SplittableRandom random = customer.random;
        Scenario.Ring ring = scenario.ring();
        long limit = ring.limitSeconds() > 0 ? Math.round(ring.limitSeconds() * 1000) : Long.MAX_VALUE / 4;
        if (random.nextDouble() < conditions.rateAt(agenda.nowMs())) {
            long after = ring.live().drawMs(random);
            for (int again = 0; after >= limit && again < 100; again++) {
                after = ring.live().drawMs(random);
            }
            long verdict = scenario.analysis().human().drawMs(random);
            happens(after, customer, () -> floor.pickedUp(call, agenda.nowMs()));
            happens(after + verdict, customer, () -> live(customer));
        } else if (random.nextDouble() < scenario.analysis().machines()) {
            long after = Math.min(ring.live().drawMs(random), limit);
            long verdict = scenario.analysis().machine().drawMs(random);
            happens(after, customer, () -> floor.pickedUp(call, agenda.nowMs()));
            happens(after + verdict, customer, () -> floor.gone(call, agenda.nowMs()));
        } else {
            boolean toTheLimit = random.nextDouble() < ring.noAnswer();
            long after = toTheLimit ? limit : Math.min(ring.other().drawMs(random), limit);
            happens(after, customer, () -> floor.gone(call, agenda.nowMs()));
        }
    }

    private void happens(long inMs, Customer customer, Runnable what) {
        agenda.in(inMs, () -> {
            if (customer.life == life) {
                what.run();
                changed = true;
            }
        });
    }

    private void live(Customer customer) {
        floor.live(customer.call, agenda.nowMs());
        if (!idle.isEmpty()) {
            serve(customer, idle.removeFirst());
            return;
        }
        waiting.add(customer);
        happens(Math.round(scenario.waitSeconds() * 1000), customer, () -> {
            if (!customer.done) {
                customer.done = true;
                waiting.remove(customer);
                floor.abandoned(customer.call, agenda.nowMs());
                score.live(agenda.nowMs(), true);
            }
        });
    }

    private void serve(Customer customer, Worker worker) {
        long now = agenda.nowMs();
        customer.done = true;
        worker.idle = false;
        score.idle(now - worker.idleSinceMs);
        floor.served(customer.call, worker.id, now);
        score.live(now, false);
        long talk = scenario.talk().drawMs(customer.random);
        long wrapUp = scenario.wrapUp().drawMs(worker.random);
        boolean goes = worker.random.nextDouble() < scenario.breaks().afterCall();
        worker.readyAtMs = goes ? Long.MAX_VALUE : now + talk + wrapUp;
        agenda.in(talk, () -> {
            floor.talkEnded(worker.id, agenda.nowMs());
            floor.over(customer.call, agenda.nowMs());
            changed = true;
        });
        agenda.in(talk + wrapUp, () -> {
            score.busyMs += talk + wrapUp;
            finished(worker, goes);
            changed = true;
        });
    }

    private void finished(Worker worker, boolean goes) {
        if (worker.leaves || goes) {
            floor.away(worker.id, agenda.nowMs());
            boolean back = !worker.leaves;
            worker.there = false;
            if (back) {
                agenda.in(scenario.breaks().length().drawMs(worker.random), () -> arrives(worker));
            }
            return;
        }
        becomesIdle(worker);
    }

    private void arrives(Worker worker) {
        if (worker.there || !open) {
            return;
        }
        worker.there = true;
        worker.leaves = false;
        becomesIdle(worker);
        changed = true;
    }

    private void becomesIdle(Worker worker) {
        worker.idle = true;
        worker.idleSinceMs = agenda.nowMs();
        floor.ready(worker.id, agenda.nowMs());
        Customer next = waiting.pollFirst();
        if (next == null) {
            idle.addLast(worker);
        } else {
            serve(next, worker);
        }
    }

    private void wantsToLeave(Worker worker) {
        worker.leaves = true;
        if (worker.idle) {
            leaves(worker);
        }
    }

    private void leaves(Worker worker) {
        idle.remove(worker);
        worker.idle = false;
        worker.there = false;
        score.idle(agenda.nowMs() - worker.idleSinceMs);
        floor.away(worker.id, agenda.nowMs());
    }

    private void fails(Scenario.Fault fault) {
        switch (fault.kind()) {
            case CRASH -> {
                life++;
                score.lost += floor.inFlight();
                waiting.clear();
                downUntilMs = agenda.nowMs() + Math.round(fault.seconds() * 1000);
                renew();
            }
            case HANDOVER -> draining = true;
            case AGENTS_LEAVE -> {
                List<Worker> there = workers.stream().filter(w -> w.there).toList();
                there.subList(0, (int) Math.round(there.size() * fault.share())).forEach(worker -> {
                    wantsToLeave(worker);
                    agenda.in(Math.round(fault.seconds() * 1000), () -> {
                        worker.leaves = false;
                        arrives(worker);
                    });
                });
            }
        }
        changed = true;
    }

    /** Another dialer goes on: it knows the ledger and the agents, and nothing of what was learnt. */
    private void renew() {
        floor = new Floor(budget());
        floor.budget().closesAt(closesAtMs);
        policy = policies.apply(scenario, this);
        idle.forEach(worker -> floor.ready(worker.id, agenda.nowMs()));
    }

    @Override
    public double answerRate() {
        return conditions.rateAt(agenda.nowMs());
    }

    @Override
    public long readyAtMs(AgentId agent) {
        Worker worker = byId.get(agent);
        return worker == null || worker.leaves ? Long.MAX_VALUE : worker.readyAtMs;
    }
}
