package releve.core.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;

class CampaignTest {
    /** The fields of domain.md: name, lines, ring s, attempts, minimum s, wrap-up s, abandon s, IVR ports. */
    private static Campaign campaign(
            DialingMode mode,
            String name,
            double lines,
            double ringS,
            int attempts,
            double minimumS,
            double wrapUpS,
            double abandonS,
            int ivrPorts) {
        Campaign c = Samples.agentCampaign(1);
        return c.withMode(mode)
                .withName(name)
                .withStaffing(c.staffing().withWrapUp(seconds(wrapUpS)))
                .withIvr(new IvrSettings(ivrPorts, "sip:ivr@192.0.2.9"))
                .withPacing(new PacingSettings(lines, 100, 3, Duration.ofHours(24)))
                .withCalls(c.calls().withRingLimit(seconds(ringS)).withMinimumCallDuration(seconds(minimumS)))
                .withAbandon(c.abandon().withAfter(seconds(abandonS)))
                .withRetry(c.retry().withMaximumAttempts(attempts));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    @ParameterizedTest
    @CsvSource({
        "x,   1,   10, 1,   0,  0,   0,  1",
        "x,   100, 90, 100, 10, 600, 10, 10000",
        "x,   1.5, 32, 3,   1,  10,  2,  30",
        "x,   2.3, 32, 3,   1,  10,  2,  30",
        "x,  99.9, 32, 3,   1,  10,  2,  30"
    })
    void shouldAcceptFieldsWithinTheirRanges(
            String name,
            double lines,
            double ringS,
            int attempts,
            double minimumS,
            double wrapUpS,
            double abandonS,
            int ports) {
        for (DialingMode mode : DialingMode.values()) {
            assertThat(campaign(mode, name, lines, ringS, attempts, minimumS, wrapUpS, abandonS, ports)
                            .violations())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',  1.5,   32,     3,   1,     10,    2,     1,     name",
        "x,   0.9,   32,     3,   1,     10,    2,     1,     lines per agent",
        "x,   1.55,  32,     3,   1,     10,    2,     1,     lines per agent",
        "x,   NaN,   32,     3,   1,     10,    2,     1,     lines per agent",
        "x,   1.5,   9.999,  3,   1,     10,    2,     1,     no-answer ring limit",
        "x,   1.5,   90.001, 3,   1,     10,    2,     1,     no-answer ring limit",
        "x,   1.5,   32,     0,   1,     10,    2,     1,     maximum attempts",
        "x,   1.5,   32,     101, 1,     10,    2,     1,     maximum attempts",
        "x,   1.5,   32,     3,   -0.1,  10,    2,     1,     minimum call duration",
        "x,   1.5,   32,     3,   10.1,  10,    2,     1,     minimum call duration",
        "x,   1.5,   32,     3,   1,     600.1, 2,     1,     wrap-up",
        "x,   1.5,   32,     3,   1,     -1,    2,     1,     wrap-up",
        "x,   1.5,   32,     3,   1,     10,    10.1,  1,     wait for an agent",
        "x,   1.5,   32,     3,   1,     10,    2,     0,     IVR ports",
        "x,   1.5,   32,     3,   1,     10,    2,     10001, IVR ports"
    })
    void shouldNameTheFieldThatIsOutOfRange(
            String name,
            double lines,
            double ringS,
            int attempts,
            double minimumS,
            double wrapUpS,
            double abandonS,
            int ports,
            String field) {
        assertThat(campaign(
                                DialingMode.PROGRESSIVE_IVR,
                                name,
                                lines,
                                ringS,
                                attempts,
                                minimumS,
                                wrapUpS,
                                abandonS,
                                ports)
                        .violations())
                .singleElement()
                .asString()
                .contains(field);
    }

    @Test
    void shouldWantASkillGroupOrAnIvrAddressByMode() {
        Campaign c = Samples.agentCampaign(1);
        for (DialingMode mode : DialingMode.values()) {
            Campaign bare = Campaign.named("x", mode, c.calls().callerId())
                    .withStaffing(Staffing.by(" "))
                    .withIvr(new IvrSettings(5, null));
            assertThat(bare.violations()).hasSize(1);
        }
    }

    @Test
    void shouldNameTheFurtherFieldsThatAreOutOfRange() {
        Campaign c = Samples.agentCampaign(1);
        Duration day = Duration.ofHours(24);
        assertThat(c.withPacing(new PacingSettings(100.1, 100.1, 3, day)).violations())
                .hasSize(2);
        refused(c.withPacing(new PacingSettings(2, 1.5, 3, day)), "maximum lines per agent");
        refused(c.withPacing(new PacingSettings(2, 2, 100.1, day)), "abandon limit");
        refused(c.withPacing(new PacingSettings(2, 2, 3, Duration.ofMinutes(59))), "window of the abandon limit");
        refused(c.withStaffing(c.staffing().withShare(101, 0)), "reservation percentage");
        refused(c.withStaffing(c.staffing().withShare(100, 101)), "overflow agents");
        refused(c.withPreview(new PreviewSettings(seconds(4.9), day)), "preview time-out");
        refused(
                c.withCallbacks(new CallbackSettings(true, AbsentAgentRule.ABANDON, seconds(59))),
                "window of a personal callback");
        refused(
                c.withAbandon(new AbandonSettings(seconds(2), AbandonTreatment.MESSAGE, null, null, seconds(0))),
                "recording's name");
        refused(
                c.withAbandon(new AbandonSettings(seconds(2), AbandonTreatment.IVR, null, null, seconds(0))),
                "SIP address");
        assertThat(c.withPacing(new PacingSettings(2, 2, 0, day)).violations())
                .as("no abandon limit")
                .isEmpty();
    }

    private static void refused(Campaign campaign, String field) {
        assertThat(campaign.violations()).singleElement().asString().contains(field);
    }

    @Test
    void shouldHoldItsShareOfAgentsAndTheOverflow() {
        assertThat(Staffing.by("sales").withShare(50, 0).agentsMax(5)).isEqualTo(3);
        assertThat(Staffing.by("sales").withShare(50, 1).agentsMax(5)).isEqualTo(4);
        assertThat(Staffing.by("sales").withShare(100, 9).agentsMax(5)).isEqualTo(5);
        assertThat(Staffing.by("sales").withShare(0, 0).agentsMax(5)).isZero();
    }

    @Test
    void shouldDialThePhonesOfAContactInTurn() {
        List<String> phones = List.of("+12025550101", "+12025550102");
        for (int attempts = 0; attempts < 4; attempts++) {
            Contact contact = new Contact(new ContactId(1), new CampaignId(1), phones, attempts, ContactStatus.PENDING);
            assertThat(contact.nextPhone()).isEqualTo(phones.get(attempts % 2));
        }
    }

    @Test
    void shouldRefuseAContactWithoutPhoneOrWithEleven() {
        assertThatThrownBy(() -> new Contact(new ContactId(1), new CampaignId(1), List.of(), 0, ContactStatus.PENDING))
                .hasMessageContaining("0 phones");
        assertThatThrownBy(() -> new Contact(
                        new ContactId(1),
                        new CampaignId(1),
                        java.util.Collections.nCopies(11, "+12025550101"),
                        0,
                        ContactStatus.PENDING))
                .hasMessageContaining("11 phones");
    }

    @Test
    void shouldFindEachStatusByItsLetter() {
        for (ContactStatus status : ContactStatus.values()) {
            assertThat(ContactStatus.ofLetter(status.letter())).isEqualTo(status);
        }
        assertThatThrownBy(() -> ContactStatus.ofLetter('Z')).isInstanceOf(IllegalArgumentException.class);
    }
}
