package releve.sip.trunk;

/** Why a gateway or trunk takes no call at a moment, the more lasting reason first. */
public enum Refusal {
    /** It is down, or nothing is known of it yet. */
    NOT_UP("no gateway is up"),
    /** It answered 503 and its rest is not over. */
    RESTING("every gateway that is up has refused calls for now"),
    /** All its ports are taken. */
    PORTS("all ports are taken"),
    /** Its calls per second are used up. */
    RATE("the calls of this second are used up"),
    /** It takes calls. */
    NONE("it takes calls");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    /** In one clause. */
    public String text() {
        return text;
    }
}
