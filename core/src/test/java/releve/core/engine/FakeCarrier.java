package releve.core.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import releve.core.call.CallEvent;
import releve.core.call.Verdict;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;

/** Customers and agents' phones behind a trunk, on the world's time. */
final class FakeCarrier {
    /**
     * What happens to one call.
     *
     * @param ringMs when it rings, negative when it never does
     * @param endMs when it is answered or fails, negative when neither happens
     * @param failed how it fails; answered when null
     * @param talkMs from the answer until the customer hangs up
     * @param answersCancel whether a CANCEL brings a 487
     * @param heard what analysis finds; nothing is promised when it is empty
     */
    record Plan(long ringMs, long endMs, CallEvent failed, long talkMs, boolean answersCancel, Verdict... heard) {
        /** The same, with what analysis finds, each a second after the one before, the first a second after the answer. */
        Plan heard(Verdict... verdicts) {
            return new Plan(ringMs, endMs, failed, talkMs, answersCancel, verdicts);
        }

        static Plan answers(long ringMs, long answerMs, long talkMs) {
            return new Plan(ringMs, answerMs, null, talkMs, true);
        }

        static Plan fails(long ringMs, long endMs, int status) {
            return new Plan(ringMs, endMs, failure(status, 0), 0, true);
        }

        static Plan isNotTaken(long afterMs) {
            Termination because = new Termination(CallResult.NO_DIAL_TONE, EndedBy.DIALER, "all ports are taken");
            return new Plan(-1, afterMs, new CallEvent.NotTaken(because), 0, true);
        }

        static Plan rings() {
            return new Plan(100, -1, null, 0, true);
        }
    }

    /** What an agent's phone does: takes the call after so long, or refuses it, or neither when {@code afterMs} < 0. */
    record Phone(long afterMs, boolean takes) {}

    private static final class Leg {
        final Plan plan;
        boolean answered;
        boolean over;
        boolean bridgedAtOnce;

        Leg(Plan plan) {
            this.plan = plan;
        }
    }

    private final World world;
    private final Map<AttemptId, Leg> legs = new HashMap<>();
    Function<Command.Dial, Plan> customers = dial -> Plan.rings();
    Function<String, Phone> phones = uri -> new Phone(100, true);
    /** How long a recording is. */
    long playMs = 3000;

    int dialed;

    FakeCarrier(World world) {
        this.world = world;
    }

    static CallEvent.Failed failure(int status, int retryAfterSeconds) {
        return new CallEvent.Failed(status, "as it is", 0, retryAfterSeconds, true);
    }

    void dial(Command.Dial dial) {
        dialed++;
        Leg leg = new Leg(customers.apply(dial));
        legs.put(dial.attempt(), leg);
        call(dial.attempt(), leg);
    }

    private void call(AttemptId attempt, Leg leg) {
        if (leg.plan.ringMs >= 0) {
            world.in(leg.plan.ringMs, () -> report(attempt, leg, new CallEvent.Ringing()));
        }
        if (leg.plan.heard.length > 0) {
            report(attempt, leg, new CallEvent.AnalysisPromised());
        }
        if (leg.plan.endMs < 0) {
            return;
        }
        world.in(leg.plan.endMs, () -> {
            if (leg.plan.failed != null) {
                reportLast(attempt, leg, leg.plan.failed);
            } else if (!leg.over) {
                leg.answered = true;
                world.in(leg.plan.talkMs, () -> reportLast(attempt, leg, new CallEvent.CustomerHungUp()));
                report(attempt, leg, new CallEvent.Answered());
                if (leg.bridgedAtOnce) {
                    report(attempt, leg, new CallEvent.Bridged());
                }
                for (int i = 0; i < leg.plan.heard.length; i++) {
                    Verdict verdict = leg.plan.heard[i];
                    world.in(1000L * (i + 1), () -> report(attempt, leg, new CallEvent.Analysed(verdict)));
                }
            }
        });
    }

    /** The agent's phone first; when it has taken the call, the customer's, and both talk once he answers. */
    void dial(Command.DialFromAgent dial) {
        dialed++;
        Leg leg = new Leg(
                customers.apply(new Command.Dial(dial.attempt(), dial.phone(), dial.callerId(), dial.callId())));
        legs.put(dial.attempt(), leg);
        Phone phone = phones.apply(dial.agentUri());
        if (phone.afterMs < 0) {
            return;
        }
        world.in(phone.afterMs, () -> {
            if (!phone.takes) {
                reportLast(dial.attempt(), leg, new CallEvent.BridgeFailed("486 Busy Here"));
            } else if (!leg.over) {
                leg.bridgedAtOnce = true;
                call(dial.attempt(), leg);
            }
        });
    }

    void cancel(AttemptId attempt) {
        Leg leg = legs.get(attempt);
        if (leg != null && !leg.answered && leg.plan.answersCancel) {
            world.in(20, () -> reportLast(attempt, leg, failure(487, 0)));
        }
    }

    void play(AttemptId attempt) {
        Leg leg = legs.get(attempt);
        if (leg != null) {
            world.in(playMs, () -> {
                report(attempt, leg, new CallEvent.Played());
                reportLast(attempt, leg, new CallEvent.Dropped("we ended the call"));
            });
        }
    }

    void hangUp(AttemptId attempt) {
        Leg leg = legs.get(attempt);
        if (leg != null) {
            leg.over = true;
        }
    }

    void bridge(Command.Bridge bridge) {
        Leg leg = legs.get(bridge.attempt());
        Phone phone = phones.apply(bridge.targetUri());
        if (leg != null && phone.afterMs >= 0) {
            CallEvent outcome = phone.takes ? new CallEvent.Bridged() : new CallEvent.BridgeFailed("486 Busy Here");
            world.in(phone.afterMs, () -> report(bridge.attempt(), leg, outcome));
        }
    }

    private void report(AttemptId attempt, Leg leg, CallEvent event) {
        if (!leg.over) {
            world.send(new Event.CallReported(attempt, event));
        }
    }

    private void reportLast(AttemptId attempt, Leg leg, CallEvent event) {
        if (!leg.over) {
            leg.over = true;
            world.send(new Event.CallReported(attempt, event));
        }
    }
}
