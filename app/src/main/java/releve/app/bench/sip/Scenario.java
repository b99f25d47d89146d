package releve.app.bench.sip;

/** What a call of the measurement does; SIPp plays the called side by the scenario file. */
enum Scenario {
    /** INVITE, 180, 200, ACK, BYE, 200: all at once. */
    PLAIN("uas-plain.xml", 0),
    /** The called side rings for 20 s, then answers, and the caller hangs up. */
    RING("uas-ring.xml", 20),
    /** The caller cancels after 5 s of ringing. */
    CANCEL("uas-cancel.xml", 5);

    private final String calledSide;
    private final int lastsSeconds;

    Scenario(String calledSide, int lastsSeconds) {
        this.calledSide = calledSide;
        this.lastsSeconds = lastsSeconds;
    }

    /** The resource that SIPp runs. */
    String calledSide() {
        return calledSide;
    }

    /** How long one call lasts. */
    int lastsSeconds() {
        return lastsSeconds;
    }

    /** From the INVITE until the caller cancels, milliseconds; 0 when it does not. */
    int cancelAfterMs() {
        return this == CANCEL ? 5_000 : 0;
    }
}
