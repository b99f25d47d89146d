package releve.core.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import releve.core.call.Target;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.DialingMode;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;

/** What one dialer holds for one campaign: cached contacts, open reservation requests, idle agents, waiting calls. */
final class CampaignRun {
    Campaign campaign;
    final Deque<Contact> cache = new ArrayDeque<>();
    final Set<ReservationId> requested = new LinkedHashSet<>();
    final Map<ReservationId, Target.Agent> idle = new LinkedHashMap<>();
    /** Live answers that nobody serves yet, oldest first. */
    final Deque<AttemptId> waiting = new ArrayDeque<>();

    /** Calls that may yet want a target; kept by the engine at each transition. */
    int wanting;
    /** Calls transferring to or connected with the IVR. */
    int ivrPortsBusy;

    boolean claiming;
    Instant claimNotBefore = Instant.MIN;

    CampaignRun(Campaign campaign) {
        this.campaign = campaign;
    }

    boolean toIvr() {
        return campaign.mode() == DialingMode.PROGRESSIVE_IVR;
    }

    /** How many calls may be under way, for those who could take them now. */
    int linesWanted() {
        int free = toIvr() ? campaign.ivrPorts() - ivrPortsBusy : idle.size();
        return (int) Math.ceil(campaign.linesPerAgent() * Math.max(0, free) - 1e-9);
    }

    /** Somebody for a live answer, the longest idle first; he is idle no more. */
    Optional<Target> takeTarget() {
        if (toIvr()) {
            String uri = campaign.ivrUri();
            if (uri == null || ivrPortsBusy >= campaign.ivrPorts()) {
                return Optional.empty();
            }
            ivrPortsBusy++;
            return Optional.of(new Target.Ivr(uri));
        }
        var longest = idle.entrySet().iterator();
        if (!longest.hasNext()) {
            return Optional.empty();
        }
        Target.Agent agent = longest.next().getValue();
        longest.remove();
        return Optional.of(agent);
    }

    /** Idle agents that no call under way may need, most recently reserved first; they are idle no more. */
    List<Target.Agent> takeSurplus() {
        List<Target.Agent> all = new ArrayList<>(idle.values());
        List<Target.Agent> surplus = new ArrayList<>(all.subList(Math.min(wanting, all.size()), all.size()));
        surplus.forEach(agent -> idle.remove(agent.reservation()));
        return surplus;
    }
}
