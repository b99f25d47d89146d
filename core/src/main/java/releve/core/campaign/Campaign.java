package releve.core.campaign;

import java.util.List;
import releve.core.common.CampaignId;

/**
 * What a dialer knows of a campaign; ranges are those of {@link #violations()}.
 *
 * @param staffing the agents that serve it; unused by an IVR campaign
 * @param ivr where live answers of an IVR campaign go
 * @param pacing how many calls for how many agents
 * @param calls what a call looks like to its customer
 * @param abandon what becomes of a live answer that nobody takes
 * @param retry which contacts are dialed, and again
 * @param preview how contacts are offered to agents
 * @param callbacks what was promised to customers
 * @param cpa whether, and how, answers are analysed
 * @param schedule when it dials
 */
public record Campaign(
        CampaignId id,
        String name,
        DialingMode mode,
        boolean running,
        Staffing staffing,
        IvrSettings ivr,
        PacingSettings pacing,
        CallSettings calls,
        AbandonSettings abandon,
        RetrySettings retry,
        PreviewSettings preview,
        CallbackSettings callbacks,
        CpaSettings cpa,
        Schedule schedule) {

    /** A stopped campaign with the field's defaults; what its mode needs besides is set with the methods below. */
    public static Campaign named(String name, DialingMode mode, String callerId) {
        return new Campaign(
                new CampaignId(0),
                name,
                mode,
                false,
                Staffing.NOBODY,
                IvrSettings.NONE,
                PacingSettings.DEFAULT,
                CallSettings.from(callerId),
                AbandonSettings.DEFAULT,
                RetrySettings.DEFAULT,
                PreviewSettings.DEFAULT,
                CallbackSettings.DEFAULT,
                CpaSettings.OFF,
                Schedule.ALWAYS);
    }

    /** What is out of range, one sentence each; empty when the campaign may run. */
    public List<String> violations() {
        return CampaignRules.violations(this);
    }

    public Campaign withId(CampaignId newId) {
        return new Campaign(
                newId, name, mode, running, staffing, ivr, pacing, calls, abandon, retry, preview, callbacks, cpa,
                schedule);
    }

    public Campaign withName(String newName) {
        return new Campaign(
                id, newName, mode, running, staffing, ivr, pacing, calls, abandon, retry, preview, callbacks, cpa,
                schedule);
    }

    public Campaign withMode(DialingMode newMode) {
        return new Campaign(
                id, name, newMode, running, staffing, ivr, pacing, calls, abandon, retry, preview, callbacks, cpa,
                schedule);
    }

    public Campaign withRunning(boolean newRunning) {
        return new Campaign(
                id,
                name,
                mode,
                newRunning,
                staffing,
                ivr,
                pacing,
                calls,
                abandon,
                retry,
                preview,
                callbacks,
                cpa,
                schedule);
    }

    public Campaign withStaffing(Staffing newStaffing) {
        return new Campaign(
                id,
                name,
                mode,
                running,
                newStaffing,
                ivr,
                pacing,
                calls,
                abandon,
                retry,
                preview,
                callbacks,
                cpa,
                schedule);
    }

    public Campaign withIvr(IvrSettings newIvr) {
        return new Campaign(
                id, name, mode, running, staffing, newIvr, pacing, calls, abandon, retry, preview, callbacks, cpa,
                schedule);
    }

    public Campaign withPacing(PacingSettings newPacing) {
        return new Campaign(
                id, name, mode, running, staffing, ivr, newPacing, calls, abandon, retry, preview, callbacks, cpa,
                schedule);
    }

    public Campaign withCalls(CallSettings newCalls) {
        return new Campaign(
                id, name, mode, running, staffing, ivr, pacing, newCalls, abandon, retry, preview, callbacks, cpa,
                schedule);
    }

    public Campaign withAbandon(AbandonSettings newAbandon) {
        return new Campaign(
                id,
                name,
                mode,
                running,
                staffing,
                ivr,
                pacing,
                calls,
                newAbandon,
                retry,
                preview,
                callbacks,
                cpa,
                schedule);
    }

    public Campaign withRetry(RetrySettings newRetry) {
        return new Campaign(
                id, name, mode, running, staffing, ivr, pacing, calls, abandon, newRetry, preview, callbacks, cpa,
                schedule);
    }

    public Campaign withPreview(PreviewSettings newPreview) {
        return new Campaign(
                id,
                name,
                mode,
                running,
                staffing,
                ivr,
                pacing,
                calls,
                abandon,
                retry,
                newPreview,
                callbacks,
                cpa,
                schedule);
    }

    public Campaign withCallbacks(CallbackSettings newCallbacks) {
        return new Campaign(
                id,
                name,
                mode,
                running,
                staffing,
                ivr,
                pacing,
                calls,
                abandon,
                retry,
                preview,
                newCallbacks,
                cpa,
                schedule);
    }

    public Campaign withCpa(CpaSettings newCpa) {
        return new Campaign(
                id, name, mode, running, staffing, ivr, pacing, calls, abandon, retry, preview, callbacks, newCpa,
                schedule);
    }

    public Campaign withSchedule(Schedule newSchedule) {
        return new Campaign(
                id,
                name,
                mode,
                running,
                staffing,
                ivr,
                pacing,
                calls,
                abandon,
                retry,
                preview,
                callbacks,
                cpa,
                newSchedule);
    }
}
