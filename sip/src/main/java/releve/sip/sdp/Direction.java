package releve.sip.sdp;

import java.util.Locale;

/** The direction of a media stream (RFC 8866 section 6.7), as seen by the side that sends the description. */
public enum Direction {
    SENDRECV,
    SENDONLY,
    RECVONLY,
    INACTIVE;

    /** The attribute's name. */
    public String attribute() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What an answer may say at most to an offer of this direction (RFC 3264 section 6.1). */
    public Direction answer() {
        return switch (this) {
            case SENDRECV -> SENDRECV;
            case SENDONLY -> RECVONLY;
            case RECVONLY -> SENDONLY;
            case INACTIVE -> INACTIVE;
        };
    }
}
