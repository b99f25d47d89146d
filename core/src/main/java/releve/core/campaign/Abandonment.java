package releve.core.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import releve.core.common.CampaignId;

/**
 * Live answers of a campaign that ended within the window up to now, counted from the ledger; so it is the same whichever
 * side asks, and after any restart.
 *
 * @param window the campaign's {@link PacingSettings#abandonWindow()}
 * @param parts the window by time, oldest first; parts without live answers are left out
 */
public record Abandonment(CampaignId campaign, Duration window, List<Part> parts) {
    /** Windows up to two days are counted by quarters of an hour, in which every local day begins; longer ones by UTC days. */
    public static Duration partOf(Duration window) {
        return window.compareTo(Duration.ofDays(2)) <= 0 ? Duration.ofMinutes(15) : Duration.ofDays(1);
    }

    /**
     * What ended from that time on, for as long as {@link #partOf}.
     *
     * @param liveAnswers calls that a person answered
     * @param abandoned those of them that the dialer gave up, to an IVR or not
     */
    public record Part(Instant from, long liveAnswers, long abandoned) {}

    public Abandonment {
        parts = List.copyOf(parts);
    }

    public long liveAnswers() {
        return parts.stream().mapToLong(Part::liveAnswers).sum();
    }

    public long abandoned() {
        return parts.stream().mapToLong(Part::abandoned).sum();
    }

    /** Of live answers, 0 to 100; 0 when there are none. */
    public double percent() {
        return liveAnswers() == 0 ? 0 : 100.0 * abandoned() / liveAnswers();
    }
}
