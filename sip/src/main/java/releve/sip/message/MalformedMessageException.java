package releve.sip.message;

/**
 * A message, or one of its header fields, breaks the grammar or a limit. It is an expected event on an open
 * network, so it is checked and carries no stack trace: callers count it and drop the message.
 */
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message one clause that says what is wrong; never quotes more than a few characters of the input */
    public MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
