package releve.core.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import releve.core.call.Call;
import releve.core.call.Target;
import releve.core.call.Treatment;
import releve.core.campaign.Campaign;
import releve.core.campaign.CpaSettings;

/** What a campaign's settings mean for one call. */
final class CallLimits {
    private CallLimits() {}

    /** @param fromAgent whether the call is placed from the agent's own phone: nobody analyses it */
    static Call.Limits of(Campaign campaign, Duration transferLimit, boolean fromAgent) {
        return new Call.Limits(
                campaign.calls().noAnswerRingLimit(),
                campaign.abandon().after(),
                transferLimit,
                campaign.calls().minimumCallDuration(),
                campaign.cpa().on() && !fromAgent ? campaign.cpa().maximumTime() : Duration.ZERO,
                machine(campaign),
                abandoned(campaign));
    }

    /** Settings that lack what they need are refused when they are made; should they be there all the same, calls end. */
    private static Treatment machine(Campaign campaign) {
        CpaSettings cpa = campaign.cpa();
        boolean toIvr = campaign.mode().toIvr();
        @Nullable String ivr = campaign.ivr().uri();
        @Nullable String message = cpa.machineMessage();
        return switch (cpa.machine()) {
            case ABANDON -> new Treatment.HangUp();
            case TRANSFER_TO_AGENT -> toIvr ? new Treatment.HangUp() : new Treatment.Serve();
            case TRANSFER_TO_IVR ->
                toIvr
                        ? new Treatment.Serve()
                        : ivr == null ? new Treatment.HangUp() : new Treatment.Divert(new Target.Ivr(ivr));
            case WAIT_FOR_BEEP_AND_PLAY ->
                message == null ? new Treatment.HangUp() : new Treatment.PlayAfterTone(message, cpa.maximumToneWait());
        };
    }

    private static Treatment.OfPerson abandoned(Campaign campaign) {
        @Nullable String message = campaign.abandon().message();
        @Nullable String ivr = campaign.abandon().ivrUri();
        return switch (campaign.abandon().treatment()) {
            case HANG_UP -> new Treatment.HangUp();
            case MESSAGE -> message == null ? new Treatment.HangUp() : new Treatment.Play(message);
            case IVR -> ivr == null ? new Treatment.HangUp() : new Treatment.Divert(new Target.AbandonIvr(ivr));
        };
    }
}
