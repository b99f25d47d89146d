package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;
import releve.core.engine.Event;
import releve.core.store.DialerStore.Granted;

class StoreNewsTest {
    private static final ReservationId FIRST = ReservationId.of(1, 1, 1);
    private static final ReservationId SECOND = ReservationId.of(1, 1, 2);
    private static final Granted MEYER = new Granted(new AgentId("meyer"), "sip:meyer@192.0.2.20");
    private static final Granted KUNZ = new Granted(new AgentId("kunz"), "sip:kunz@192.0.2.20");

    private final StoreNews news = new StoreNews();

    @Test
    void shouldTellAGrantOnceHoweverOftenItIsSeen() {
        assertThat(news.granted(Map.of(FIRST, MEYER)))
                .containsExactly(new Event.ReservationGranted(FIRST, MEYER.agent(), MEYER.phoneUri()));
        assertThat(news.granted(Map.of(FIRST, MEYER))).isEmpty();
        Map<ReservationId, Granted> both = new LinkedHashMap<>();
        both.put(FIRST, MEYER);
        both.put(SECOND, KUNZ);
        assertThat(news.granted(both))
                .containsExactly(new Event.ReservationGranted(SECOND, KUNZ.agent(), KUNZ.phoneUri()));
    }

    @Test
    void shouldTellAGrantThatCameBackAgain() {
        news.granted(Map.of(FIRST, MEYER));
        news.granted(Map.of());
        assertThat(news.granted(Map.of(FIRST, MEYER))).hasSize(1);
    }

    @Test
    void shouldTellAnAnswerOnceHoweverOftenItIsSeen() {
        AttemptId offer = AttemptId.of(1, 1, 1);
        assertThat(news.answered(Map.of(offer, OfferAnswer.ACCEPT)))
                .containsExactly(new Event.OfferAnswered(offer, OfferAnswer.ACCEPT));
        assertThat(news.answered(Map.of(offer, OfferAnswer.ACCEPT))).isEmpty();
    }

    @Test
    void shouldTellCampaignsAtFirstEvenIfThereAreNoneAndThenWhenTheyChange() {
        assertThat(news.campaigns(List.of())).contains(new Event.CampaignsRead(List.of()));
        assertThat(news.campaigns(List.of())).isEmpty();
        assertThat(news.campaigns(List.of(Samples.agentCampaign(1)))).isPresent();
        assertThat(news.campaigns(List.of(Samples.agentCampaign(1)))).isEmpty();
        assertThat(news.campaigns(List.of(Samples.withRunning(Samples.agentCampaign(1), false))))
                .isPresent();
    }

    @Test
    void shouldHaveAbandonmentCountedAtOnceAndThenEveryFiveSeconds() {
        Instant start = Instant.parse("2030-01-01T09:00:00Z");
        assertThat(news.abandonmentDue(start)).isTrue();
        assertThat(news.abandonmentDue(start.plusMillis(4_999))).isFalse();
        assertThat(news.abandonmentDue(start.plusMillis(5_000))).isTrue();
    }
}
