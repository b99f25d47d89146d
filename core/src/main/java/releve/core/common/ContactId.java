package releve.core.common;

/** Names a contact of one campaign's list; the store gives it. */
public record ContactId(long value) {
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
