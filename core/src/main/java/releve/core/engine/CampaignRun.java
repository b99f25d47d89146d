package releve.core.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import releve.core.call.Call;
import releve.core.call.Target;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;
import releve.core.pacing.PacingPolicy;

/** What one dialer holds for one campaign: cached contacts, open reservation requests, idle agents, waiting calls. */
final class CampaignRun {
    Campaign campaign;
    final ContactCache cache = new ContactCache();
    final Set<ReservationId> requested = new LinkedHashSet<>();
    final IdleAgents idle = new IdleAgents();
    /** Live answers that nobody serves yet, oldest first. */
    final Deque<AttemptId> waiting = new ArrayDeque<>();

    /** The reservations of {@link #idle} agents and of those who serve a call. */
    final Set<ReservationId> held = new HashSet<>();

    /** Calls that may yet want a target and have none. */
    int wanting;
    /** Those, and the ones whose target may yet refuse. */
    int unsettled;
    /** Of the unsettled calls those that have an agent of their own. */
    int kept;
    /** Contacts that agents are asked to accept, or have accepted and that are not dialed yet. */
    int offers;
    /** Calls transferring to or connected with the IVR. */
    int ivrPortsBusy;

    /** Number of the attempt started last, so that campaigns take turns. */
    long lastStarted;
    /** No longer among the campaigns: stopped for good. */
    boolean gone;

    /** Analysis is on, and the last answer came without a promise of a verdict. */
    boolean unanalysed;

    /** Personal callbacks that are held and not offered yet. */
    int promises;

    /** Some of them came or went, so somebody may have to be asked for. */
    boolean promisesChanged;

    boolean claimingPromises;
    Instant promisesAt = Instant.MIN;
    boolean claiming;
    /** A claim was not answered: the store may hold contacts for this node that it does not know of. */
    boolean claimUncertain;

    Instant claimNotBefore = Instant.MIN;

    private final Skills skills;

    /** Predictive campaigns that share agents with it: each takes whoever is idle, and has the skill, for a call that waits. */
    private List<CampaignRun> sharing = List.of();

    /** How many calls it may start, when its mode leaves that to pacing; told of every call, whatever the mode. */
    final Predictive predictive;

    CampaignRun(Campaign campaign, PacingChoice pacing, Skills skills, Instant now) {
        this.campaign = campaign;
        this.skills = skills;
        this.predictive = new Predictive(campaign, pacing, now);
    }

    /** Takes the campaign as it is now. */
    void settings(Campaign current, Instant now) {
        campaign = current;
        predictive.settings(current, now);
    }

    void sharing(List<CampaignRun> others) {
        sharing = others;
    }

    boolean isSharing() {
        return !sharing.isEmpty();
    }

    /** Whether some of its agents take the calls of that campaign too. */
    boolean sharesAgentsWith(CampaignRun other) {
        return this != other
                && sharesAgents()
                && other.sharesAgents()
                && (group().equals(other.group()) || skills.anyServes(group(), other.group()));
    }

    private String group() {
        return campaign.staffing().skillGroup();
    }

    private boolean servesNoOther(AgentId agent) {
        return sharing.stream().noneMatch(other -> other.serves(agent));
    }

    private boolean serves(AgentId agent) {
        return skills.serves(agent, group());
    }

    private boolean sharesAgents() {
        return campaign.mode().predictive() && !toIvr() && campaign.staffing().reservationPercent() == 100 && !gone;
    }

    /**
     * What pacing sees of those who share all of its agents: they are paced as one. Where only some agents serve both, whoever is idle
     * still takes the call that waits, but each counts on its own agents only: calls of the one with more agents of its own would
     * crowd out the other's.
     */
    List<PacingPolicy.Sharing> shared() {
        return sharing.stream()
                .filter(this::sharesAllAgentsWith)
                .map(other -> other.predictive.shared(other.cache.size()))
                .toList();
    }

    private boolean sharesAllAgentsWith(CampaignRun other) {
        return group().equals(other.group())
                || (predictive.agentsAll(other::serves) && other.predictive.agentsAll(this::serves));
    }

    /** Whether something has happened to it, or to those who share its agents, since they decided how many calls to start. */
    boolean stirred() {
        return predictive.changed() || sharing.stream().anyMatch(other -> other.predictive.changed());
    }

    /** An agent has come to it: whoever had him before lets him go. */
    void reserved(Target.Agent agent, Instant now) {
        sharing.forEach(other -> other.predictive.elsewhere(agent.agent(), now));
        predictive.reserved(agent.agent(), now);
    }

    boolean running() {
        return campaign.running() && !gone;
    }

    /** Why it does not dial now; empty when it does. */
    String hindrance(Instant now) {
        if (!running()) {
            return "the campaign is stopped";
        }
        return campaign.schedule().hindrance(now);
    }

    /** Adds an attempt to the counters, or takes it out of them. */
    void count(Attempt attempt, int by) {
        Call call = attempt.call;
        boolean own = attempt.kept != null;
        wanting += call.mayWantTarget() && !own ? by : 0;
        unsettled += call.unsettled() ? by : 0;
        kept += call.unsettled() && own ? by : 0;
    }

    /** Calls that may yet need one of the idle agents. */
    int needy() {
        return unsettled - kept;
    }

    /** Whether one more call may start for those who could take it. */
    boolean wantsCall(Instant now) {
        return !campaign.mode().offersContacts() && hindrance(now).isEmpty() && next() != null;
    }

    /**
     * A contact to dial.
     *
     * @param kept the agent who is kept for him alone; null when anybody may take the call
     */
    record Next(Contact contact, Target.@Nullable Agent kept) {}

    /** The contact whose turn it is, when {@link #wantsCall}. */
    Next takeNext(Instant now) {
        Contact contact = Objects.requireNonNull(next());
        cache.remove(contact);
        Target.Agent kept = isOwed(contact) ? idle.take().orElse(null) : null;
        if (kept != null) {
            predictive.left(kept.agent(), now);
        }
        return new Next(contact, kept);
    }

    /** The first that may be dialed now. Who is owed an agent waits for one; the lines of one agent wait with him. */
    private @Nullable Contact next() {
        boolean line = campaign.mode().predictive()
                ? predictive.mayStart() > 0
                : wanting < lines(toIvr() || !cache.anyOwed() ? free() : free() - 1);
        if (!line && (toIvr() || !cache.anyOwed())) {
            return null;
        }
        for (Contact contact : cache.all()) {
            if (isOwed(contact) ? hasAgentToKeep() : line) {
                return contact;
            }
        }
        return null;
    }

    /** An IVR is no agent: its campaigns stay away from such a contact, see the rules of retries. */
    private boolean isOwed(Contact contact) {
        return contact.agentOwed() && !toIvr();
    }

    private boolean hasAgentToKeep() {
        return idle.staying() > 0 && canCarry(idle.staying() - 1);
    }

    /** Whether so many idle agents can carry the calls under way, as the campaign paces itself. */
    private boolean canCarry(int agents) {
        return campaign.mode().predictive()
                ? predictive.mayStart() > 0
                : needy() <= campaign.pacing().linesPerAgent() * agents;
    }

    /** Those who wish to leave, or are wanted elsewhere, and whom no call under way need find there; they are idle no more. */
    List<Target.Agent> takeLeaving(Predicate<AgentId> stays) {
        List<Target.Agent> taken = new ArrayList<>();
        for (Target.Agent agent : idle.leaving()) {
            if (!stays.test(agent.agent()) && canSpareOne()) {
                idle.remove(agent);
                taken.add(agent);
            }
        }
        return taken;
    }

    /** That idle agent, for whom no call starts, unless one under way may need him; he is idle no more. */
    Optional<Target.Agent> takeAwaited(AgentId agent) {
        return campaign.mode().offersContacts() || canSpareOne() ? idle.take(agent::equals) : Optional.empty();
    }

    /** Any idle agent, when there are more of them than calls under way that may need one; he is idle no more. */
    Optional<Target.Agent> takeSpare() {
        return campaign.mode().offersContacts() || idle.size() > needyOfAll() ? idle.take() : Optional.empty();
    }

    /** Whether calls under way can do with one less of those for whom none starts. */
    private boolean canSpareOne() {
        return canCarry(idle.size() - 1) || needyOfAll() == 0;
    }

    /** With those who share its agents. */
    private int needyOfAll() {
        return needy() + sharing.stream().mapToInt(CampaignRun::needy).sum();
    }

    boolean toIvr() {
        return campaign.mode().toIvr();
    }

    /** How many calls may be under way, for those who could take them now. */
    int linesWanted() {
        if (campaign.mode().predictive()) {
            return wanting + predictive.mayStart();
        }
        return campaign.mode().offersContacts() ? idle.staying() : lines(free());
    }

    /** Agents, or ports, that could take a call now. */
    private int free() {
        return toIvr() ? campaign.ivr().uri() == null ? 0 : campaign.ivr().ports() - ivrPortsBusy : idle.staying();
    }

    private int lines(int free) {
        return (int) Math.ceil(campaign.pacing().linesPerAgent() * Math.max(0, free) - 1e-9);
    }

    /** Somebody for a live answer, the longest idle first; he is idle no more. */
    Optional<Target> takeTarget(Instant now) {
        if (toIvr()) {
            String uri = campaign.ivr().uri();
            return uri == null || ivrPortsBusy >= campaign.ivr().ports() || !takePort()
                    ? Optional.empty()
                    : Optional.of(new Target.Ivr(uri));
        }
        return idle.take(this::servesNoOther)
                .or(idle::take)
                .or(() -> borrow(now))
                .map(agent -> agent);
    }

    /** An agent whom another campaign has reserved, and whose calls do not wait for anybody. */
    private Optional<Target.Agent> borrow(Instant now) {
        for (CampaignRun lender : sharing) {
            Optional<Target.Agent> lent = lender.waiting.isEmpty() ? lender.idle.take(this::serves) : Optional.empty();
            if (lent.isPresent()) {
                lender.held.remove(lent.get().reservation());
                held.add(lent.get().reservation());
                reserved(lent.get(), now);
                return lent;
            }
        }
        return Optional.empty();
    }

    /** Takes a port of the IVR; when there is none, it is counted all the same until the call has been told. */
    boolean takePort() {
        return ++ivrPortsBusy <= campaign.ivr().ports();
    }

    /** A customer, or a machine, has answered. */
    void answered(Call call) {
        unanalysed = campaign.cpa().on() && !call.analysisPromised();
    }

    /** What supervisors should know of its analysis; empty when there is nothing. */
    String analysisNote() {
        return unanalysed && campaign.cpa().on()
                ? "the trunk promises no analysis of answers, so whoever answers counts as a person"
                : "";
    }

    /** Idle agents that no call under way may need; they are idle no more. */
    List<Target.Agent> takeSurplus() {
        return idle.takeLast(Math.max(0, idle.size() - (toIvr() ? 0 : needy())));
    }
}
