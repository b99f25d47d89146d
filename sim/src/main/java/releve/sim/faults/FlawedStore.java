package releve.sim.faults;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import releve.core.campaign.Contact;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.ReservationId;
import releve.core.memory.MemoryStore;
import releve.core.memory.Notice;
import releve.core.store.Change;
import releve.core.store.DialerStore.NodeId;

/** A store in which one thing is wrong. */
final class FlawedStore extends MemoryStore {
    private final Flaws flaws;

    FlawedStore(Flaws flaws, Supplier<Instant> time, Consumer<Notice> notices) {
        super(time, notices);
        this.flaws = flaws;
    }

    @Override
    protected boolean holdsRight(NodeId node, long epoch) {
        return flaws.has(Bug.EPOCH_NOT_CHECKED) || super.holdsRight(node, epoch);
    }

    @Override
    protected boolean isTaken(NodeId byAnotherThan) {
        return !flaws.has(Bug.STANDBY_DOES_NOT_WAIT) && super.isTaken(byAnotherThan);
    }

    @Override
    protected int closeAttempts(NodeId gone, String reason) {
        return flaws.has(Bug.TAKEOVER_LEAVES_ATTEMPTS_OPEN) ? 0 : super.closeAttempts(gone, reason);
    }

    @Override
    protected boolean closesContacts() {
        return !flaws.has(Bug.TAKEOVER_PUTS_ATTEMPTS_BACK);
    }

    @Override
    protected void freeAgents(NodeId gone) {
        if (!flaws.has(Bug.TAKEOVER_FORGETS_AGENTS)) {
            super.freeAgents(gone);
        }
    }

    @Override
    protected void moveCache(NodeId from, NodeId to, long epoch, Set<ContactId> butThose) {
        if (!flaws.has(Bug.HANDOVER_FORGETS_CACHE)) {
            super.moveCache(from, to, epoch, butThose);
        }
    }

    @Override
    public Optional<List<Contact>> claim(NodeId node, long epoch, CampaignId campaign, int count) {
        Optional<List<Contact>> claimed = super.claim(node, epoch, campaign, count);
        if (flaws.has(Bug.CLAIM_WITHOUT_STAMP)) {
            claimed.ifPresent(contacts -> contacts.stream()
                    .filter(contact -> contact.promise() == null)
                    .forEach(contact -> super.commit(
                            node, epoch, List.of(new Change.ContactReturned(contact.id(), contact.formerStatus())))));
        }
        return claimed;
    }

    @Override
    public Map<ReservationId, Granted> granted(NodeId node) {
        Map<ReservationId, Granted> granted = super.granted(node);
        if (flaws.has(Bug.SKILLS_NOT_LOOKED_AT)) {
            granted.replaceAll(
                    (reservation, agent) -> new Granted(agent.agent(), agent.phoneUri(), SimulatedAgents.ALL_GROUPS));
        }
        return granted;
    }

    @Override
    protected boolean phoneIsFree(Change.AttemptStarted start) {
        return flaws.has(Bug.LIVE_PHONE_NOT_LOOKED_AT) || super.phoneIsFree(start);
    }

    @Override
    protected boolean isListed(Collection<String> phones) {
        return !flaws.has(Bug.LIST_NOT_LOOKED_AT) && super.isListed(phones);
    }
}
