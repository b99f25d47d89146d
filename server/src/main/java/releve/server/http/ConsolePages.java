package releve.server.http;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.engine.MaintenancePlan;
import releve.server.http.Overview.CampaignFigures;
import releve.server.http.Overview.GatewayView;
import releve.server.http.Overview.SideView;
import releve.server.store.OperatorStore.Order;
import releve.server.store.OperatorStore.Verb;

/** The console: one page, its live parts, and the dialog around maintenance. */
public final class ConsolePages {
    private static final String EVENT_CONFIRMED = "releve:done";
    private static final String EVENT_SAID = "releve:said";

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
    private final Assets assets;
    private final StatusFeed feed;
    private final Operations operations;
    private final String version;

    ConsolePages(Assets assets, StatusFeed feed, Operations operations, String version) {
        this.assets = assets;
        this.feed = feed;
        this.operations = operations;
        this.version = version;
    }

    /** What the templates draw. */
    public record Page(Overview overview, Instant now, String version, Assets assets) {
        public String asset(String name) {
            return assets.url(name);
        }

        public String zone() {
            ZoneId zone = ZoneId.systemDefault();
            return zone.normalized() instanceof ZoneOffset
                    ? "UTC" + offset(zone)
                    : zone.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        }

        private String offset(ZoneId zone) {
            String offset = zone.getRules().getOffset(now).getId();
            return offset.equals("Z") ? "" : offset;
        }

        public String encoded(String name) {
            return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        }

        /** Where the other side's console is, for when this one falls silent; empty when unknown. */
        public String elsewhere() {
            SideView other = overview.side(overview.answeredBy().other());
            return other.healthy() ? other.httpUrl() : "";
        }

        /** The pair's state in one sentence. */
        public Verdict verdict() {
            return Verdict.of(overview);
        }

        /** The colour of a side: its phase's, or red when it is silent. */
        public String tone(SideView view) {
            if (!view.present() || view.stopped()) {
                return "grey";
            }
            return view.healthy() ? tone(view.phase()) : "red";
        }

        /** The colour of a phase. */
        public String tone(String phase) {
            return switch (phase) {
                case "active" -> "green";
                case "standby" -> "blue";
                case "quiescing", "handing over", "settling" -> "amber";
                case "monitoring" -> "violet";
                default -> "grey";
            };
        }

        public String phaseWord(SideView view) {
            if (!view.present()) {
                return "Absent";
            }
            if (view.stopped()) {
                return "Stopped";
            }
            return view.healthy() ? Wording.sentence(view.phase()) : "Silent";
        }

        public String roleWord(SideView view) {
            if (!view.present() || view.stopped()) {
                return "No dialer";
            }
            return switch (view.role()) {
                case "active" -> "Active dialer";
                case "standby" -> "Standby dialer";
                case SideView.IN_MAINTENANCE -> "In maintenance";
                default -> "Dialer " + view.role();
            };
        }

        /** The line under the role. */
        public String sideLine(SideView view) {
            if (!view.present()) {
                return "never seen";
            }
            if (view.stopped()) {
                return view.exitStatus() == null ? "ended" : "ended with status " + view.exitStatus();
            }
            if (!view.healthy()) {
                return "no heartbeat for " + Wording.since(view.lastSeen(), now);
            }
            return "version " + view.version();
        }

        /** The colour of a gateway: its phase's, or red when it is silent. */
        public String tone(GatewayView gateway) {
            if (gateway.stopped()) {
                return "grey";
            }
            return gateway.healthy() ? tone(gateway.phase()) : "red";
        }

        /** Where a gateway stands, in a few words. */
        public String gatewayLine(GatewayView gateway) {
            String phase = gateway.stopped() ? "stopped" : gateway.healthy() ? gateway.phase() : "silent";
            String desktops = gateway.desktops() == 0
                    ? ""
                    : gateway.desktops() == 1 ? ", 1 desktop" : ", " + Wording.count(gateway.desktops()) + " desktops";
            String waits =
                    gateway.healthy() && !gateway.waitsFor().isEmpty() ? "; waits for " + gateway.waitsFor() : "";
            return phase + " for " + Wording.since(gateway.since(), now) + desktops + waits;
        }

        /** Whether new calls start, in a few words. */
        public String dialingWord(SideView view) {
            if (!view.present() || !view.healthy()) {
                return "";
            }
            if (view.dialing()) {
                return "dialing";
            }
            String why = view.dialingReason().replaceFirst("^no: ", "");
            return why.equals(view.phase()) || why.isEmpty() ? "not dialing" : "not dialing: " + why;
        }

        /** What maintenance waits for, without what it need not wait for any more. */
        public String waitsFor(SideView view) {
            String left = Arrays.stream(view.waitsFor().split(", ", -1))
                    .filter(part -> !part.startsWith("0 ") && !part.isBlank())
                    .collect(Collectors.joining(", "));
            return left.isEmpty() ? "Waits for nothing more." : "Waits for " + left + ".";
        }

        public String modeWord(CampaignFigures campaign) {
            return switch (campaign.mode()) {
                case "PROGRESSIVE_AGENT" -> "progressive, agents";
                case "PROGRESSIVE_IVR" -> "progressive, IVR";
                default -> campaign.mode();
            };
        }

        public boolean mayCommand(SideView view) {
            return view.present()
                    && view.healthy()
                    && overview.problem().isEmpty()
                    && !view.phase().equals("stopped");
        }

        public String commandHint(SideView view) {
            if (!overview.problem().isEmpty()) {
                return "not while the store is away";
            }
            return view.present() && !view.stopped() && !view.phase().equals("stopped")
                    ? "the side does not answer"
                    : "nothing runs here";
        }
    }

    /** What a dry run of maintenance answered. */
    public record Plan(Side side, boolean answered, boolean possible, String blockedBy, List<String> lines) {}

    void page(Context ctx) {
        ctx.html(render("page.jte", "page", page(feed.latest())));
    }

    /** The live parts, once a second, to one browser. */
    void events(Context ctx) throws IOException {
        feed.stream(ctx, fragments());
    }

    /** Draws the live parts; the feed calls it once per reading, however many browsers watch. */
    StatusFeed.Fragments fragments() {
        return overview -> {
            Page page = page(overview);
            return List.of("headline", "problem", "sides", "agents", "campaigns", "journal").stream()
                    .map(name -> new StatusFeed.Fragment(name, render(name + ".jte", "page", page)))
                    .toList();
        };
    }

    void maintenanceDialog(Context ctx) {
        Side side = Operations.side(ctx.pathParam("side"));
        Operations.Answer answer =
                operations.maintenance(side, Optional.empty(), Order.to(Verb.MAINTENANCE_DRY_RUN), "console");
        MaintenancePlan plan = answer.plan();
        ctx.html(render(
                "maintenance.jte",
                "plan",
                new Plan(
                        side,
                        answer.answered(),
                        answer.accepted(),
                        answer.accepted() ? "" : answer.sentence(),
                        plan == null ? List.of() : lines(side, plan))));
    }

    private static List<String> lines(Side side, MaintenancePlan plan) {
        int settling = plan.counts().calls() - plan.counts().connected();
        String inFlight = settling == 0
                ? "No call is being set up."
                : "In flight: " + Bar.ofCalls(plan.counts()).summary() + ".";
        int offered = plan.counts().offered();
        String offers = offered == 0
                ? "No agent decides about a contact."
                : "Agents decide about " + offered + (offered == 1 ? " contact." : " contacts.")
                        + " What they accept is dialed by side " + side + ".";
        if (!plan.possible()) {
            return List.of(
                    inFlight,
                    offers,
                    "By force, side " + side + " stops dialing all the same, and nobody dials until a side can.");
        }
        String limit = Wording.length(plan.monitoringLimit());
        String monitoring = switch (plan.counts().connected()) {
            case 0 -> "With no call connected, side " + side + " would stop at once after that.";
            case 1 ->
                "Side %s would then follow its connected call for up to %s, and stop when it has ended."
                        .formatted(side, limit);
            default ->
                "Side %s would then follow its %d connected calls for up to %s, and stop when the last has ended."
                        .formatted(side, plan.counts().connected(), limit);
        };
        String handover = plan.handoverWithin().isZero()
                ? "Side %s would be active at once.".formatted(side.other())
                : "Side %s would be active within %s. With an overlap it dials at once, while side %s settles what it has started."
                        .formatted(side.other(), Wording.length(plan.handoverWithin()), side);
        return List.of(inFlight, offers, handover, monitoring);
    }

    void cancelDialog(Context ctx) {
        ctx.html(render("cancel.jte", "side", Operations.side(ctx.pathParam("side"))));
    }

    /** Carries out what the dialog confirmed: start, overlap, force or cancel. */
    void maintenance(Context ctx) {
        Side side = Operations.side(ctx.pathParam("side"));
        String action = ctx.pathParam("action");
        Operations.Answer answer = switch (action) {
            case "start" -> start(side, false, Handover.SEQUENTIAL);
            case "overlap" -> start(side, false, Handover.OVERLAP);
            case "force" -> start(side, true, Handover.SEQUENTIAL);
            case "cancel" ->
                operations.maintenance(side, Optional.empty(), Order.to(Verb.MAINTENANCE_CANCEL), "console");
            default -> throw new Refused(404, "There is no such command.");
        };
        if (answer.accepted()) {
            announce(ctx, "Side " + side + ": " + answer.sentence());
        } else {
            String title = "Side " + side + (answer.answered() ? " refused" : " did not answer");
            StringOutput out = new StringOutput();
            templates.render("answer.jte", Map.of("title", title, "sentence", answer.sentence()), out);
            ctx.html(out.toString());
        }
    }

    private Operations.Answer start(Side side, boolean force, Handover handover) {
        return operations.maintenance(
                side, Optional.empty(), new Order(Verb.MAINTENANCE_START, force, handover), "console");
    }

    /** Starts or stops a campaign from the table. */
    void campaign(Context ctx) {
        String name = ctx.pathParam("name");
        boolean running = Operations.running(ctx.pathParam("action"));
        operations.setRunning(name, running);
        announce(ctx, "Campaign " + name + (running ? " runs." : " is stopped; calls under way go on."));
    }

    // Header values are Latin-1 on the wire, so the sentence goes as JSON with escapes.
    private static void announce(Context ctx, String sentence) {
        String json = Json.ascii(Map.of(EVENT_CONFIRMED, "", EVENT_SAID, sentence));
        ctx.header("HX-Trigger", json).status(204);
    }

    private Page page(Overview overview) {
        return new Page(overview, Instant.now(), version, assets);
    }

    private String render(String template, String name, Object value) {
        StringOutput out = new StringOutput();
        templates.render(template, Map.of(name, value), out);
        return out.toString();
    }
}
