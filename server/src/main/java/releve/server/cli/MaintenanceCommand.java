package releve.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.engine.Counts;
import releve.core.engine.MaintenancePlan;
import releve.core.pair.Role;
import releve.server.node.PlanJson;
import releve.server.node.SideOrders;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.OperatorStore.Answer;
import releve.server.store.OperatorStore.Order;
import releve.server.store.OperatorStore.Verb;

/** Graceful shutdown of a side, in the middle of the working day. */
@Command(
        name = "maintenance",
        mixinStandardHelpOptions = true,
        description = {
            "Puts a side, or one role of it, into maintenance: the other side takes over, no call is dropped, nobody is dialed"
                    + " twice, no agent is logged out.",
            "",
        },
        subcommands = {MaintenanceCommand.Start.class, MaintenanceCommand.Status.class, MaintenanceCommand.Cancel.class
        },
        footer = {
            "",
            "Examples:",
            "  releve maintenance start --side A --dry-run     what would happen now",
            "  releve maintenance start --side A --wait        do it, and come back when side A has stopped",
            "  releve maintenance start --side A --role agent-gateway   only its agents' desktops and states",
            "  releve maintenance cancel --side A              back into service",
        })
public final class MaintenanceCommand extends CommandGroup {
    /** A node looks for commands at least once a second. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private abstract static class OnSide extends CommandOnStore {
        @Option(names = "--side", paramLabel = "A|B", required = true, description = "The side: A or B.")
        @SuppressWarnings("NullAway.Init")
        Side side;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                defaultValue = "all",
                converter = OfRoleOrAll.class,
                description = "Only this role of the side: dialer, agent-gateway, routing-gateway. Default: all.")
        @SuppressWarnings("NullAway.Init")
        private RoleOrAll only;

        final Answer ask(OpenStore store, Order order) throws InterruptedException {
            SideReport now = report(store);
            if (!runs(now)) {
                throw new Refusal("%s of pair %d does not run (%s).".formatted(whom(), pair(), trouble(now)));
            }
            if (role().isPresent() && now.gateways().isEmpty()) {
                throw new Refusal(
                        "side %s of pair %d runs a former version, whose roles only go together: leave --role out."
                                .formatted(side, pair()));
            }
            return orders(store, pair())
                    .ask(side, role(), order, "command line", ANSWER_WITHIN)
                    .orElseThrow(() ->
                            new Refusal("%s did not answer within %s; look at 'status' before you repeat the command."
                                    .formatted(whom(), Times.length(ANSWER_WITHIN))));
        }

        private boolean runs(SideReport now) {
            return gateway(now)
                    .map(RoleReport::running)
                    .orElseGet(() -> role().isEmpty() ? !now.isAtRest() : now.running());
        }

        private String trouble(SideReport now) {
            return gateway(now)
                    .map(found -> found.phase() + ": " + found.reason())
                    .orElseGet(() -> now.phase() + ": " + now.reason());
        }

        /** The report of the gateway that is meant; empty when it is the dialer or all. */
        final Optional<RoleReport> gateway(SideReport now) {
            return role().filter(which -> which != Role.DIALER).flatMap(now::gateway);
        }

        final Optional<Role> role() {
            return only.role();
        }

        /** Whom the command is for, in words. */
        final String whom() {
            return role().map(which -> "the %s of side %s".formatted(which.written(), side))
                    .orElseGet(() -> "side " + side);
        }

        final SideReport report(OpenStore store) {
            return SideReport.both(store.pool(), pair()).stream()
                    .filter(each -> each.side() == side)
                    .findFirst()
                    .orElseThrow();
        }

        final Refusal refused(String what, Answer answer) {
            return new Refusal("%s of %s is refused: %s".formatted(what, whom(), ended(answer.text())));
        }
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Starts maintenance of a side. It at once stops starting calls, settles what rings, hands the right to"
                        + " dial to the other side, follows its connected calls to their end, and stops with status 0.",
                "Refused, with the reason, when the other side could not take over.",
                "",
            },
            footer = {
                "",
                "With --wait the exit code is 0 when the side has stopped in order, 1 when it was refused, cancelled or"
                        + " ended otherwise. A dry run exits with 0 if maintenance would be accepted, else 1.",
                "",
                "Examples:",
                "  releve maintenance start --side A --dry-run",
                "  releve maintenance start --side A --handover overlap",
                "  releve maintenance start --side A --wait && sudo apt upgrade",
            })
    static final class Start extends OnSide {
        @Option(
                names = "--dry-run",
                description = "Only say what is in flight, how long it should take, what blocks it.")
        private boolean dryRun;

        @Option(
                names = "--force",
                description = "Even if no healthy standby can take over: then nobody dials until one can.")
        private boolean force;

        @Option(
                names = "--handover",
                paramLabel = "WHEN",
                defaultValue = "sequential",
                description = {
                    "sequential: when everything that was started is settled; nobody dials as long.",
                    "overlap: at once; the other side dials while this one settles. Default: ${DEFAULT-VALUE}."
                })
        private Handover handover = Handover.SEQUENTIAL;

        @Option(names = "--wait", description = "Show progress and come back when the side has stopped.")
        private boolean wait;

        @Override
        protected int run(OpenStore store) throws InterruptedException {
            if (dryRun) {
                Order dry = new Order(Verb.MAINTENANCE_DRY_RUN, force, handover);
                return plan(PlanJson.read(ask(store, dry).text()));
            }
            SideReport before = report(store);
            Answer answer = ask(store, new Order(Verb.MAINTENANCE_START, force, handover));
            if (!answer.accepted()) {
                throw refused("maintenance", answer);
            }
            if (!wait) {
                print(
                        JsonOutput.object("side", side, "accepted", true, "answer", answer.text()),
                        "Maintenance of %s has begun: %s\nFollow it with 'maintenance status --watch'."
                                .formatted(whom(), ended(answer.text())));
                return CommandLines.DONE;
            }
            Optional<RoleReport> gateway = gateway(before);
            return gateway.isPresent() ? followGateway(store, gateway.get()) : follow(store, before.instance());
        }

        private int plan(MaintenancePlan plan) {
            Counts counts = plan.counts();
            Table inFlight = new Table("IN FLIGHT", "COUNT")
                    .row("dialing", counts.dialing())
                    .row("ringing", counts.ringing())
                    .row("being cancelled", counts.cancelling())
                    .row("analysing", counts.analysing())
                    .row("transferring", counts.transferring())
                    .row("connected", counts.connected())
                    .row("contacts offered", counts.offered())
                    .row("agents reserved", counts.reserved())
                    .row("contacts cached", counts.cached());
            String dials = switch (handover) {
                case SEQUENTIAL -> "within " + Times.length(plan.handoverWithin());
                case OVERLAP ->
                    "at once, side %s settles what it has started within %s"
                            .formatted(side, Times.length(plan.settledWithin()));
            };
            boolean gateway = role().filter(which -> which != Role.DIALER).isPresent();
            String outcome = plan.possible()
                    ? gateway
                            ? "Maintenance of %s would be accepted: the other side takes the role at once%s."
                                    .formatted(whom(), desktops(plan))
                            : "Maintenance of %s would be accepted: the other side dials %s, side %s stops after its last connected call, within %s."
                                    .formatted(whom(), dials, side, Times.length(plan.monitoringLimit()))
                    : "Maintenance of %s would be refused: %s".formatted(whom(), ended(plan.blockedBy()));
            print(
                    JsonOutput.object(
                            "side", side,
                            "possible", plan.possible(),
                            "blockedBy", plan.blockedBy(),
                            "handoverWithinMs", plan.handoverWithin().toMillis(),
                            "settledWithinMs", plan.settledWithin().toMillis(),
                            "monitoringLimitMs", plan.monitoringLimit().toMillis(),
                            "counts", counts),
                    gateway ? outcome : inFlight + System.lineSeparator() + outcome);
            return plan.possible() ? CommandLines.DONE : CommandLines.REFUSED;
        }

        private String desktops(MaintenancePlan plan) {
            return role().equals(Optional.of(Role.AGENT_GATEWAY))
                    ? ", desktops have %s to move".formatted(Times.length(plan.monitoringLimit()))
                    : "";
        }

        /** Looks until the gateway has stopped, or has nothing left to do, or is back in service. */
        private int followGateway(OpenStore store, RoleReport before) throws InterruptedException {
            boolean begun = false;
            while (true) {
                RoleReport now = gateway(report(store)).orElse(before);
                if (now.phase().equals("vanished") || !now.instance().equals(before.instance())) {
                    throw new Refusal("%s vanished during its maintenance: %s.".formatted(whom(), now.reason()));
                }
                if (begun && now.isInService()) {
                    throw new Refusal("maintenance of %s has ended without a stop, it is %s again: %s"
                            .formatted(whom(), now.phase(), ended(now.reason())));
                }
                boolean reserve = now.phase().equals("monitoring") && now.limitAt() == null;
                if (now.phase().equals("stopped") || reserve) {
                    print(
                            JsonOutput.object("side", side, "role", now.role(), "accepted", true, "done", true),
                            reserve
                                    ? "%s has nothing left to do; its process goes on with its other roles."
                                            .formatted(sentence(whom()))
                                    : "%s has stopped: %s".formatted(sentence(whom()), ended(now.reason())));
                    return CommandLines.DONE;
                }
                begun |= !now.isInService();
                Thread.sleep(LOOK_EVERY);
            }
        }

        private static String sentence(String text) {
            return Character.toUpperCase(text.charAt(0)) + text.substring(1);
        }

        /** Looks until this start of the process has stopped, or is back in service. */
        private int follow(OpenStore store, String instance) throws InterruptedException {
            String shown = "";
            boolean begun = false;
            while (true) {
                SideReport now = report(store);
                if (!now.instance().equals(instance)) {
                    throw new Refusal("side %s was started anew while its maintenance went on; look at 'status'."
                            .formatted(side));
                }
                // A last heartbeat says so a moment before the process enters its end, with the status.
                if (now.phase().equals("stopped") && (role().isPresent() || now.isAtRest())) {
                    return stopped(now);
                }
                if (now.phase().equals("vanished")) {
                    throw new Refusal("side %s vanished during its maintenance: %s.".formatted(side, now.reason()));
                }
                boolean inService = now.phase().equals("active") || now.phase().equals("standby");
                if (begun && inService) {
                    clear();
                    throw new Refusal("maintenance of side %s has ended without a stop, it is %s again: %s"
                            .formatted(side, now.phase(), ended(now.reason())));
                }
                begun |= !inService;
                shown = show(now, shown);
                Thread.sleep(LOOK_EVERY);
            }
        }

        private int stopped(SideReport now) {
            clear();
            if (now.running()) {
                print(
                        JsonOutput.object("side", side, "role", Role.DIALER.written(), "accepted", true, "done", true),
                        "%s has stopped: %s Its process goes on with its gateways."
                                .formatted(sentence(whom()), ended(now.reason())));
                return CommandLines.DONE;
            }
            boolean inOrder = now.exitStatus() != null && now.exitStatus() == 0;
            if (!inOrder) {
                throw new Refusal("side %s has stopped with status %s: %s"
                        .formatted(side, now.exitStatus() == null ? "unknown" : now.exitStatus(), ended(now.reason())));
            }
            print(
                    JsonOutput.object("side", side, "accepted", true, "stopped", true, "exitStatus", 0),
                    "Side %s has stopped with status 0: %s".formatted(side, ended(now.reason())));
            return CommandLines.DONE;
        }

        /** One line that is overwritten on a terminal; elsewhere a line whenever the phase changes. */
        private String show(SideReport now, String shown) {
            String outlook = now.outlook(Instant.now());
            String line =
                    "side %s: %s%s".formatted(side, now.phase(), outlook.isEmpty() ? "" : ", waits for " + outlook);
            if (json()) {
                return line;
            }
            if (Terminal.isTerminal()) {
                Terminal.overwrite(err(), line);
            } else if (!now.phase().equals(shown)) {
                err().println(Times.clock(Instant.now()) + " " + line);
                err().flush();
            }
            return now.phase();
        }

        private void clear() {
            if (!json() && Terminal.isTerminal()) {
                Terminal.overwrite(err(), "");
            }
        }
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "Ends maintenance: before the handover the side dials again, after it the side is standby.",
            footer = {"", "Example:", "  releve maintenance cancel --side A"})
    static final class Cancel extends OnSide {
        @Override
        protected int run(OpenStore store) throws InterruptedException {
            Answer answer = ask(store, Order.to(Verb.MAINTENANCE_CANCEL));
            if (!answer.accepted()) {
                throw refused("the cancellation", answer);
            }
            print(
                    JsonOutput.object("side", side, "accepted", true, "answer", answer.text()),
                    "Maintenance of %s is cancelled: %s".formatted(whom(), ended(answer.text())));
            return CommandLines.DONE;
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows where both sides stand, and what a maintenance waits for.",
            footer = {"", "Example:", "  releve maintenance status --watch"})
    static final class Status extends CommandOnStore {
        @Option(names = "--watch", description = "Go on until Ctrl-C, a line whenever something changes.")
        private boolean watch;

        @Override
        protected int run(OpenStore store) throws InterruptedException {
            List<SideReport> sides = SideReport.both(store.pool(), pair());
            print(
                    sides,
                    String.join(
                            System.lineSeparator(),
                            StatusCommand.sides(sides).toString(),
                            "",
                            StatusCommand.gateways(sides).toString()));
            String before = lines(sides);
            while (watch) {
                Thread.sleep(LOOK_EVERY);
                List<SideReport> now = SideReport.both(store.pool(), pair());
                String after = lines(now);
                if (!after.equals(before)) {
                    print(now, Times.clock(Instant.now()) + "  " + after);
                    before = after;
                }
            }
            return CommandLines.DONE;
        }

        private static String lines(List<SideReport> sides) {
            return String.join(
                    "   ",
                    sides.stream()
                            .map(each -> "%s: %s%s%s"
                                    .formatted(
                                            each.side(),
                                            each.phase(),
                                            each.waitsFor().isEmpty() ? "" : ", waits for " + each.waitsFor(),
                                            gateways(each)))
                            .toList());
        }

        private static String gateways(SideReport side) {
            return side.gateways().stream()
                    .map(each -> "; %s %s%s"
                            .formatted(
                                    each.role(),
                                    each.phase(),
                                    each.waitsFor().isEmpty() ? "" : ", waits for " + each.waitsFor()))
                    .collect(Collectors.joining());
        }
    }

    static SideOrders orders(OpenStore store, int pair) {
        return new SideOrders(
                pair,
                new OperatorStore(store.pool()),
                new NodeRegistry(store.pool()),
                new GatewayRegistry(store.pool()));
    }

    /** One role, or none for all of them. */
    record RoleOrAll(Optional<Role> role) {}

    /** Reads a role's name, or {@code all}. */
    static final class OfRoleOrAll implements ITypeConverter<RoleOrAll> {
        @Override
        public RoleOrAll convert(String text) {
            Optional<Role> role = Role.of(text);
            if (role.isEmpty() && !text.equals("all")) {
                throw new TypeConversionException(
                        "'" + text + "' is none of dialer, agent-gateway, routing-gateway, all");
            }
            return new RoleOrAll(role);
        }
    }

    /** A sentence ends with a full stop, once. */
    private static String ended(@Nullable String sentence) {
        String text = sentence == null ? "" : sentence.strip();
        return text.isEmpty() || text.endsWith(".") ? text : text + ".";
    }
}
