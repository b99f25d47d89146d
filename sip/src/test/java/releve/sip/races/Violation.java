package releve.sip.races;

/** Something that must never happen on any seed. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what);
    }
}
