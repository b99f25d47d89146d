package releve.media.prompt;

/** A recording cannot be used; the message is one sentence for people that says what is wrong with the file. */
public final class UnreadablePrompt extends Exception {
    private static final long serialVersionUID = 1;

    public UnreadablePrompt(String sentence) {
        super(sentence);
    }
}
