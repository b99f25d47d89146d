package releve.server.store;

/** The store cannot be used as asked; the message is one sentence for people: what is wrong and what to do. */
public final class StoreRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreRefused(String message) {
        super(message);
    }

    public StoreRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
