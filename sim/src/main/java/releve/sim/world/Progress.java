package releve.sim.world;

/**
 * How a call announces itself before its end is known.
 *
 * @param kind the provisional response
 * @param delayMs from the call to that response, ms
 */
public record Progress(Kind kind, int delayMs) {
    /** The provisional response. */
    public enum Kind {
        /** None but 100. */
        SILENT,
        /** 180. */
        RINGING,
        /** 183 with a session description: tones or a greeting before the answer. */
        EARLY_MEDIA
    }

    /** Nothing but 100. */
    public static final Progress SILENT = new Progress(Kind.SILENT, 0);
}
