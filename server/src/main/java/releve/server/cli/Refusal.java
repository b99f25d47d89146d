package releve.server.cli;

/** The command was refused or failed; the message is one sentence for people: what was wrong, where, what to do. */
public final class Refusal extends RuntimeException {
    public Refusal(String sentence) {
        super(sentence, null, false, false);
    }

    public Refusal(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
