package releve.server.trunk;

/** The trunks that were described cannot be used; the message is one sentence for people: what, in which field, what to do. */
public final class UnusableTrunks extends Exception {
    private static final long serialVersionUID = 1;

    UnusableTrunks(String sentence) {
        super(sentence);
    }
}
