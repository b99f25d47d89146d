package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import releve.core.call.Target;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.campaign.PreviewSettings;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;

/** The table of an offer's states. */
class OfferTest {
    private static final Instant NOW = Instant.parse("2030-01-01T09:00:00Z");
    private static final List<String> STATES = List.of("offered", "closing", "accepted", "over");

    private static Set<String> next(String from) {
        return switch (from) {
            case "offered" -> Set.of("closing", "accepted", "over");
            case "closing" -> Set.of("accepted", "over");
            case "accepted" -> Set.of("over");
            default -> Set.of();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"offered", "closing", "accepted", "over"})
    void shouldTakeTheTransitionsOfItsTableAndNoOthers(String from) {
        for (String to : STATES.subList(1, 4)) {
            Offer offer = in(from);
            if (next(from).contains(to)) {
                move(offer, to);
                assertThat(offer.state().phase()).isEqualTo(to);
            } else {
                assertThatThrownBy(() -> move(offer, to))
                        .as("%s → %s", from, to)
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offered", "closing", "accepted"})
    void shouldBeOverByTheTimeItSays(String state) {
        Offer offer = in(state);
        assertThat(offer.overBy().orElseThrow())
                .isEqualTo(NOW.plusSeconds(
                        switch (state) {
                            case "offered" -> 20 + 5 + 10;
                            case "closing" -> 5 + 10;
                            default -> 10;
                        }));
    }

    private static Offer in(String state) {
        Campaign campaign = Samples.previewCampaign(1)
                .withPreview(new PreviewSettings(Duration.ofSeconds(20), Duration.ofMinutes(1)));
        Offer offer = new Offer(
                AttemptId.of(1, 1, 1),
                OfferKind.PREVIEW,
                new CampaignRun(campaign, PacingChoice.RELEVE, new Skills(), NOW),
                Samples.contact(1, 1, 0),
                new Target.Agent(new AgentId("zoe"), ReservationId.of(1, 1, 1), "sip:zoe@192.0.2.20"),
                NOW);
        if (!state.equals("offered")) {
            move(offer, state);
        }
        return offer;
    }

    private static void move(Offer offer, String to) {
        switch (to) {
            case "closing" -> offer.close(NOW);
            case "accepted" -> offer.accepted(NOW);
            case "over" -> offer.over(OfferAnswer.SKIP);
            default -> throw new IllegalArgumentException(to);
        }
    }
}
