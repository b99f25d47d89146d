package releve.core.common;

/** One of the two sides of a duplex pair. */
public enum Side {
    A,
    B;

    public Side other() {
        return this == A ? B : A;
    }
}
