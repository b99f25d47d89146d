package releve.sim.carrier;

import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import releve.sim.journal.Fact;
import releve.sim.journal.Outcome;
import releve.sim.journal.Party;
import releve.sim.phone.Session;
import releve.sim.world.Fate;
import releve.sim.world.Progress;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.message.BodyPart;
import releve.sip.message.GatewayAnalysis;
import releve.sip.message.Reason;
import releve.sip.transport.SipCommand;

/**
 * One call at a customer's phone, living out its fate. Used on the endpoint's loop only.
 *
 * <pre>
 * SETUP    nothing but 100 was sent → RINGING, ANSWERED, OVER
 * RINGING  180 or 183 was sent → ANSWERED, OVER
 * ANSWERED 200 was sent; the customer waits for an agent, and hangs up when his patience ends → TALKING, OVER
 * TALKING  a re-INVITE connected him with an agent; he hangs up when his talk ends → OVER
 * OVER     the journal has the end; a BYE of ours may be under way
 * </pre>
 */
final class CustomerCall {
    private enum Stage {
        SETUP,
        RINGING,
        ANSWERED,
        TALKING,
        OVER
    }

    private static final int HEAR_AGAIN_MS = 50;

    private final Exchange exchange;
    private final long call;
    private final String callId;
    private final Fate fate;
    private final Session session;
    private final @Nullable String offer;
    /** The caller asked for analysis, which was promised to him. */
    private final boolean analysed;

    private Stage stage = Stage.SETUP;
    private boolean rang;
    /** How the call ends for the journal when the caller gives it up for a tone that he was told of. */
    private @Nullable Outcome toneTold;

    private long answeredAtMs;
    private @Nullable Future<?> timer;
    private @Nullable Future<?> limit;

    CustomerCall(Exchange exchange, SipEvent.IncomingCall incoming, Fate fate, Session session) {
        this.exchange = exchange;
        this.call = incoming.call();
        this.callId = incoming.callId();
        this.offer = incoming.sdp();
        this.analysed = incoming.invite().parts().stream().anyMatch(part -> part.is(GatewayAnalysis.CONTENT_TYPE));
        this.fate = fate;
        this.session = session;
    }

    boolean isAnswered() {
        return stage == Stage.ANSWERED || stage == Stage.TALKING;
    }

    /** Begins the fate. */
    void begin(UserAgent agent, long nowMs) {
        if (fate instanceof Fate.Refused refused && refused.progress().kind() == Progress.Kind.SILENT) {
            later(refused.afterMs(), Stage.SETUP, this::refuse);
        } else if (fate.progress().delayMs() == 0) {
            ring(agent, nowMs);
        } else {
            later(fate.progress().delayMs(), Stage.SETUP, this::ring);
        }
    }

    private void ring(UserAgent agent, long nowMs) {
        become(Stage.RINGING);
        switch (fate.progress().kind()) {
            case SILENT -> {}
            case RINGING -> rang(agent, 180, null, nowMs);
            case EARLY_MEDIA -> {
                String early = offer == null ? null : session.answer(offer);
                rang(agent, early == null ? 180 : 183, early, nowMs);
            }
        }
        switch (fate) {
            case Fate.Answers answers -> later(answers.ringMs(), Stage.RINGING, this::answer);
            case Fate.Refused refused -> later(refused.afterMs(), Stage.RINGING, this::refuse);
            case Fate.NoAnswer _ -> {}
            case Fate.Tone tone ->
                exchange.after(tone.afterMs(), (a, at) -> {
                    toneTold = analysed ? outcomeOf(tone.what()) : null;
                    hear(Stage.RINGING, tone.what(), a, at);
                });
        }
    }

    private void rang(UserAgent agent, int status, @Nullable String sdp, long nowMs) {
        if (analysed) {
            agent.attach(call, new GatewayAnalysis.Enabled().asPart());
        }
        // What analysis hears before the answer needs the early dialog that a reliable response makes (RFC 3311).
        if ((analysed && agent.ringReliably(call, status, sdp, nowMs)) || agent.ring(call, status, sdp, nowMs)) {
            rang = true;
            exchange.tell(new Fact.Ringing(callId, status));
        }
    }

    /** Tells what analysis hears, while the call is at that stage, and again a little later when another UPDATE is under way. */
    private void hear(Stage expected, GatewayAnalysis.Heard what, UserAgent agent, long nowMs) {
        BodyPart said = new GatewayAnalysis.Detected(what).asPart();
        if (analysed && stage == expected && !agent.update(call, said.contentType(), said.content(), nowMs)) {
            exchange.after(HEAR_AGAIN_MS, (a, at) -> hear(expected, what, a, at));
        }
    }

    private void refuse(UserAgent agent, long nowMs) {
        if (fate instanceof Fate.Refused refused) {
            Fate.Refusal why = refused.refusal();
            reject(agent, why.status(), outcomeOf(why), nowMs);
        }
    }

    private void reject(UserAgent agent, int status, Outcome outcome, long nowMs) {
        over(outcome, status, Party.CUSTOMER, nowMs);
        agent.reject(call, status, List.of(), nowMs);
    }

    private static Outcome outcomeOf(Fate.Refusal refusal) {
        return switch (refusal) {
            case BUSY -> Outcome.BUSY;
            case INVALID -> Outcome.INVALID;
            case CONGESTION -> Outcome.CONGESTION;
            case REFUSED -> Outcome.REFUSED;
            case UNAVAILABLE -> Outcome.UNAVAILABLE;
        };
    }

    private static @Nullable Outcome outcomeOf(GatewayAnalysis.Heard tone) {
        return switch (tone) {
            case SITVC -> Outcome.TONE_VACANT;
            case SITIC -> Outcome.TONE_INTERCEPT;
            case SITRO, SITNC -> Outcome.TONE_CONGESTION;
            case SITMT, LV, ASM, ASMT, FT, LS -> null;
        };
    }

    private void answer(UserAgent agent, long nowMs) {
        String description = session.answer(offer);
        if (description == null) {
            reject(agent, 488, Outcome.REFUSED, nowMs);
        } else if (fate instanceof Fate.Answers answers && agent.answer(call, description, nowMs)) {
            become(Stage.ANSWERED);
            answeredAtMs = nowMs;
            exchange.answered();
            exchange.tell(new Fact.Answered(callId));
            for (Fate.Heard heard : answers.heard()) {
                exchange.after(heard.afterMs(), (a, at) -> hear(Stage.ANSWERED, heard.what(), a, at));
            }
            later(answers.patienceMs(), Stage.ANSWERED, (a, at) -> hangUp(Party.CUSTOMER, a, at));
            limit = exchange.after(exchange.talkLimitMs(), (a, at) -> {
                if (isAnswered()) {
                    hangUp(Party.TIMEOUT, a, at);
                }
            });
        }
    }

    private void hangUp(Party who, UserAgent agent, long nowMs) {
        over(Outcome.ANSWERED, 200, who, nowMs);
        agent.bye(call, Reason.NORMAL_CLEARING, nowMs);
    }

    /** Anything the caller does. */
    void on(SipEvent.CallEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.IncomingReinvite reinvite -> reinvited(reinvite.sdp(), agent, nowMs);
            case SipEvent.CancelledByPeer _ ->
                over(
                        toneTold != null ? toneTold : rang ? Outcome.NO_ANSWER : Outcome.CANCELLED,
                        487,
                        Party.DIALER,
                        nowMs);
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

    /** The first re-INVITE is the connection with an agent; later ones only change it. */
    private void reinvited(@Nullable String newOffer, UserAgent agent, long nowMs) {
        String description = session.answer(newOffer);
        if (description == null) {
            agent.rejectReinvite(call, 488, nowMs);
            return;
        }
        if (!agent.answerReinvite(call, description, nowMs)) {
            return;
        }
        exchange.tell(new Fact.Reinvited(callId));
        if (stage == Stage.ANSWERED && fate instanceof Fate.Answers answers) {
            become(Stage.TALKING);
            if (answers.talkMs() != Fate.UNTIL_AGENT_ENDS) {
                later(answers.talkMs(), Stage.TALKING, (a, at) -> hangUp(Party.CUSTOMER, a, at));
            }
        }
    }

    /** A call whose end is not in the journal yet ended without our doing: the caller's BYE, no ACK, or too long ringing. */
    private void ended(boolean byCaller, long nowMs) {
        if (isAnswered()) {
            over(Outcome.ANSWERED, 200, byCaller ? Party.DIALER : Party.TIMEOUT, nowMs);
        } else {
            over(Outcome.UNAVAILABLE, 480, Party.TIMEOUT, nowMs);
        }
    }

    private void over(Outcome outcome, int status, Party endedBy, long nowMs) {
        if (stage == Stage.OVER) {
            return;
        }
        boolean answered = isAnswered();
        become(Stage.OVER);
        if (limit != null) {
            limit.cancel(false);
        }
        exchange.ended(answered);
        exchange.tell(new Fact.Ended(callId, outcome, status, endedBy, answered ? nowMs - answeredAtMs : 0));
    }

    private void become(Stage next) {
        stage = next;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** Has the step run after that time, if the call is then still in that stage. */
    private void later(long delayMs, Stage expected, SipCommand step) {
        timer = exchange.after(delayMs, (agent, nowMs) -> {
            if (stage == expected) {
                step.run(agent, nowMs);
            }
        });
    }

    /** What a call needs of its carrier. */
    interface Exchange {
        void tell(Fact fact);

        void answered();

        void ended(boolean wasAnswered);

        long talkLimitMs();

        @Nullable
        Future<?> after(long delayMs, SipCommand step);
    }
}
