package releve.sip.event;

import org.jspecify.annotations.Nullable;
import releve.sip.dialog.DialogInfo;

/**
 * A call that a peer makes because of our REFER, followed to its end: by the notifications of the REFER, which tell of the
 * answer (RFC 3515 section 2.4.5), and by the peer's dialogs, which tell of the end (RFC 4235). Each input gives the next
 * state.
 *
 * <pre>
 * ASKED   REFER under way; taken → SETUP; refused → OVER, refused; our call ends before it is answered → OVER, unknown
 * SETUP   a 2xx is told, or the dialog is confirmed → TALKING; a failure is told → OVER, failed;
 *         the dialog ends: what is still to be told decides, and if nothing is → OVER, failed;
 *         neither is told any more, or the dialog is not seen in time → OVER, unknown
 * TALKING the dialog ends → OVER, ended; it is not watched any more, or not seen in time → OVER, answered and unknown
 * OVER    {@link #end} says how
 * </pre>
 *
 * @param told whether the peer still tells how the call goes, by notifications of the REFER
 * @param watched whether the peer's dialogs are watched
 * @param sight what is seen of the call's dialog
 * @param seenByMs until when the dialog has to be seen, for the watch to be of use; {@link Long#MAX_VALUE} for no limit
 */
public record TransferState(
        Phase phase,
        boolean told,
        boolean watched,
        Sight sight,
        long seenByMs,
        @Nullable TransferEnd end) {
    public enum Phase {
        ASKED,
        SETUP,
        TALKING,
        OVER
    }

    /** What is seen of the dialog of the call. */
    public enum Sight {
        NOTHING,
        LIVE,
        GONE
    }

    /** The REFER was sent. */
    public static TransferState asked() {
        return new TransferState(Phase.ASKED, true, false, Sight.NOTHING, Long.MAX_VALUE, null);
    }

    /** The peer took the REFER. @param tells whether it will tell how the call goes @param watched whether we subscribed */
    public TransferState taken(boolean tells, boolean watched, long patienceMs, long nowMs) {
        return phase == Phase.ASKED
                ? new TransferState(Phase.SETUP, tells, watched, sight, Long.MAX_VALUE, null).settled(patienceMs, nowMs)
                : this;
    }

    /** The peer did not take the REFER. */
    public TransferState refused(int status) {
        return phase == Phase.ASKED ? over(new TransferEnd(TransferEnd.How.REFUSED, status, null)) : this;
    }

    /** The peer told the status of the call, 100 to 699. */
    public TransferState status(int status, long patienceMs, long nowMs) {
        if (phase != Phase.SETUP || status < 200) {
            return this;
        }
        return status < 300
                ? new TransferState(Phase.TALKING, false, watched, sight, seenByMs, null).settled(patienceMs, nowMs)
                : over(new TransferEnd(TransferEnd.How.FAILED, status, null));
    }

    /** The peer will tell no more: its last notification said nothing of the call, or our call with it is over. */
    public TransferState untold(long patienceMs, long nowMs) {
        return switch (phase) {
            case ASKED -> over(new TransferEnd(TransferEnd.How.UNKNOWN, 0, null));
            case SETUP, TALKING ->
                new TransferState(phase, false, watched, sight, seenByMs, null).settled(patienceMs, nowMs);
            case OVER -> this;
        };
    }

    /** The peer's dialogs are not told, or not any more. */
    public TransferState unwatched(long patienceMs, long nowMs) {
        return phase == Phase.OVER
                ? this
                : new TransferState(phase, told, false, sight, seenByMs, null).settled(patienceMs, nowMs);
    }

    /** The dialog of the call was told. */
    public TransferState seen(
            DialogInfo.State state, DialogInfo.@Nullable Cause cause, int code, long patienceMs, long nowMs) {
        return switch (phase) {
            case ASKED, OVER -> this;
            case SETUP ->
                switch (state) {
                    case TRYING, PROCEEDING, EARLY ->
                        new TransferState(phase, told, watched, Sight.LIVE, Long.MAX_VALUE, null);
                    case CONFIRMED -> new TransferState(Phase.TALKING, told, watched, Sight.LIVE, Long.MAX_VALUE, null);
                    case TERMINATED ->
                        told
                                ? new TransferState(phase, true, watched, Sight.GONE, Long.MAX_VALUE, null)
                                : over(new TransferEnd(TransferEnd.How.FAILED, code, cause));
                };
            case TALKING ->
                switch (state) {
                    case TRYING, PROCEEDING, EARLY, CONFIRMED ->
                        new TransferState(phase, told, watched, Sight.LIVE, Long.MAX_VALUE, null);
                    case TERMINATED -> over(new TransferEnd(TransferEnd.How.ENDED, code, cause));
                };
        };
    }

    /** What the time makes of it: a dialog that is never seen cannot be followed. */
    public TransferState elapsed(long patienceMs, long nowMs) {
        return nowMs >= seenByMs ? unwatched(patienceMs, nowMs) : this;
    }

    /** Nobody wants to know any more. */
    public TransferState forgotten() {
        return over(new TransferEnd(TransferEnd.How.UNKNOWN, 0, null));
    }

    private TransferState settled(long patienceMs, long nowMs) {
        boolean setup = phase == Phase.SETUP;
        if (sight == Sight.GONE && !told) {
            return over(new TransferEnd(setup ? TransferEnd.How.FAILED : TransferEnd.How.ENDED, 0, null));
        }
        if (!watched && (!told || !setup)) {
            return over(new TransferEnd(setup ? TransferEnd.How.UNKNOWN : TransferEnd.How.ANSWERED_UNKNOWN, 0, null));
        }
        boolean owed = sight == Sight.NOTHING && watched && (!told || !setup);
        long seenBy = !owed ? Long.MAX_VALUE : seenByMs == Long.MAX_VALUE ? nowMs + patienceMs : seenByMs;
        return new TransferState(phase, told, watched, sight, seenBy, null);
    }

    private TransferState over(TransferEnd how) {
        return new TransferState(Phase.OVER, false, false, sight, Long.MAX_VALUE, how);
    }
}
