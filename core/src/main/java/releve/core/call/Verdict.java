package releve.core.call;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.common.CallResult;

/** What call progress analysis makes of whoever answered, or of what the network plays in place of an answer. */
public enum Verdict {
    HUMAN(null),
    MACHINE(CallResult.ANSWERING_MACHINE),
    /** A machine whose greeting is over: its terminating tone was heard, and it records now. */
    MACHINE_TONE(CallResult.ANSWERING_MACHINE),
    /** The network's own mailbox. */
    NETWORK_MACHINE(CallResult.NETWORK_MACHINE),
    FAX(CallResult.FAX),
    /** Nobody and nothing is to be heard. */
    DEAD_AIR(CallResult.DEAD_AIR),
    /** Special information tone: intercept. */
    SIT_INTERCEPT(CallResult.OPERATOR_INTERCEPT),
    /** Special information tone: vacant code. */
    SIT_VACANT(CallResult.NOT_IN_SERVICE),
    /** Special information tone: reorder. */
    SIT_REORDER(CallResult.NO_DIAL_TONE),
    /** Special information tone: no circuit. */
    SIT_NO_CIRCUIT(CallResult.NO_DIAL_TONE),
    /** A special information tone of no known kind: the call got nowhere, which says nothing of the number. */
    SIT_OTHER(CallResult.DIAL_ERROR);

    private final @Nullable CallResult result;

    Verdict(@Nullable CallResult result) {
        this.result = result;
    }

    /** How a call ends that nobody serves after this verdict; empty for a person. */
    Optional<CallResult> result() {
        return Optional.ofNullable(result);
    }

    /** Whether it can take a message. */
    boolean isMachine() {
        return switch (this) {
            case MACHINE, MACHINE_TONE, NETWORK_MACHINE -> true;
            case HUMAN, FAX, DEAD_AIR, SIT_INTERCEPT, SIT_VACANT, SIT_REORDER, SIT_NO_CIRCUIT, SIT_OTHER -> false;
        };
    }

    /** Whether the network itself speaks, so that nobody was reached; such a verdict may come before an answer. */
    boolean isNetworkTone() {
        return switch (this) {
            case SIT_INTERCEPT, SIT_VACANT, SIT_REORDER, SIT_NO_CIRCUIT, SIT_OTHER -> true;
            case HUMAN, MACHINE, MACHINE_TONE, NETWORK_MACHINE, FAX, DEAD_AIR -> false;
        };
    }
}
