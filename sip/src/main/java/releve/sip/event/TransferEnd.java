package releve.sip.event;

import org.jspecify.annotations.Nullable;
import releve.sip.dialog.DialogInfo;

/**
 * What became of a transfer by REFER.
 *
 * @param status the status that refused the REFER or the call; 0 when there was none
 * @param cause what ended the call's dialog, or null when that was not told
 */
public record TransferEnd(How how, int status, DialogInfo.@Nullable Cause cause) {
    /** How far it came. */
    public enum How {
        /** The peer did not take the REFER: it is still in its call with us. */
        REFUSED,
        /** The peer called, and nobody answered. */
        FAILED,
        /** The peer's call was answered, and is over. */
        ENDED,
        /** The peer's call was answered; nobody tells how it goes on. */
        ANSWERED_UNKNOWN,
        /** The peer took the REFER; nobody tells what became of it. */
        UNKNOWN
    }
}
