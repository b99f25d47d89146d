package releve.sim.simulate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import releve.core.call.CallEvent;
import releve.core.call.Verdict;
import releve.core.common.AttemptId;
import releve.core.engine.Command;
import releve.core.engine.Event;

/**
 * The people and machines behind the trunk, as they are: what becomes of the n-th call is drawn for itself, so that all policies
 * meet the same world. Who was abandoned is counted here and not believed of the dialer.
 */
final class Customers {
    /** One call; it is forgotten when it is over. */
    private static final class Call {
        final AttemptId attempt;
        final DialerProcess dialer;
        final SplittableRandom random;
        boolean human;
        boolean answered;
        boolean talks;
        boolean over;

        Call(AttemptId attempt, DialerProcess dialer, SplittableRandom random) {
            this.attempt = attempt;
            this.dialer = dialer;
            this.random = random;
        }
    }

    private final Centre centre;
    private final Scenario scenario;
    private final Map<AttemptId, Call> calls = new HashMap<>();
    private long dialed;

    Customers(Centre centre, Scenario scenario) {
        this.centre = centre;
        this.scenario = scenario;
    }

    boolean anyTalks() {
        return calls.values().stream().anyMatch(call -> call.talks);
    }

    // ---------------------------------------------------------------------------------- what dialers ask for

    void dial(DialerProcess dialer, Command.Dial dial) {
        Call call = new Call(dial.attempt(), dialer, centre.random(Centre.CUSTOMER, ++dialed));
        calls.put(call.attempt, call);
        centre.score().dials++;
        centre.list().dialed(dial.phone());
        centre.in(centre.delays().networkMs(), () -> rings(call));
    }

    /** An answer that crosses it stands: the dialer will hear of it. */
    void cancel(AttemptId attempt) {
        Call call = calls.get(attempt);
        if (call != null) {
            centre.in(centre.delays().networkMs(), () -> {
                if (!call.answered && !call.over) {
                    over(call);
                    report(call, new CallEvent.Failed(487, "Request Terminated", 0, 0, true));
                }
            });
        }
    }

    void bridge(Command.Bridge bridge) {
        Call call = calls.get(bridge.attempt());
        if (call != null) {
            centre.in(centre.delays().transferMs(), () -> {
                if (call.over) {
                    return;
                }
                call.talks = true;
                if (call.human) {
                    centre.answered(false);
                }
                report(call, new CallEvent.Bridged());
                long talk = scenario.talk().drawMs(call.random);
                centre.workforce().serves(bridge.targetUri(), talk);
                centre.in(talk, () -> {
                    over(call);
                    report(call, new CallEvent.CustomerHungUp());
                });
            });
        }
    }

    void hangUp(AttemptId attempt) {
        Call call = calls.get(attempt);
        if (call != null && !call.talks) {
            if (call.human && call.answered) {
                centre.answered(true);
            }
            over(call);
        }
    }

    /** Its dialer follows it no longer; who talks goes on. */
    void forget(AttemptId attempt) {
        Call call = calls.get(attempt);
        if (call != null && !call.talks) {
            over(call);
        }
    }

    /** Nobody answers for these calls any more: who does not talk yet is lost. */
    void lost(DialerProcess dialer) {
        for (Call call : List.copyOf(calls.values())) {
            if (call.dialer == dialer && !call.talks) {
                centre.score().lost++;
                over(call);
            }
        }
    }

    // ---------------------------------------------------------------------------------------- what they do

    private void rings(Call call) {
        call.dialer.hearsInPassing(new Event.CallReported(call.attempt, new CallEvent.Ringing()));
        Scenario.Ring ring = scenario.ring();
        SplittableRandom random = call.random;
        long limit = centre.campaign().ringLimit().toMillis();
        if (random.nextDouble() < centre.answerRate()) {
            long after = ring.live().drawMs(random);
            for (int again = 0; after >= limit && again < 100; again++) {
                after = ring.live().drawMs(random);
            }
            call.human = true;
            long verdict = scenario.analysis().human().drawMs(random);
            centre.in(after, () -> picksUp(call, Verdict.HUMAN, verdict));
        } else if (random.nextDouble() < scenario.analysis().machines()) {
            long after = Math.min(ring.live().drawMs(random), limit);
            long verdict = scenario.analysis().machine().drawMs(random);
            centre.in(after, () -> picksUp(call, Verdict.MACHINE, verdict));
        } else if (random.nextDouble() >= ring.noAnswer()) {
            centre.in(ring.other().drawMs(random), () -> {
                if (!call.over) {
                    over(call);
                    report(call, new CallEvent.Failed(486, "Busy Here", 0, 0, true));
                }
            });
        }
    }

    private void picksUp(Call call, Verdict verdict, long afterMs) {
        if (call.over) {
            return;
        }
        call.answered = true;
        if (centre.campaign().analyses()) {
            report(call, new CallEvent.AnalysisPromised());
            centre.in(afterMs, () -> {
                if (!call.over) {
                    report(call, new CallEvent.Analysed(verdict));
                }
            });
        }
        report(call, new CallEvent.Answered());
    }

    private void over(Call call) {
        call.over = true;
        calls.remove(call.attempt);
    }

    private void report(Call call, CallEvent event) {
        call.dialer.hears(new Event.CallReported(call.attempt, event));
    }
}
