package releve.core.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.common.CallResult;

/**
 * What an agent made of a call, given while he talks or wraps up. It decides about the contact in place of the call's own
 * result, which the ledger keeps beside it.
 *
 * <pre>
 * result                          the contact
 * 10 voice                        closed (C)
 * 14 callback requested           callback (B) at the time that was promised; by himself: personal callback (S)
 * 15 callback from machine        the same
 * 12 answering machine            retry (R), after the campaign's delay for machines
 * 18 agent rejected               closed (J)
 * 19 agent closed                 closed (C)
 * 23 wrong number                 retry at the next phone, when the contact has one that was not tried; else closed (C)
 * 24 wrong person                 retry, after the campaign's delay for not home
 * 26 do not call                  closed (C)
 * </pre>
 *
 * A retry beyond the campaign's maximum of attempts is none (M); a promise is kept all the same.
 *
 * @param callbackAt when to call back; null unless the result is a callback
 * @param personal whether the agent has promised to call back himself
 * @param note for people, up to 500 characters
 */
public record Disposition(CallResult result, @Nullable Instant callbackAt, boolean personal, String note) {
    private static final Duration CALLBACK_MAX = Duration.ofDays(366);
    private static final int NOTE_MAX = 500;

    /** One that anybody may call back. */
    public Disposition(CallResult result, @Nullable Instant callbackAt, String note) {
        this(result, callbackAt, false, note);
    }

    /** Why it cannot be so, in one sentence; empty when it can. */
    public Optional<String> refusal(Instant now) {
        if (!allowed()) {
            return Optional.of("'" + result.meaning() + "' is no disposition.");
        }
        if (note.length() > NOTE_MAX) {
            return Optional.of("A note has up to " + NOTE_MAX + " characters.");
        }
        if (isCallback() != (callbackAt != null)) {
            return Optional.of("A callback needs its time, and nothing else has one.");
        }
        if (personal && !isCallback()) {
            return Optional.of("Only a callback can be personal.");
        }
        if (callbackAt != null && (callbackAt.isBefore(now) || callbackAt.isAfter(now.plus(CALLBACK_MAX)))) {
            return Optional.of("A callback lies ahead, within a year.");
        }
        return Optional.empty();
    }

    public boolean isCallback() {
        return result == CallResult.CALLBACK_REQUESTED || result == CallResult.CALLBACK_FROM_MACHINE;
    }

    private boolean allowed() {
        return switch (result) {
            case VOICE,
                    CALLBACK_REQUESTED,
                    CALLBACK_FROM_MACHINE,
                    ANSWERING_MACHINE,
                    AGENT_REJECTED,
                    AGENT_CLOSED,
                    WRONG_NUMBER,
                    WRONG_PERSON,
                    DO_NOT_CALL -> true;
            default -> false;
        };
    }
}
