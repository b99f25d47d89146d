package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;
import releve.core.engine.Event;
import releve.core.store.DialerStore.Elsewhere;
import releve.core.store.DialerStore.Granted;

class StoreNewsTest {
    private static final ReservationId FIRST = ReservationId.of(1, 1, 1);
    private static final ReservationId SECOND = ReservationId.of(1, 1, 2);
    private static final Granted MEYER = new Granted(new AgentId("meyer"), "sip:meyer@192.0.2.20", Set.of("sales"));
    private static final Granted KUNZ =
            new Granted(new AgentId("kunz"), "sip:kunz@192.0.2.20", Set.of("sales", "care"));

    private final StoreNews news = new StoreNews();

    @Test
    void shouldTellAGrantOnceHoweverOftenItIsSeen() {
        assertThat(news.of(grants(Map.of(FIRST, MEYER))))
                .containsExactly(
                        new Event.ReservationGranted(FIRST, MEYER.agent(), MEYER.phoneUri(), MEYER.skillGroups()));
        assertThat(news.of(grants(Map.of(FIRST, MEYER)))).isEmpty();
        Map<ReservationId, Granted> both = new LinkedHashMap<>();
        both.put(FIRST, MEYER);
        both.put(SECOND, KUNZ);
        assertThat(news.of(grants(both)))
                .containsExactly(
                        new Event.ReservationGranted(SECOND, KUNZ.agent(), KUNZ.phoneUri(), KUNZ.skillGroups()));
    }

    @Test
    void shouldTellAGrantThatCameBackAgain() {
        news.of(grants(Map.of(FIRST, MEYER)));
        news.of(grants(Map.of()));
        assertThat(news.of(grants(Map.of(FIRST, MEYER)))).hasSize(1);
    }

    @Test
    void shouldTellAnAnswerOnceHoweverOftenItIsSeen() {
        AttemptId offer = AttemptId.of(1, 1, 1);
        StoreLook accepted = answers(Map.of(offer, OfferAnswer.ACCEPT), Optional.empty());
        assertThat(news.of(accepted)).containsExactly(new Event.OfferAnswered(offer, OfferAnswer.ACCEPT));
        assertThat(news.of(accepted)).isEmpty();
    }

    @Test
    void shouldTellThatSomebodyWishesToLeaveBeforeHisAnswer() {
        AttemptId offer = AttemptId.of(1, 1, 1);
        StoreLook skipped = answers(Map.of(offer, OfferAnswer.SKIP), Optional.of(Set.of(MEYER.agent())));
        assertThat(news.of(skipped))
                .containsExactly(
                        new Event.AgentsLeaving(Set.of(MEYER.agent())),
                        new Event.OfferAnswered(offer, OfferAnswer.SKIP));
    }

    @Test
    void shouldTellCampaignsAtFirstEvenIfThereAreNoneAndThenWhenTheyChange() {
        List<Campaign> one = List.of(Samples.agentCampaign(1));
        assertThat(news.of(campaigns(List.of()))).contains(new Event.CampaignsRead(List.of()));
        assertThat(news.of(campaigns(List.of()))).doesNotContain(new Event.CampaignsRead(List.of()));
        assertThat(news.of(campaigns(one))).contains(new Event.CampaignsRead(one));
        assertThat(news.of(campaigns(one))).doesNotContain(new Event.CampaignsRead(one));
        List<Campaign> stopped = List.of(Samples.withRunning(Samples.agentCampaign(1), false));
        assertThat(news.of(campaigns(stopped))).contains(new Event.CampaignsRead(stopped));
    }

    private static StoreLook grants(Map<ReservationId, Granted> granted) {
        return new StoreLook(granted, Map.of(), Optional.empty(), Optional.empty());
    }

    private static StoreLook answers(Map<AttemptId, OfferAnswer> answered, Optional<Set<AgentId>> leaving) {
        return new StoreLook(Map.of(), answered, leaving, Optional.empty());
    }

    private static StoreLook campaigns(List<Campaign> campaigns) {
        return new StoreLook(
                Map.of(),
                Map.of(),
                Optional.of(Set.of()),
                Optional.of(new StoreLook.Rest(campaigns, Optional.empty(), Elsewhere.NOTHING)));
    }

    @Test
    void shouldHaveAbandonmentCountedAtOnceAndThenEveryFiveSeconds() {
        Instant start = Instant.parse("2030-01-01T09:00:00Z");
        assertThat(news.abandonmentDue(start)).isTrue();
        assertThat(news.abandonmentDue(start.plusMillis(4_999))).isFalse();
        assertThat(news.abandonmentDue(start.plusMillis(5_000))).isTrue();
    }
}
