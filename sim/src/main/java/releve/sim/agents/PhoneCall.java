package releve.sim.agents;

import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import releve.sim.journal.Fact;
import releve.sim.journal.Journal;
import releve.sim.journal.Outcome;
import releve.sim.journal.Party;
import releve.sim.phone.Session;
import releve.sim.phone.Timing;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.message.Reason;

/**
 * One call at a phone of an agent, or at the IVR. Used on the endpoint's loop only.
 *
 * <pre>
 * RINGING  180 was sent → TALKING, OVER
 * TALKING  200 was sent; both sides may hang up → OVER
 * OVER     the journal has the end; a BYE of ours may be under way
 * </pre>
 */
final class PhoneCall {
    private enum Stage {
        RINGING,
        TALKING,
        OVER
    }

    private final Line line;
    private final long call;
    private final String callId;
    private final @Nullable String offer;
    private final Session session;
    private final Journal journal;
    private final Timing timing;
    private final Tally tally;
    private Stage stage = Stage.RINGING;
    private long answeredAtMs;
    private @Nullable Future<?> timer;

    PhoneCall(Line line, SipEvent.IncomingCall incoming, Session session, Journal journal, Timing timing, Tally tally) {
        this.line = line;
        this.call = incoming.call();
        this.callId = incoming.callId();
        this.offer = incoming.sdp();
        this.session = session;
        this.journal = journal;
        this.timing = timing;
        this.tally = tally;
    }

    /** Begins as the owner of the phone has chosen. */
    void begin(Line.Choice choice, UserAgent agent, long nowMs) {
        line.taken();
        switch (choice) {
            case Line.Choice.FaultBusy _ -> reject(486, Outcome.BUSY, agent, nowMs);
            case Line.Choice.FaultSilent _ -> ring(agent, nowMs);
            case Line.Choice.Talk talk -> {
                if (talk.answerAfterMs() == 0) {
                    answer(talk.talkMs(), agent, nowMs);
                } else {
                    ring(agent, nowMs);
                    timer = timing.after(talk.answerAfterMs(), (a, at) -> {
                        if (stage == Stage.RINGING) {
                            answer(talk.talkMs(), a, at);
                        }
                    });
                }
            }
        }
    }

    private void ring(UserAgent agent, long nowMs) {
        if (agent.ring(call, 180, null, nowMs)) {
            journal.add(new Fact.Ringing(callId, 180));
        }
    }

    private void answer(int talkMs, UserAgent agent, long nowMs) {
        String description = session.answer(offer);
        if (description == null) {
            reject(488, Outcome.REFUSED, agent, nowMs);
        } else if (agent.answer(call, description, nowMs)) {
            stage = Stage.TALKING;
            answeredAtMs = nowMs;
            (line.ivr ? tally.ivrAnswered : tally.answered).incrementAndGet();
            talkingNow().incrementAndGet();
            journal.add(new Fact.Answered(callId));
            timer = timing.after(talkMs, (a, at) -> {
                if (stage == Stage.TALKING) {
                    over(Outcome.ANSWERED, 200, Party.AGENT, at);
                    a.bye(call, Reason.NORMAL_CLEARING, at);
                }
            });
        }
    }

    private void reject(int status, Outcome outcome, UserAgent agent, long nowMs) {
        over(outcome, status, Party.AGENT, nowMs);
        agent.reject(call, status, List.of(), nowMs);
    }

    /** Anything the caller does. */
    void on(SipEvent.CallEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.IncomingReinvite reinvite -> reinvited(reinvite.sdp(), agent, nowMs);
            case SipEvent.CancelledByPeer _ -> over(Outcome.NO_ANSWER, 487, Party.DIALER, nowMs);
            case SipEvent.CallEnded ended -> ended(ended.byRemote(), nowMs);
            case SipEvent.InviteFailed _,
                    SipEvent.Provisional _,
                    SipEvent.Answered _,
                    SipEvent.AnsweredAfterCancel _,
                    SipEvent.IncomingCall _,
                    SipEvent.Acknowledged _,
                    SipEvent.ReinviteAnswered _,
                    SipEvent.ReinviteFailed _,
                    SipEvent.UpdateReceived _,
                    SipEvent.UpdateAnswered _,
                    SipEvent.ReferAccepted _,
                    SipEvent.ReferProgress _,
                    SipEvent.ReferFailed _,
                    SipEvent.InfoReceived _,
                    SipEvent.InfoAnswered _ -> {}
            case SipEvent.Referred referred -> agent.rejectRefer(referred.call(), 603, nowMs);
        }
    }

    private void reinvited(@Nullable String newOffer, UserAgent agent, long nowMs) {
        String description = session.answer(newOffer);
        if (description == null) {
            agent.rejectReinvite(call, 488, nowMs);
        } else if (agent.answerReinvite(call, description, nowMs)) {
            journal.add(new Fact.Reinvited(callId));
        }
    }

    private void ended(boolean byCaller, long nowMs) {
        if (stage == Stage.TALKING) {
            over(Outcome.ANSWERED, 200, byCaller ? Party.DIALER : Party.TIMEOUT, nowMs);
        } else {
            over(Outcome.UNAVAILABLE, 480, Party.TIMEOUT, nowMs);
        }
    }

    private void over(Outcome outcome, int status, Party endedBy, long nowMs) {
        if (stage == Stage.OVER) {
            return;
        }
        boolean talked = stage == Stage.TALKING;
        stage = Stage.OVER;
        if (timer != null) {
            timer.cancel(false);
        }
        if (talked) {
            talkingNow().decrementAndGet();
        }
        journal.add(new Fact.Ended(callId, outcome, status, endedBy, talked ? nowMs - answeredAtMs : 0));
        line.released();
    }

    private AtomicLong talkingNow() {
        return line.ivr ? tally.ivrTalking : tally.talking;
    }
}
