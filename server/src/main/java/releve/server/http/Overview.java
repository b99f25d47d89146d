package releve.server.http;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentState;
import releve.core.campaign.Abandonment;
import releve.core.campaign.PacingSettings;
import releve.core.common.Side;
import releve.core.engine.Counts;
import releve.core.pair.Role;
import releve.server.trunk.TrunkReport;

/**
 * Everything that status shows, as of one moment: what {@code GET /api/status} answers and the console draws.
 *
 * @param at when the figures were read; while the store does not answer they stay, and grow old
 * @param answeredBy the side whose process shows this
 * @param problem why the figures are old, one sentence; empty while they are fresh
 */
public record Overview(
        Instant at,
        int pair,
        Side answeredBy,
        String problem,
        List<SideView> sides,
        AgentFigures agents,
        List<CampaignFigures> campaigns,
        List<Transition> journal) {

    /**
     * One side's dialer, by its heartbeat.
     *
     * @param present whether a process of this side runs or ran lately; without it the other fields say nothing
     * @param healthy whether its heartbeat is fresh
     * @param role active, standby, or in maintenance
     * @param phase the role's phase
     * @param dialing whether new calls start
     * @param dialingReason the same in words, with the reason when they do not
     * @param ready whether it could take the right to dial over
     * @param waitsFor a sentence on what maintenance waits for; empty outside of maintenance
     * @param expectedAt when the present phase of maintenance should be over
     * @param limitAt when it is over at the latest
     * @param trunks where its calls go
     * @param stopped whether the process has ended
     * @param exitStatus with which, if known
     * @param gateways the side's agent gateway and routing gateway; none of a former version
     */
    public record SideView(
            Side side,
            boolean present,
            boolean healthy,
            String instance,
            String role,
            String phase,
            Instant since,
            String reason,
            long epoch,
            boolean dialing,
            String dialingReason,
            boolean ready,
            String notReadyReason,
            Counts calls,
            String waitsFor,
            @Nullable Instant expectedAt,
            @Nullable Instant limitAt,
            List<TrunkReport> trunks,
            String version,
            String httpUrl,
            Instant lastSeen,
            boolean stopped,
            @Nullable Integer exitStatus,
            List<GatewayView> gateways) {

        /** Whether maintenance is under way: then it can be cancelled, and not started. */
        public boolean inMaintenance() {
            return role.equals(IN_MAINTENANCE);
        }

        static final String IN_MAINTENANCE = "in maintenance";

        /** The same with its gateways. */
        SideView with(List<GatewayView> found) {
            return new SideView(
                    side,
                    present,
                    healthy,
                    instance,
                    role,
                    phase,
                    since,
                    reason,
                    epoch,
                    dialing,
                    dialingReason,
                    ready,
                    notReadyReason,
                    calls,
                    waitsFor,
                    expectedAt,
                    limitAt,
                    trunks,
                    version,
                    httpUrl,
                    lastSeen,
                    stopped,
                    exitStatus,
                    found);
        }

        /** Where agents' desktops connect, or did last; empty when they never did. */
        public String agentsUrl() {
            return gateways.stream()
                    .filter(each -> each.role().equals(Role.AGENT_GATEWAY.written()))
                    .map(GatewayView::httpUrl)
                    .findFirst()
                    .orElse(httpUrl);
        }

        /** A side of which nothing is known. */
        static SideView absent(Side side, Instant now) {
            return new SideView(
                    side, false, false, "", "absent", "absent", now, "", 0, false, "", false, "", NO_CALLS, "", null,
                    null, List.of(), "", "", now, false, null, List.of());
        }

        private static final Counts NO_CALLS = Counts.NONE;
    }

    /**
     * One side's gateway, by its heartbeat.
     *
     * @param role agent-gateway or routing-gateway
     * @param healthy whether its heartbeat is fresh
     * @param desktops connected
     * @param waitsFor a sentence on what its maintenance waits for; empty when for nothing
     * @param sameProcess whether it runs in the dialer's process
     */
    public record GatewayView(
            String role,
            boolean healthy,
            String phase,
            Instant since,
            String reason,
            long epoch,
            int desktops,
            String waitsFor,
            @Nullable Instant limitAt,
            String httpUrl,
            boolean sameProcess,
            boolean stopped) {}

    /**
     * Agents logged in, by state.
     *
     * @param preview they decide about a contact
     * @param reserved for a call, also for one that their own phones place
     * @param talking or on hold
     */
    public record AgentFigures(
            int ready, int preview, int reserved, int talking, int wrapUp, int notReady, int loggedOut) {
        public static final AgentFigures NONE = new AgentFigures(0, 0, 0, 0, 0, 0, 0);

        /** Of so many agents in each state. */
        public static AgentFigures of(Map<AgentState, Integer> states) {
            return new AgentFigures(
                    states.getOrDefault(AgentState.READY, 0),
                    states.getOrDefault(AgentState.PREVIEW, 0),
                    states.getOrDefault(AgentState.RESERVED, 0) + states.getOrDefault(AgentState.DIALING, 0),
                    states.getOrDefault(AgentState.TALKING, 0) + states.getOrDefault(AgentState.HOLD, 0),
                    states.getOrDefault(AgentState.WRAP_UP, 0),
                    states.getOrDefault(AgentState.NOT_READY, 0),
                    states.getOrDefault(AgentState.LOGGED_OUT, 0));
        }

        public int loggedIn() {
            return ready + preview + reserved + talking + wrapUp + notReady;
        }
    }

    /**
     * A campaign's live counters; percentages are 0 to 100.
     *
     * @param dialerAbandonPercent of all its live answers so far
     * @param abandonment what its limit is about
     * @param penetrationPercent contacts attempted of all
     * @param hitRatePercent live voices of attempts ended
     */
    public record CampaignFigures(
            String name,
            String mode,
            boolean running,
            String skillGroup,
            long attempts,
            long live,
            long voice,
            long busy,
            long noAnswer,
            long invalid,
            long dialerAbandon,
            double dialerAbandonPercent,
            AbandonFigures abandonment,
            long customerAbandon,
            long unknown,
            Map<String, Long> results,
            long contacts,
            long contactsLeft,
            double penetrationPercent,
            double hitRatePercent,
            AgentFigures agents) {}

    /**
     * What a campaign has abandoned within its own window, against its own limit; percentages are 0 to 100.
     *
     * @param liveAnswers in the window
     * @param abandoned of them
     * @param limitPercent 0 when it has no limit
     */
    public record AbandonFigures(
            long liveAnswers, long abandoned, double percent, double limitPercent, long windowSeconds) {

        /** How a campaign stands. */
        public static AbandonFigures of(PacingSettings settings, @Nullable Abandonment counted) {
            return new AbandonFigures(
                    counted == null ? 0 : counted.liveAnswers(),
                    counted == null ? 0 : counted.abandoned(),
                    counted == null ? 0 : counted.percent(),
                    settings.abandonLimitPercent(),
                    settings.abandonWindow().toSeconds());
        }

        /** Whether more have been abandoned than the limit allows. */
        public boolean passed() {
            return limitPercent > 0 && percent > limitPercent;
        }

        /** The limit and its window in words, such as {@code of 3 % in 24 h}. */
        public String terms() {
            String limit = limitPercent == 0 ? "" : "of " + Wording.rate(limitPercent) + " % ";
            return limit + "in "
                    + (windowSeconds <= 48 * 3600 ? windowSeconds / 3600 + " h" : windowSeconds / 86_400 + " days");
        }
    }

    /** One transition of a role. */
    public record Transition(Instant at, Side side, String role, String from, String to, String reason) {}

    /** The same figures, with why they are old. */
    Overview withProblem(String why) {
        return new Overview(at, pair, answeredBy, why, sides, agents, campaigns, journal);
    }

    /** The side's view. */
    public SideView side(Side side) {
        return sides.stream()
                .filter(view -> view.side() == side)
                .findFirst()
                .orElseGet(() -> SideView.absent(side, at));
    }
}
