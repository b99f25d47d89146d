package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import releve.core.call.CallEvent;
import releve.core.common.Handover;
import releve.core.pair.Peer;
import releve.core.store.Change;

/** What a dialer was told and decided from some moment on, in lines for people. */
final class Transcript {
    private final World world;
    private final String title;
    private final Instant start;
    private final int from;

    Transcript(World world, String title) {
        this.world = world;
        this.title = title;
        this.start = world.now;
        this.from = world.steps.size();
    }

    String text() {
        StringBuilder text = new StringBuilder("# " + title + "\n# before: " + state(from - 1) + "\n");
        for (int i = from; i < world.steps.size(); i++) {
            World.Step step = world.steps.get(i);
            List<String> decisions = decisions(step.decision());
            if (decisions.isEmpty() && !worthTelling(step.event())) {
                continue;
            }
            double seconds = Duration.between(start, step.at()).toMillis() / 1000.0;
            text.append(String.format(Locale.ROOT, "%n%8.3f s  %s%n", seconds, told(step.event())));
            decisions.forEach(line -> text.append("              ").append(line).append('\n'));
        }
        return text.append("\n# after: ")
                .append(state(world.steps.size() - 1))
                .append('\n')
                .toString();
    }

    private String state(int step) {
        if (step < 0) {
            return "standby";
        }
        DialerStatus status = world.steps.get(step).status();
        Counts c = status.counts();
        return "%s; %d ringing, %d transferring, %d connected, %d reserved, %d cached"
                .formatted(status.phase(), c.ringing(), c.transferring(), c.connected(), c.reserved(), c.cached());
    }

    private static boolean worthTelling(Event event) {
        return switch (event) {
            case Event.RightRenewed r -> false;
            case Event.Tick t -> false;
            case Event.CampaignsRead r -> false;
            case Event.ContactsClaimed c -> false;
            case Event.ReservationGranted g -> false;
            default -> true;
        };
    }

    private static String told(Event event) {
        return switch (event) {
            case Event.RightGranted g -> "the store grants epoch " + g.epoch() + ": " + g.how();
            case Event.ElsewhereCounted c ->
                "others of the pair have %d calls and %d offers under way"
                        .formatted(c.elsewhere().calls(), c.elsewhere().offers());
            case Event.AgentsLeaving l -> l.agents().size() + " agents will not be there after their call";
            case Event.RightRenewed r -> "the right is renewed";
            case Event.RightLost l -> "the right is lost: " + l.reason();
            case Event.HandedOver h -> h.how();
            case Event.HandoverFailed f -> "the handover failed: " + f.reason();
            case Event.SuccessorSeen seen -> "the other side uses the right to dial";
            case Event.PeerSeen seen -> "heartbeat of the other side: " + peer(seen.peer());
            case Event.MaintenanceAsked m ->
                m.who() + " asks for maintenance" + (m.force() ? ", with force" : "")
                        + (m.how() == Handover.OVERLAP ? ", with an overlap" : "");
            case Event.MaintenanceCancelled c -> c.who() + " cancels the maintenance";
            case Event.DryRunAsked d -> "an operator asks what maintenance would do";
            case Event.StopNow s -> "stop now: " + s.reason();
            case Event.CampaignsRead r -> r.campaigns().size() + " campaigns read";
            case Event.ContactsClaimed c -> c.contacts().size() + " contacts claimed";
            case Event.PersonalCallbacksClaimed c -> c.contacts().size() + " personal callbacks claimed";
            case Event.OfferAnswered a -> "offer " + a.offer() + " is answered: " + a.answer();
            case Event.AbandonmentCounted c -> "abandonment is counted";
            case Event.PersonalCallbacksNotClaimed f -> "no personal callbacks claimed: " + f.reason();
            case Event.ClaimFailed f -> "no contacts claimed: " + f.reason();
            case Event.StartRefused r -> "attempt " + r.attempt() + " was not started: " + r.reason();
            case Event.ReservationGranted g -> g.agent() + " is reserved";
            case Event.TrunkUp u -> "the trunk answers";
            case Event.TrunkDown d -> "the trunk is down: " + d.reason();
            case Event.TrunkPaused p ->
                "the trunk wants no calls for " + p.pause().toMillis() + " ms: " + p.reason();
            case Event.CallReported reported -> "call " + reported.attempt() + ": " + call(reported.event());
            case Event.Tick t -> "a deadline has come";
        };
    }

    private static String peer(Peer peer) {
        return switch (peer) {
            case Peer.Healthy healthy -> healthy.instance() + " can take over";
            case Peer.Unfit unfit -> "unfit, " + unfit.reason();
        };
    }

    private static String call(CallEvent event) {
        return event instanceof CallEvent.Failed failed
                ? failed.status() + " " + failed.phrase()
                : event.getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                        .toLowerCase(Locale.ROOT);
    }

    private static List<String> decisions(Decision decision) {
        List<String> lines = new ArrayList<>();
        TreeMap<String, Integer> grouped = new TreeMap<>();
        for (Change change : decision.changes()) {
            switch (change) {
                case Change.AttemptStarted s -> lines.add("start attempt " + s.attempt());
                case Change.AttemptRang r -> lines.add("attempt " + r.attempt() + " rings");
                case Change.AttemptAnswered a -> lines.add("attempt " + a.attempt() + " is answered");
                case Change.AttemptConnected c ->
                    lines.add("attempt " + c.attempt() + " is connected with "
                            + (c.agent() == null ? "the IVR" : c.agent()));
                case Change.AttemptDecided d ->
                    lines.add("attempt %s will have ended: %s"
                            .formatted(d.attempt(), d.because().result().meaning()));
                case Change.AttemptEnded e ->
                    lines.add("attempt %s ends: %s, by %s: %s; the contact is %s"
                            .formatted(
                                    e.attempt(),
                                    e.termination().result().meaning(),
                                    e.termination().endedBy().name().toLowerCase(Locale.ROOT),
                                    e.termination().reason(),
                                    e.outcome().status()));
                case Change.ContactOffered o -> lines.add("offer " + o.offer() + " to " + o.agent());
                case Change.OfferClosing c -> lines.add("close offer " + c.offer() + ": " + c.answer());
                case Change.OfferEnded o -> lines.add("offer " + o.offer() + " ends: " + o.answer());
                case Change.AgentDialing d -> lines.add(d.agent() + " dials");
                case Change.CallbackMissed m ->
                    lines.add("a callback is missed; the contact is "
                            + m.outcome().status());
                case Change.AgentWrapUp w -> lines.add(w.agent() + " goes to wrap-up");
                case Change.AgentUnreachable u -> lines.add(u.agent() + " is not ready: " + u.reason());
                case Change.ReservationRequested r -> grouped.merge("reservations asked for", 1, Integer::sum);
                case Change.ReservationWithdrawn w ->
                    grouped.merge("reservations withdrawn: " + w.reason(), 1, Integer::sum);
                case Change.ContactReturned r -> grouped.merge("contacts returned", 1, Integer::sum);
            }
        }
        grouped.forEach((what, count) -> lines.add(count + " " + what));
        for (Command command : decision.commands()) {
            switch (command) {
                case Command.Journal j -> lines.add(j.transition().toString());
                case Command.Answer a -> lines.add((a.accepted() ? "accepted: " : "refused: ") + a.text());
                case Command.AnswerDryRun d ->
                    lines.add("%s; handover within %s s, %d connected calls to follow"
                            .formatted(
                                    d.plan().possible()
                                            ? "possible"
                                            : "blocked: " + d.plan().blockedBy(),
                                    d.plan().handoverWithin().toMillis() / 1000.0,
                                    d.plan().counts().connected()));
                case Command.HandOver h -> lines.add("hand epoch " + h.epoch() + " over to " + h.toInstance());
                case Command.GiveUpRight g -> lines.add("give epoch " + g.epoch() + " up");
                case Command.StopProcess s -> lines.add("stop with status " + s.exitStatus() + ": " + s.reason());
                case Command.CancelDial c -> lines.add("cancel " + c.attempt());
                case Command.HangUp h -> lines.add("hang " + h.attempt() + " up");
                case Command.Bridge b -> lines.add("bridge " + b.attempt() + " to " + b.targetUri());
                case Command.Forget f -> lines.add("follow " + f.attempt() + " no more");
                case Command.DialFromAgent d -> lines.add("dial " + d.phone() + " from " + d.agentUri());
                case Command.PlayAndHangUp p -> lines.add("play " + p.recording() + " to " + p.attempt());
                case Command.Dial d -> lines.add("dial " + d.phone());
                case Command.ClaimContacts c -> {}
                case Command.ClaimPersonalCallbacks c -> {}
            }
        }
        return lines;
    }
}
