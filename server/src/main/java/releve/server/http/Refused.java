package releve.server.http;

/** A request that is not served: a status and one sentence for people. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    Refused(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    static Refused badRequest(String sentence) {
        return new Refused(400, sentence);
    }

    static Refused unavailable(String sentence) {
        return new Refused(503, sentence);
    }

    int status() {
        return status;
    }

    String sentence() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
