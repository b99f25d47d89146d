package releve.server.http;

import java.util.List;
import releve.server.http.Overview.SideView;

/**
 * The pair's state in one sentence, for the head of the page.
 *
 * @param tone good, busy or bad
 */
public record Verdict(String tone, String sentence) {

    static Verdict of(Overview overview) {
        if (!overview.problem().isEmpty()) {
            return new Verdict("bad", "The figures are old");
        }
        List<SideView> up = overview.sides().stream().filter(SideView::healthy).toList();
        List<SideView> active =
                up.stream().filter(view -> view.role().equals("active")).toList();
        List<SideView> standby =
                up.stream().filter(view -> view.role().equals("standby")).toList();
        List<SideView> maintenance = up.stream().filter(SideView::inMaintenance).toList();
        if (up.isEmpty()) {
            return new Verdict("bad", "No side answers");
        }
        if (active.isEmpty()
                && maintenance.stream().anyMatch(view -> !view.phase().equals("monitoring"))) {
            return new Verdict("busy", "Side " + maintenance.getFirst().side() + " is handing over");
        }
        if (active.isEmpty()) {
            return new Verdict("bad", "Nobody is active");
        }
        String who = "Side " + active.getFirst().side() + " is active";
        if (!maintenance.isEmpty()) {
            return new Verdict("busy", who + "; side " + maintenance.getFirst().side() + " is in maintenance");
        }
        if (standby.isEmpty()) {
            return new Verdict("bad", who + " without a standby");
        }
        SideView spare = standby.getFirst();
        return spare.ready()
                ? new Verdict("good", who + ", side " + spare.side() + " stands by")
                : new Verdict("busy", who + "; side " + spare.side() + " is not ready: " + spare.notReadyReason());
    }
}
