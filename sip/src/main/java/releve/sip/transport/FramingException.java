package releve.sip.transport;

/** A peer broke the rules of its transport; its connection cannot go on. */
final class FramingException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    FramingException(int closeCode, String message) {
        super(message, null, false, false);
        this.closeCode = closeCode;
    }

    /** What a WebSocket peer is told (RFC 6455 section 7.4.1). */
    int closeCode() {
        return closeCode;
    }
}
