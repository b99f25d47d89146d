package releve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Abandonment;
import releve.core.campaign.PacingSettings;
import releve.core.common.CampaignId;
import releve.server.http.Overview.AbandonFigures;

class AbandonFiguresTest {
    private static final CampaignId ID = new CampaignId(1);

    @Test
    void shouldSayTheLimitAndItsWindow() {
        assertThat(figures(3, 24, null).terms()).isEqualTo("of 3 % in 24 h");
        assertThat(figures(2.5, 24 * 30, null).terms()).isEqualTo("of 2.5 % in 30 days");
        assertThat(figures(0, 24, null).terms()).isEqualTo("in 24 h");
    }

    @Test
    void shouldHoldWhatWasAbandonedAgainstTheCampaignsOwnLimit() {
        Abandonment four =
                new Abandonment(ID, Duration.ofHours(24), List.of(new Abandonment.Part(Instant.EPOCH, 100, 4)));

        assertThat(figures(3, 24, four).passed()).isTrue();
        assertThat(figures(5, 24, four).passed()).isFalse();
        assertThat(figures(0, 24, four).passed()).as("it has no limit").isFalse();
        assertThat(figures(4, 24, four)).isEqualTo(new AbandonFigures(100, 4, 4, 4, 86_400));
        assertThat(figures(3, 24, null).percent()).as("nobody has answered").isZero();
    }

    private static AbandonFigures figures(double limit, int hours, @Nullable Abandonment counted) {
        return AbandonFigures.of(new PacingSettings(1, 20, limit, Duration.ofHours(hours)), counted);
    }
}
