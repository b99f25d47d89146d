package releve.server.telephony;

import org.jspecify.annotations.Nullable;
import releve.core.common.AttemptId;
import releve.sip.message.BodyPart;

/** The legs of one attempt as telephony follows them. 0 stands for a leg that is not there. */
final class Legs {
    final AttemptId attempt;
    final String callerId;
    long customer;
    long target;
    /** What the customer's side described last. */
    @Nullable
    String customerSdp;
    /** What the target's side described last. */
    @Nullable
    String targetSdp;
    /** The call to place when the agent's own leg comes first; null when the dialer calls the customer first. */
    AgentFirst.@Nullable Order order;
    /** How the customer's call finds a gateway; null once one serves it. */
    TrunkCalls.@Nullable Search search;
    /** What the agent's phone was told of the customer's side, when his leg comes first. */
    @Nullable
    String toldTarget;
    /** The customer has answered a call that was placed from the agent's phone. */
    boolean answered;
    /** Whom the customer was told last to talk to: the number of the target's leg. */
    long offered;
    /** What the trunk was asked to analyse; null for nothing. */
    @Nullable
    BodyPart analysis;
    /** What is being played to one of the legs. */
    PromptPlayer.@Nullable Play tone;
    /** The engine was told that customer and target are connected. */
    boolean bridged;
    /** The engine wants this attempt ended: legs that come up late are hung up, and nothing is reported any more. */
    boolean ending;

    Legs(AttemptId attempt, String callerId) {
        this.attempt = attempt;
        this.callerId = callerId;
    }

    boolean gone() {
        return customer == 0 && target == 0;
    }
}
