package releve.sip.sdp;

/** A session description breaks the grammar of RFC 8866 or a limit. Checked, and without a stack trace. */
public final class MalformedSdpException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message one clause that says what is wrong */
    public MalformedSdpException(String message) {
        super(message, null, false, false);
    }
}
