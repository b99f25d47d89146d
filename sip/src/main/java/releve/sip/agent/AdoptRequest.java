package releve.sip.agent;

import releve.sip.auth.Authenticator;
import releve.sip.dialog.Dialog;

/**
 * Takes over an established dialog that another process held.
 *
 * @param dialog as it was stored
 * @param skippedCSeqs how many numbers the former holder may have used since, 0 or more: ours come after them
 * @param authenticator answers challenges to our requests in it
 */
public record AdoptRequest(Dialog dialog, int skippedCSeqs, Authenticator authenticator) {
    /** More than any call uses between two times that it is stored. */
    public static final int SKIPPED_CSEQS = 1_000;

    /** @throws IllegalArgumentException when the count is negative */
    public AdoptRequest {
        if (skippedCSeqs < 0) {
            throw new IllegalArgumentException("no fewer than 0 numbers can be skipped: " + skippedCSeqs);
        }
    }

    /** One whose former holder used at most {@value #SKIPPED_CSEQS} numbers since, without credentials. */
    public static AdoptRequest of(Dialog dialog) {
        return new AdoptRequest(dialog, SKIPPED_CSEQS, Authenticator.NONE);
    }

    public AdoptRequest withSkippedCSeqs(int numbers) {
        return new AdoptRequest(dialog, numbers, authenticator);
    }

    public AdoptRequest withAuthenticator(Authenticator newAuthenticator) {
        return new AdoptRequest(dialog, skippedCSeqs, newAuthenticator);
    }
}
