package releve.core.pacing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.Invariants;

/**
 * What a policy looks at before it starts calls: the calls and agents of one campaign, each with how long it has been in its
 * state, and what has been learnt from those before.
 *
 * <p>A call is ringing → (analysing) → waiting → served, or gone at any point. An agent is away → idle → talking → wrap-up →
 * idle or away. What does not fit the state changes nothing: events may be told twice.
 *
 * <p>Times are milliseconds of any one clock that does not run backwards.
 */
public final class Floor {
    static final int SLOT_MS = 500;
    static final int SLOTS = 256;

    private final Estimates estimates = new Estimates();
    private AbandonBudget budget;
    private final Map<AttemptId, Flight> flights = new HashMap<>();
    private final List<Flight> analysing = new ArrayList<>();
    private final Map<AgentId, Shift> agents = new HashMap<>();
    /** Agents who talk or wrap up, in no order. */
    private final List<Shift> busy = new ArrayList<>();

    private final int[] dialed = new int[SLOTS];
    private final int[] ringing = new int[SLOTS];
    private long slot = Long.MIN_VALUE;
    private int ringingTotal;
    private int promised;
    private int waiting;
    private int served;
    private int idle;
    private int livesInSlot;
    private long dialedSoFar;

    /** Where a call stands. */
    private enum At {
        /** It is for one agent alone, who is kept for it and so is not there for others. */
        PROMISED,
        RINGING,
        ANALYSING,
        WAITING,
        SERVED
    }

    /** One call before it is served. */
    static final class Flight {
        final long dialedAtMs;
        long pickedUpAtMs;
        private final boolean promised;
        private At at;
        private boolean counted;

        Flight(long dialedAtMs, boolean promised) {
            this.dialedAtMs = dialedAtMs;
            this.promised = promised;
            this.at = promised ? At.PROMISED : At.RINGING;
        }

        double ringSeconds() {
            return (pickedUpAtMs - dialedAtMs) / 1000.0;
        }
    }

    /** What an agent does, since when. */
    static final class Shift {
        final AgentId agent;
        boolean talking;
        long sinceMs;
        /** He will not be there after this call; while he is idle, nobody is dialed for him. */
        boolean leaves;
        /** That was known before he wrapped up. */
        boolean foretold;

        /** Where he stands among the busy, -1 when he is idle. */
        private int place = -1;

        Shift(AgentId agent) {
            this.agent = agent;
        }

        double ageSeconds(long nowMs) {
            return (nowMs - sinceMs) / 1000.0;
        }
    }

    public Floor(AbandonBudget budget) {
        this.budget = budget;
    }

    /** A call starts, for anybody who is free when it becomes live. */
    public void dialed(AttemptId call, long nowMs) {
        starts(call, false, nowMs);
        estimates.dialed();
        dialed[place(nowMs)]++;
        ringing[place(nowMs)]++;
        ringingTotal++;
    }

    /**
     * A call starts for one agent alone, who is kept for it: nobody else need be free for it, and who is called back says nothing of
     * how often others answer. When his agent cannot take it after all, it is told to be {@link #live} and waits for anybody.
     */
    public void promised(AttemptId call, long nowMs) {
        starts(call, true, nowMs);
        promised++;
    }

    private void starts(AttemptId call, boolean forOne, long nowMs) {
        advance(nowMs);
        Flight before = flights.put(call, new Flight(nowMs, forOne));
        Invariants.check(before == null, "call %s was dialed before", call);
        dialedSoFar++;
    }

    /** Somebody or something picked it up; analysis begins. */
    public void pickedUp(AttemptId call, long nowMs) {
        advance(nowMs);
        Flight flight = flights.get(call);
        if (flight != null && flight.at == At.RINGING) {
            leaveRinging(flight);
            flight.at = At.ANALYSING;
            flight.pickedUpAtMs = nowMs;
            analysing.add(flight);
        }
    }

    /** A live party is there, and waits for an agent from now on. */
    public void live(AttemptId call, long nowMs) {
        pickedUp(call, nowMs);
        Flight flight = flights.get(call);
        if (flight == null || flight.at == At.WAITING) {
            return;
        }
        if (flight.at == At.ANALYSING) {
            estimates.live(flight.ringSeconds(), (nowMs - flight.pickedUpAtMs) / 1000.0);
            livesInSlot++;
        }
        leave(flight);
        flight.at = At.WAITING;
        waiting++;
    }

    /** The call came to nothing before anybody live was there: busy, no answer, a machine. */
    public void gone(AttemptId call, long nowMs) {
        advance(nowMs);
        Flight flight = flights.get(call);
        if (flight == null) {
            return;
        }
        switch (flight.at) {
            case RINGING -> estimates.gone((nowMs - flight.dialedAtMs) / 1000.0);
            case ANALYSING -> estimates.machine(flight.ringSeconds(), (nowMs - flight.pickedUpAtMs) / 1000.0);
            case WAITING -> count(flight, false, nowMs);
            case PROMISED, SERVED -> {}
        }
        leave(flight);
        flights.remove(call);
    }

    /** An agent takes the call; from here on he is busy. */
    public void served(AttemptId call, AgentId agent, long nowMs) {
        advance(nowMs);
        Flight flight = flights.get(call);
        if (flight == null || (flight.at != At.WAITING && flight.at != At.PROMISED)) {
            return;
        }
        leave(flight);
        served++;
        flight.at = At.SERVED;
        count(flight, false, nowMs);
        Shift shift = agents.get(agent);
        if (shift == null) {
            shift = new Shift(agent);
            agents.put(agent, shift);
            makeBusy(shift);
        } else if (shift.place < 0) {
            idle -= shift.leaves ? 0 : 1;
            makeBusy(shift);
        }
        shift.talking = true;
        shift.sinceMs = nowMs;
    }

    /** A live party was left without an agent: that counts against the limit, once. */
    public void abandoned(AttemptId call, long nowMs) {
        advance(nowMs);
        Flight flight = flights.remove(call);
        if (flight == null) {
            return;
        }
        leave(flight);
        count(flight, true, nowMs);
    }

    /** The agent's call is over; wrap-up begins. */
    public void talkEnded(AgentId agent, long nowMs) {
        advance(nowMs);
        Shift shift = agents.get(agent);
        if (shift != null && shift.place >= 0 && shift.talking) {
            estimates.talkEnded(shift.ageSeconds(nowMs));
            shift.talking = false;
            shift.sinceMs = nowMs;
        }
    }

    /** The agent is there for the next call. */
    public void ready(AgentId agent, long nowMs) {
        advance(nowMs);
        Shift shift = agents.get(agent);
        if (shift == null) {
            agents.put(agent, new Shift(agent));
            idle++;
        } else if (shift.place >= 0) {
            if (!shift.talking) {
                estimates.returned(shift.ageSeconds(nowMs));
            }
            idle++;
            makeIdle(shift);
        }
    }

    /** The agent is not there any more: on a break, logged out, or lent to others. */
    public void away(AgentId agent, long nowMs) {
        takeOut(agent, nowMs, shift -> {
            if (!shift.foretold) {
                estimates.wentAway();
            }
        });
    }

    /** The agent is there for the next call, but for that of another campaign that shares him. */
    public void readyElsewhere(AgentId agent, long nowMs) {
        takeOut(agent, nowMs, shift -> estimates.returned(shift.ageSeconds(nowMs)));
    }

    /** @param fromWrapUp what it says of an agent who was wrapping up */
    private void takeOut(AgentId agent, long nowMs, Consumer<Shift> fromWrapUp) {
        advance(nowMs);
        Shift shift = agents.remove(agent);
        if (shift == null) {
            return;
        }
        if (shift.place < 0) {
            idle -= shift.leaves ? 0 : 1;
            return;
        }
        if (!shift.talking) {
            fromWrapUp.accept(shift);
        }
        makeIdle(shift);
    }

    /** Which of the agents will not be there after their call; all others will, as far as is known. @return whether that is news */
    public boolean leaving(Set<AgentId> who) {
        boolean news = false;
        for (Shift shift : agents.values()) {
            boolean leaves = who.contains(shift.agent);
            if (leaves == shift.leaves) {
                continue;
            }
            news = true;
            shift.leaves = leaves;
            shift.foretold = leaves && (shift.talking || shift.place < 0);
            if (shift.place < 0) {
                idle += leaves ? -1 : 1;
            }
        }
        return news;
    }

    /** The call never left: it is taken out as if it had not been dialed. */
    public void withheld(AttemptId call, long nowMs) {
        advance(nowMs);
        Flight flight = flights.get(call);
        if (flight == null || flight.at != At.RINGING) {
            gone(call, nowMs);
            return;
        }
        flights.remove(call);
        leaveRinging(flight);
        // A row is emptied when its place comes round again, so an older call's is another's by now.
        if (slot - Math.floorDiv(flight.dialedAtMs, SLOT_MS) < SLOTS) {
            dialed[place(flight.dialedAtMs)]--;
        }
    }

    /** The call is over in every respect. */
    public void over(AttemptId call, long nowMs) {
        gone(call, nowMs);
    }

    /** Lets time pass up to now. */
    public void advance(long nowMs) {
        long now = Math.floorDiv(nowMs, SLOT_MS);
        if (slot == Long.MIN_VALUE) {
            slot = now;
        }
        for (int passed = 0; slot < now && passed < SLOTS; passed++) {
            closeSlot();
        }
        if (slot < now) {
            estimates.answerRate().quiet((now - slot) * SLOT_MS / 1000.0);
            slot = now;
        }
    }

    private void closeSlot() {
        estimates.tick(dialed, (int) Math.floorMod(slot, (long) SLOTS), livesInSlot);
        livesInSlot = 0;
        slot++;
        dialed[(int) Math.floorMod(slot, (long) SLOTS)] = 0;
        for (Shift shift : busy) {
            estimates.lasted(shift.talking, shift.ageSeconds(slot * SLOT_MS), SLOT_MS / 1000.0);
        }
    }

    private void count(Flight flight, boolean abandoned, long nowMs) {
        if (!flight.counted) {
            flight.counted = true;
            if (flight.promised && !abandoned) {
                budget.history(nowMs, 1, 0);
            } else {
                budget.answered(abandoned, nowMs);
            }
        }
    }

    /** It is no longer where it stands. */
    private void leave(Flight flight) {
        switch (flight.at) {
            case PROMISED -> promised--;
            case RINGING -> leaveRinging(flight);
            case ANALYSING -> analysing.remove(flight);
            case WAITING -> waiting--;
            case SERVED -> served--;
        }
    }

    private void leaveRinging(Flight flight) {
        ringing[place(flight.dialedAtMs)]--;
        ringingTotal--;
    }

    private void makeBusy(Shift shift) {
        shift.place = busy.size();
        busy.add(shift);
    }

    private void makeIdle(Shift shift) {
        Shift last = busy.removeLast();
        if (last != shift) {
            busy.set(shift.place, last);
            last.place = shift.place;
        }
        shift.place = -1;
        shift.leaves = false;
        shift.foretold = false;
    }

    private static int place(long atMs) {
        return (int) Math.floorMod(Math.floorDiv(atMs, SLOT_MS), (long) SLOTS);
    }

    /** Calls that were dialed {@code slots} half seconds ago and still ring. */
    int ringing(int slots) {
        return ringing[(int) Math.floorMod(slot - slots, (long) SLOTS)];
    }

    /** Calls that have been started from the beginning on. */
    public long dialedSoFar() {
        return dialedSoFar;
    }

    /** Calls for one agent alone that he has not taken yet. */
    public int promised() {
        return promised;
    }

    /** Calls that ring, are analysed or wait, for anybody. */
    public int inFlight() {
        return ringingTotal + analysing.size() + waiting;
    }

    /** Calls that ring or are analysed: each may yet become a live answer. */
    public int unanswered() {
        return ringingTotal + analysing.size();
    }

    /** Calls that an agent took and that are not over: live answers which no ledger of ended calls has. */
    public int served() {
        return served;
    }

    /** Agents for whom a call may start; who is leaving is none. */
    public int idle() {
        return idle;
    }

    public int waiting() {
        return waiting;
    }

    /** Agents who are there: idle, talking or wrapping up. */
    public int agents() {
        return agents.size();
    }

    /** Whether all of them are of those. */
    public boolean agentsAll(Predicate<AgentId> who) {
        return agents.keySet().stream().allMatch(who);
    }

    List<Flight> analysing() {
        return analysing;
    }

    List<Shift> busy() {
        return busy;
    }

    Estimates estimates() {
        return estimates;
    }

    /** From now on another limit holds, or the same with another past. */
    public void budget(AbandonBudget next) {
        budget = next;
    }

    /** The limit, and what has been used of it. */
    public AbandonBudget budget() {
        return budget;
    }
}
