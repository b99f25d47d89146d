package releve.core.engine;

import releve.core.call.CallEvent;
import releve.core.call.CallState;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;

/**
 * Calls that are placed from an agent's phone, in the words of a call that the dialer places itself. The agent is there
 * from the start, so what befalls his leg befalls the call.
 *
 * <pre>
 * told of his leg            before the answer                   after it, not connected yet
 * his phone refused          over: 2, he is not ready            –
 * he hung up                 over: 13                            given up: 16
 * his leg was dropped        over: 13                            as told
 * </pre>
 */
final class AgentsPhone {
    private AgentsPhone() {}

    /** The Call-ID of his leg: that of the first target of the call. */
    static String callId(String callId) {
        return callId + "-t1";
    }

    static CallEvent told(Attempt attempt, CallEvent event) {
        CallState state = attempt.call.state();
        boolean beforeAnswer = state instanceof CallState.Dialing
                || state instanceof CallState.Ringing
                || state instanceof CallState.Cancelling;
        return switch (event) {
            case CallEvent.BridgeFailed failed
            when beforeAnswer -> {
                attempt.phoneRefused = true;
                yield over(CallResult.DIAL_ERROR, EndedBy.AGENT, "the agent's phone: " + failed.reason());
            }
            case CallEvent.TargetHungUp hungUp
            when beforeAnswer ->
                over(CallResult.CANCELLED_BY_DIALER, EndedBy.AGENT, "the agent hung up before an answer");
            case CallEvent.Dropped dropped
            when beforeAnswer -> over(CallResult.CANCELLED_BY_DIALER, EndedBy.NETWORK, dropped.reason());
            case CallEvent.TargetHungUp hungUp
            when state instanceof CallState.Transferring ->
                new CallEvent.GiveUp(new Termination(
                        CallResult.DIALER_ABANDON, EndedBy.AGENT, "the agent hung up before they were connected"));
            case CallEvent other -> other;
        };
    }

    private static CallEvent over(CallResult result, EndedBy by, String reason) {
        return new CallEvent.Over(new Termination(result, by, reason));
    }
}
