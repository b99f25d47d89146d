package releve.server.contacts;

/** A file is no contact list, so nothing of it is imported; the message is one sentence that says why. */
public final class UnreadableList extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnreadableList(String sentence) {
        super(sentence);
    }

    public UnreadableList(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
