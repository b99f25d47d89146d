package releve.sim.simulate;

import java.util.List;
import releve.core.common.CampaignId;
import releve.core.memory.MemoryDesks;

/** A contact list that never ends: some are always left who have not been dialed. */
final class EndlessList {
    private static final String FICTIONAL = "+1999";

    private final MemoryDesks desks;
    private final CampaignId campaign;
    private final int ahead;
    private long added;
    private long dialed;

    EndlessList(MemoryDesks desks, CampaignId campaign, int ahead) {
        this.desks = desks;
        this.campaign = campaign;
        this.ahead = Math.max(2_000, ahead);
    }

    /** Contacts are dialed in the order of the list, and some of them again. */
    void dialed(String phone) {
        dialed = Math.max(dialed, Long.parseLong(phone.substring(FICTIONAL.length())));
    }

    void keepUp() {
        while (added < dialed + ahead) {
            desks.add(campaign, List.of(FICTIONAL + "%011d".formatted(++added)));
        }
    }
}
