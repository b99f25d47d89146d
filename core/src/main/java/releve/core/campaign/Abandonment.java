package releve.core.campaign;

import java.time.Duration;
import releve.core.common.CampaignId;

/**
 * Live answers of a campaign that ended within the window up to now, counted from the ledger; so it is the same whichever
 * side asks, and after any restart.
 *
 * @param window the campaign's {@link PacingSettings#abandonWindow()}
 * @param liveAnswers calls that a person answered
 * @param abandoned those of them that the dialer gave up, to an IVR or not
 */
public record Abandonment(CampaignId campaign, Duration window, long liveAnswers, long abandoned) {
    /** Of live answers, 0 to 100; 0 when there are none. */
    public double percent() {
        return liveAnswers == 0 ? 0 : 100.0 * abandoned / liveAnswers;
    }
}
