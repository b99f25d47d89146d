package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.engine.PredictiveTest.campaign;
import static releve.core.engine.PredictiveTest.counted;
import static releve.core.engine.PredictiveTest.staffed;
import static releve.core.engine.PredictiveTest.unstaffed;
import static releve.core.engine.PredictiveTest.utilisation;
import static releve.core.engine.PredictiveTest.world;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;
import releve.core.store.Change;

/** Two predictive campaigns whose agents are the same, or some of them. */
class SharedAgentsTest {
    private static final String FIRST = "sales";
    private static final String SECOND = "care";

    @Test
    void shouldKeepTheLimitOfEachOfTwoCampaignsThatShareTheirAgents() {
        int seed = 12;
        double fixed = utilisation(sharing(DialingMode.PROGRESSIVE_AGENT, seed), Duration.ofMinutes(90));
        World world = sharing(DialingMode.PREDICTIVE_AGENT, seed);
        double paced = utilisation(world, Duration.ofMinutes(90));

        assertThat(paced).as("seed %s: utilisation", seed).isGreaterThan(fixed + 0.08);
        bothKeepTheLimit(world, 100, seed);
    }

    /** One campaign alone has the same agents to itself; two lose little, because whoever is idle takes the call that waits. */
    @Test
    void shouldKeepSharedAgentsAboutAsBusyAsOneCampaignWould() {
        int seed = 13;
        double alone = utilisation(world(campaign(DialingMode.PREDICTIVE_AGENT), seed), Duration.ofHours(3));
        double shared = utilisation(sharing(DialingMode.PREDICTIVE_AGENT, seed), Duration.ofHours(3));
        assertThat(shared).as("seed %s: utilisation", seed).isGreaterThan(alone - 0.05);
    }

    @Test
    void shouldHaveAnAgentTakeTheCallThatWaitsWhicheverCampaignHasReservedHim() {
        World world = sharing(DialingMode.PREDICTIVE_AGENT, 14);
        world.keepsSteps = true;
        world.run(Duration.ofMinutes(20));
        Map<ReservationId, CampaignId> reservedFor = reservedFor(world);
        Map<AttemptId, CampaignId> dialedFor = dialedFor(world);
        List<Change.AttemptConnected> talks = world.changes(Change.AttemptConnected.class);

        assertThat(talks)
                .anySatisfy(talk ->
                        assertThat(reservedFor.get(talk.reservation())).isNotEqualTo(dialedFor.get(talk.attempt())));
        assertThat(talks.stream().map(Change.AttemptConnected::reservation))
                .as("each reservation serves one call")
                .doesNotHaveDuplicates();
    }

    /** Whether two groups have their agents in common is a matter of the agents, not of the name. */
    @Test
    void shouldPaceAsOneWhenAllAgentsServeBothGroups() {
        int seed = 13;
        double alone = utilisation(world(campaign(DialingMode.PREDICTIVE_AGENT), seed), Duration.ofHours(3));
        World world = overlapping(0, 0, 10, seed);
        double shared = utilisation(world, Duration.ofHours(3));
        assertThat(shared).as("seed %s: utilisation", seed).isGreaterThan(alone - 0.05);
        bothKeepTheLimit(world, 70, seed);
    }

    @ParameterizedTest
    @CsvSource({"3, 3, 4, 18", "5, 0, 5, 19", "7, 0, 3, 20"})
    void shouldKeepTheLimitOfBothWhenSomeAgentsServeBothGroups(int first, int second, int both, int seed) {
        World world = overlapping(first, second, both, seed);
        double paced = utilisation(world, Duration.ofHours(2));
        assertThat(paced).as("seed %s: utilisation", seed).isGreaterThan(0.68);
        bothKeepTheLimit(world, 70, seed);
    }

    @Test
    void shouldConnectNobodyWithAnAgentWhoDoesNotServeHisGroup() {
        World world = overlapping(3, 3, 4, 21);
        world.keepsSteps = true;
        world.run(Duration.ofMinutes(40));
        Map<AttemptId, CampaignId> dialedFor = dialedFor(world);
        Map<ReservationId, CampaignId> reservedFor = reservedFor(world);
        List<Change.AttemptConnected> talks = world.changes(Change.AttemptConnected.class);
        assertThat(talks)
                .hasSizeGreaterThan(50)
                .allSatisfy(talk -> assertThat(groups(world, talk.agent()))
                        .contains(dialedFor.get(talk.attempt()).value() == 1 ? FIRST : SECOND))
                .anySatisfy(talk ->
                        assertThat(reservedFor.get(talk.reservation())).isNotEqualTo(dialedFor.get(talk.attempt())));
    }

    private static Set<String> groups(World world, AgentId agent) {
        return world.store.agents.get(agent.value()).groups;
    }

    private static Map<AttemptId, CampaignId> dialedFor(World world) {
        return world.changes(Change.AttemptStarted.class).stream()
                .collect(Collectors.toMap(Change.AttemptStarted::attempt, Change.AttemptStarted::campaign));
    }

    private static Map<ReservationId, CampaignId> reservedFor(World world) {
        return world.changes(Change.ReservationRequested.class).stream()
                .collect(Collectors.toMap(
                        Change.ReservationRequested::reservation, Change.ReservationRequested::campaign));
    }

    /** Each after more live answers than so many. */
    private static void bothKeepTheLimit(World world, long liveAnswers, int seed) {
        for (long id = 1; id <= 2; id++) {
            Abandonment counted = counted(world, new CampaignId(id));
            assertThat(counted.liveAnswers()).isGreaterThan(liveAnswers);
            assertThat((double) counted.abandoned())
                    .as("seed %s: %s; a call in hand", seed, counted)
                    .isLessThanOrEqualTo(0.03 * counted.liveAnswers() + 1);
        }
    }

    private static World sharing(DialingMode mode, int seed) {
        Campaign first = campaign(mode);
        return twoCampaigns(staffed(seed), first, first);
    }

    /** So many agents for the first campaign alone, the second alone, and both. */
    private static World overlapping(int first, int second, int both, int seed) {
        Campaign campaign = campaign(DialingMode.PREDICTIVE_AGENT);
        Staffing other = Staffing.by(SECOND).withWrapUp(campaign.staffing().wrapUp());
        World world =
                unstaffed(seed).agents(first, FIRST).agents(second, SECOND).agents(both, FIRST, SECOND);
        return twoCampaigns(world, campaign, campaign.withStaffing(other));
    }

    private static World twoCampaigns(World world, Campaign first, Campaign other) {
        Campaign second = other.withId(new CampaignId(2)).withName("autumn");
        return world.contacts(4000, 1)
                .contacts(4000, 2)
                .activated(first, second)
                .countingAbandonment(first, second);
    }
}
