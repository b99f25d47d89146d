package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.Disposition;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.ReservationId;
import releve.core.contract.StoreWorld.ContactView;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.CommitResult;

/** Numbers that no campaign dials. */
public abstract class DoNotCallContract extends StoreScene {
    @Test
    void shouldCloseContactsWhoseNumberIsListedAndClaimTheNext() {
        String listed = phone();
        ContactId first = world().contact(campaign, listed);
        ContactId other = world().contact(campaign, phone(), listed);
        ContactId allowed = contact();
        world().doNotCall(listed);
        long epoch = take(a, LONG);

        assertThat(store.claim(a, epoch, campaign, 1).orElseThrow())
                .extracting(Contact::id)
                .containsExactly(allowed);

        assertThat(world().contact(first)).isEqualTo(new ContactView(ContactStatus.CLOSED, 0, null));
        assertThat(status(other)).as("one of his phones is listed").isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldCloseAPersonalCallbackToAListedNumber() {
        String listed = phone();
        ContactId promised = world().contact(campaign, listed);
        world().promise(promised, readyAgent(), world().now().minusSeconds(5));
        world().doNotCall(listed);
        long epoch = take(a, LONG);

        assertThat(store.claimPersonalCallbacks(a, epoch, campaign, 5)).contains(List.of());

        assertThat(status(promised)).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldNotDialANumberThatWasListedAfterItsContactWasClaimed() {
        String phone = phone();
        ContactId contact = world().contact(campaign, phone);
        long epoch = take(a, LONG);
        Contact claimed = claimOne(a, epoch);
        AttemptStarted start = start(epoch, claimed);
        world().doNotCall(phone);

        CommitResult result = store.commit(a, epoch, List.of(start));

        assertThat(result.refused().get(start.attempt()))
                .isEqualTo("attempt %s not started: %s is on the do-not-call list".formatted(start.attempt(), phone));
        assertThat(world().attempt(start.attempt())).isEmpty();
        store.commit(a, epoch, List.of(new Change.ContactReturned(contact, claimed.formerStatus())));
        assertThat(store.claim(a, epoch, campaign, 1)).contains(List.of());
        assertThat(status(contact)).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldListTheNumberOfWhoWantsNoMoreCallsUntilItsAgentTakesThatBack() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        world().route();
        store.commit(a, epoch, List.of(new Change.AttemptConnected(call.attempt(), agent, reservation, "leg-2", AT)));
        CampaignId elsewhere = otherCampaign();
        ContactId same = world().contact(elsewhere, call.phone());
        store.commit(a, epoch, List.of(voice(call)));

        assertThat(says(agent, call, CallResult.DO_NOT_CALL)).isTrue();
        assertThat(says(agent, call, CallResult.VOICE)).isTrue();
        assertThat(store.claim(a, epoch, elsewhere, 1).orElseThrow())
                .extracting(Contact::id)
                .containsExactly(same);
        store.commit(a, epoch, List.of(new Change.ContactReturned(same, ContactStatus.PENDING)));
        assertThat(says(agent, call, CallResult.DO_NOT_CALL)).isTrue();

        assertThat(store.claim(a, epoch, elsewhere, 1)).as("in any campaign").contains(List.of());
        assertThat(status(same)).isEqualTo(ContactStatus.CLOSED);
    }

    private boolean says(AgentId agent, AttemptStarted call, CallResult said) {
        return world().dispose(agent, call.attempt(), new Disposition(said, null, false, ""));
    }

    private CampaignId otherCampaign() {
        return world().campaign(Campaign.named(
                        "other " + NUMBERS.incrementAndGet(), DialingMode.PROGRESSIVE_AGENT, "+12025550100")
                .withRunning(true)
                .withStaffing(Staffing.by(group)));
    }
}
