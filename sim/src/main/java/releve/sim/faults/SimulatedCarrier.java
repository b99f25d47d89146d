package releve.sim.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallEvent;
import releve.core.call.Verdict;
import releve.core.common.AttemptId;
import releve.core.engine.Command;
import releve.core.engine.Event;

/**
 * Customers behind a trunk, and agents' phones, as a carrier sees them; it keeps its own account of every call, by which the
 * ledger is judged.
 */
final class SimulatedCarrier {
    private static final long TRANSACTION_MS = 32_000;
    /** A turn that has begun may not have heard of it yet. */
    private static final long CROSSING_MS = 3;

    /** Within so long a session timer finds out that a call has gone. */
    private static final long SESSION_MS = 60_000;

    private static final long TALK_MAX_MS = 400_000;

    /** Where a call stands for its carrier. */
    enum Stage {
        DIALED,
        RINGING,
        ANSWERED,
        BRIDGED,
        OVER
    }

    /** One customer's call. */
    static final class Leg {
        final AttemptId attempt;
        final String phone;
        final SimulatedNode dialer;
        final long invitedAtMs;
        Stage stage = Stage.DIALED;
        long rangAtMs = -1;
        long answeredAtMs = -1;
        long bridgedAtMs = -1;
        long overAtMs = -1;
        /** When its dialer was told that both talk. */
        long bridgeToldAtMs = -1;
        /** It was told to be a machine. */
        boolean machine;
        /** It got a message or an IVR in place of somebody to talk to. */
        boolean treated;

        boolean orphan;
        boolean cancelled;
        /** Nobody answers its INVITE in any way. */
        boolean silent;

        /** Somebody who talks has hung up, or the network has dropped the call. */
        boolean ended;
        /** What the agent's phone of a direct preview is. */
        @Nullable
        String agentUri;

        boolean agentFirst;

        Leg(AttemptId attempt, String phone, SimulatedNode dialer, long nowMs) {
            this.attempt = attempt;
            this.phone = phone;
            this.dialer = dialer;
            this.invitedAtMs = nowMs;
        }

        boolean isOver() {
            return stage == Stage.OVER;
        }
    }

    private final PairWorld world;
    private final Map<AttemptId, Leg> legs = new LinkedHashMap<>();
    /** By the URI of an agent's phone: the call he has. */
    private final Map<String, Leg> onThePhone = new LinkedHashMap<>();

    private final List<Leg> open = new ArrayList<>();

    SimulatedCarrier(PairWorld world) {
        this.world = world;
    }

    Collection<Leg> legs() {
        return legs.values();
    }

    List<Leg> open() {
        open.removeIf(Leg::isOver);
        return open;
    }

    boolean isOnThePhone(String uri) {
        return onThePhone.containsKey(uri);
    }

    // --------------------------------------------------------------------------------- what dialers ask for

    void dial(SimulatedNode node, Command.Dial dial) {
        Leg leg = invite(node, dial.attempt(), dial.phone());
        network(() -> proceed(leg, dial.analysis().isPresent()));
    }

    void dial(SimulatedNode node, Command.DialFromAgent dial) {
        Leg leg = invite(node, dial.attempt(), dial.phone());
        leg.agentFirst = true;
        leg.agentUri = dial.agentUri();
        ring(leg, dial.agentUri(), taken -> {
            if (taken) {
                onThePhone.put(dial.agentUri(), leg);
                proceed(leg, false);
            } else {
                over(leg);
                report(leg, new CallEvent.BridgeFailed("486 Busy Here"));
            }
        });
    }

    void cancel(AttemptId attempt) {
        Leg leg = legs.get(attempt);
        if (leg != null) {
            leg.cancelled = true;
            network(() -> {
                if (!leg.silent && (leg.stage == Stage.DIALED || leg.stage == Stage.RINGING)) {
                    over(leg);
                    report(leg, new CallEvent.Failed(487, "Request Terminated", 0, 0, true));
                }
            });
        }
    }

    void bridge(Command.Bridge bridge) {
        Leg leg = legs.get(bridge.attempt());
        if (leg == null) {
            return;
        }
        if (world.isIvr(bridge.targetUri())) {
            leg.treated |= world.isForTheAbandoned(bridge.targetUri());
            network(() -> bridged(leg, null));
            return;
        }
        ring(leg, bridge.targetUri(), taken -> {
            if (taken && leg.stage == Stage.ANSWERED) {
                bridged(leg, bridge.targetUri());
            } else if (!taken) {
                report(leg, new CallEvent.BridgeFailed("486 Busy Here"));
            }
        });
    }

    void play(AttemptId attempt) {
        Leg leg = legs.get(attempt);
        if (leg != null && !leg.isOver()) {
            leg.treated = true;
            world.in(3_000, () -> {
                if (!leg.isOver()) {
                    report(leg, new CallEvent.Played());
                    over(leg);
                    report(leg, new CallEvent.Dropped("we ended the call"));
                }
            });
        }
    }

    void hangUp(AttemptId attempt) {
        Leg leg = legs.get(attempt);
        if (leg != null && !leg.isOver()) {
            boolean told = leg.bridgeToldAtMs >= 0
                    && world.nowMs() - leg.bridgeToldAtMs > CROSSING_MS
                    && leg.dialer.awakeForMs() > CROSSING_MS;
            if (leg.stage == Stage.BRIDGED && !leg.ended && told) {
                throw new Violation(
                        Rule.NEVER_CUT,
                        "%s hangs up %s, whose parties talk since %d ms"
                                .formatted(leg.dialer.id(), attempt, world.nowMs() - leg.bridgedAtMs));
            }
            // Both gave way at the same moment: nobody has said a word to the customer.
            leg.treated |= leg.stage == Stage.BRIDGED && !leg.ended;
            over(leg);
        }
    }

    /** The dialer follows the call no longer; its parties go on. */
    void forget(AttemptId attempt) {
        Leg leg = legs.get(attempt);
        if (leg != null) {
            leg.orphan = true;
        }
    }

    /** Its process has ended: nobody answers for its calls any more. */
    void lost(SimulatedNode node) {
        for (Leg leg : List.copyOf(open())) {
            if (leg.dialer == node && !leg.orphan) {
                leg.orphan = true;
                if (leg.stage != Stage.BRIDGED) {
                    world.in(TRANSACTION_MS, () -> over(leg));
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------- what customers do

    private Leg invite(SimulatedNode node, AttemptId attempt, String phone) {
        Leg leg = new Leg(attempt, phone, node, world.nowMs());
        legs.put(attempt, leg);
        open.add(leg);
        world.trace().line("carrier", "INVITE " + attempt + " to " + phone + " from " + node.id());
        return leg;
    }

    private void proceed(Leg leg, boolean analyses) {
        if (leg.isOver()) {
            return;
        }
        Chance chance = world.chance();
        if (chance.is(world.rates().sip().silent())) {
            leg.silent = true;
            world.in(TRANSACTION_MS, () -> fail(leg, 408));
            return;
        }
        int fate = chance.below(100);
        if (fate < 8) {
            world.in(chance.between(20, 2_000), () -> fail(leg, 486));
        } else if (fate < 14) {
            int[] codes = {404, 480, 500, 503, 403, 603, 410};
            world.in(chance.between(20, 4_000), () -> fail(leg, codes[chance.below(codes.length)]));
        } else {
            world.in(chance.between(20, 1_500), () -> rings(leg));
            if (fate < 65) {
                long answer = 1_500 + chance.about(5_000);
                world.in(answer, () -> answers(leg, analyses && chance.below(2) == 0));
            }
        }
    }

    private void fail(Leg leg, int status) {
        if (!leg.isOver()) {
            over(leg);
            report(leg, new CallEvent.Failed(status, "as it is", 0, 0, true));
        }
    }

    private void rings(Leg leg) {
        if (leg.stage == Stage.DIALED) {
            leg.stage = Stage.RINGING;
            leg.rangAtMs = world.nowMs();
            report(leg, new CallEvent.Ringing());
            if (world.chance().is(world.rates().sip().doubled())) {
                report(leg, new CallEvent.Ringing());
            }
        }
    }

    private void answers(Leg leg, boolean promises) {
        if (leg.stage != Stage.DIALED && leg.stage != Stage.RINGING) {
            return;
        }
        Chance chance = world.chance();
        leg.stage = Stage.ANSWERED;
        leg.answeredAtMs = world.nowMs();
        if (promises) {
            report(leg, new CallEvent.AnalysisPromised());
            boolean machine = chance.below(3) == 0;
            world.in(chance.between(200, 2_500), () -> {
                if (!leg.isOver()) {
                    leg.machine = machine;
                    report(leg, new CallEvent.Analysed(machine ? Verdict.MACHINE : Verdict.HUMAN));
                }
            });
        }
        report(leg, new CallEvent.Answered());
        if (leg.agentFirst) {
            bridged(leg, leg.agentUri);
        }
        long patience = 3_000 + chance.about(15_000);
        world.in(patience, () -> {
            if (leg.stage == Stage.ANSWERED) {
                leg.ended = true;
                over(leg);
                report(leg, new CallEvent.CustomerHungUp());
            }
        });
    }

    private void bridged(Leg leg, @Nullable String agentUri) {
        if (leg.stage != Stage.ANSWERED || (leg.orphan && !leg.agentFirst)) {
            return;
        }
        leg.stage = Stage.BRIDGED;
        leg.bridgedAtMs = world.nowMs();
        leg.agentUri = agentUri;
        if (agentUri != null) {
            onThePhone.put(agentUri, leg);
        }
        report(leg, new CallEvent.Bridged());
        Chance chance = world.chance();
        int who = chance.below(20);
        world.in(Math.min(TALK_MAX_MS, 500 + chance.about(chance.below(12) == 0 ? 150_000 : 20_000)), () -> {
            if (!leg.isOver()) {
                leg.ended = true;
                over(leg);
                if (chance.is(world.rates().sip().byeLost())) {
                    world.in(
                            chance.between(1_000, SESSION_MS),
                            () -> report(leg, new CallEvent.Dropped("nobody answers in the session any more")));
                    return;
                }
                report(
                        leg,
                        who == 0
                                ? new CallEvent.Dropped("the network dropped it")
                                : who < 8 ? new CallEvent.TargetHungUp() : new CallEvent.CustomerHungUp());
            }
        });
    }

    private interface Taken {
        void so(boolean taken);
    }

    /** An agent's phone is called: it takes the call, refuses it, or rings without end. */
    private void ring(Leg leg, String uri, Taken then) {
        Leg has = onThePhone.get(uri);
        // The phone is busy with a call that its dialer could not tell the store of, being dead, frozen or cut off; or
        // it is
        // called by a dialer that has not yet learnt that its right, and with it the agent, is another's.
        boolean left = has != null
                && (!world.isConnectedInTheLedger(has.attempt)
                        || (has.dialer != leg.dialer && !world.isReservedBy(leg.dialer, uri)));
        if (has != null && !left) {
            throw new Violation(
                    Rule.ONE_CALL_PER_AGENT,
                    "%s calls %s for %s, who has %s".formatted(leg.dialer.id(), uri, leg.attempt, has.attempt));
        }
        Chance chance = world.chance();
        if (chance.is(world.rates().desks().vanishes() / 4)) {
            return;
        }
        boolean takes = !left && !chance.is(world.rates().desks().refuses());
        world.in(chance.between(50, 1_500), () -> {
            if (!leg.isOver() && !(leg.orphan && takes)) {
                then.so(takes);
            }
        });
    }

    private void over(Leg leg) {
        if (leg.isOver()) {
            return;
        }
        if (leg.agentUri != null && onThePhone.get(leg.agentUri) == leg) {
            onThePhone.remove(leg.agentUri);
        }
        leg.stage = Stage.OVER;
        leg.overAtMs = world.nowMs();
    }

    private void network(Runnable what) {
        world.in(world.chance().between(1, world.chance().below(30) == 0 ? 700 : 20), what);
    }

    /** SIP keeps the order of what concerns one call: each report takes its time, none overtakes another. */
    private void report(Leg leg, CallEvent event) {
        if (!leg.orphan) {
            leg.dialer.after(1, () -> {
                if (event instanceof CallEvent.Bridged) {
                    leg.bridgeToldAtMs = world.nowMs();
                }
                leg.dialer.happened(new Event.CallReported(leg.attempt, event));
            });
        }
    }
}
