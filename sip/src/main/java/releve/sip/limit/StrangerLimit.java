package releve.sip.limit;

/**
 * What sources may send that are not in the access list. What is beyond gets no answer, not even an error: whoever scans
 * for SIP servers shall not find one.
 *
 * @param perSecond messages a second from one source, 0 for none at all
 * @param burst messages one source may send at once, 1 or more
 * @param sourcesMax sources told apart at a time, 1 or more; further ones share what one source may send
 */
public record StrangerLimit(double perSecond, int burst, int sourcesMax) {
    /** Strangers are not listened to. */
    public static final StrangerLimit SILENCE = new StrangerLimit(0, 1, 1);

    /** 5 messages a second after 20 at once, of 10,000 sources: enough for a phone that registers from anywhere. */
    public static final StrangerLimit PHONES = new StrangerLimit(5, 20, 10_000);

    /** @throws IllegalArgumentException when a value is out of its range */
    public StrangerLimit {
        if (!(perSecond >= 0) || burst < 1 || sourcesMax < 1) {
            throw new IllegalArgumentException("a limit for strangers is out of its range");
        }
    }
}
