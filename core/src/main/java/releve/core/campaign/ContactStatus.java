package releve.core.campaign;

/** Where a contact stands; the letters are the field's. */
public enum ContactStatus {
    PENDING('P'),
    /** Held by a dialer and surely not dialed. */
    ACTIVE('A'),
    /** Under way: it may have rung. */
    DIALED('D'),
    CLOSED('C'),
    RETRY('R'),
    CALLBACK('B'),
    PERSONAL_CALLBACK('S'),
    CALLBACK_AGENT_UNAVAILABLE('X'),
    MAXIMUM_ATTEMPTS('M'),
    UNKNOWN('U'),
    AGENT_REJECTED('J'),
    FAX('F'),
    INVALID('I'),
    OPERATOR('O'),
    NOT_ALLOCATED('L');

    private final char letter;

    ContactStatus(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }

    /**
     * The status with that letter.
     *
     * @throws IllegalArgumentException when no status has it
     */
    public static ContactStatus ofLetter(char letter) {
        for (ContactStatus status : values()) {
            if (status.letter == letter) {
                return status;
            }
        }
        throw new IllegalArgumentException("no contact status has the letter " + letter);
    }
}
