package releve.sip.agent;

import org.jspecify.annotations.Nullable;

/** How long to wait before trying again what a server has refused or not answered (RFC 5626 section 4.5). */
final class BackOff {
    static final long FIRST_MS = 30_000;
    static final long MAX_MS = 1_800_000;

    /** The longest Retry-After that is believed, s. */
    private static final int ASKED_MAX_SECONDS = 86_400;

    private final Ids ids;
    private int failures;

    BackOff(Ids ids) {
        this.ids = ids;
    }

    /** It worked: the next failure is the first again. */
    void reset() {
        failures = 0;
    }

    /**
     * The wait after one more failure: doubled each time, and between half of it and all of it, so that all who lost a
     * server do not come back at once.
     *
     * @param askedSeconds what the server asks for, which counts instead; null when it does not
     */
    long nextMs(@Nullable Integer askedSeconds) {
        long backOffMs = Math.min(MAX_MS, FIRST_MS << Math.min(failures++, 10));
        long waitMs = backOffMs / 2 + ids.below(backOffMs / 2);
        return askedSeconds == null ? waitMs : Math.max(1_000L, 1_000L * Math.min(askedSeconds, ASKED_MAX_SECONDS));
    }
}
