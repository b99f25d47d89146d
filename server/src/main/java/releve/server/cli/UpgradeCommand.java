package releve.server.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import releve.core.common.Side;
import releve.server.store.OperatorStore.Answer;
import releve.server.store.OperatorStore.Order;
import releve.server.store.OperatorStore.Verb;

/** A rolling upgrade of the pair, in the middle of the working day. */
@Command(
        name = "upgrade",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Upgrades both sides, one after the other: maintenance until a side has stopped, exchange of its program, start,"
                    + " check that it is a standby fit to take over, then the other side. It ends with one sentence when"
                    + " anything is not as it should be; begun again, it goes on where it ended.",
            "",
        },
        footer = {
            "",
            "COMMAND is run by /bin/sh with RELEVE_SIDE=A or B in its environment, when that side has stopped; it puts the"
                    + " new program in place, starts the side, and returns.",
            "",
            "Examples:",
            "  releve upgrade --dry-run",
            "  releve upgrade --to 0.2.0 --exchange 'deploy/exchange-side 0.2.0 dialer-$RELEVE_SIDE'",
        })
public final class UpgradeCommand extends CommandOnStore {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    @Option(
            names = "--exchange",
            paramLabel = "COMMAND",
            description = "Exchanges the program of the side $RELEVE_SIDE, and starts it.")
    private String exchange = "";

    @Option(
            names = "--to",
            paramLabel = "VERSION",
            description = "The version that both sides should run afterwards; a side that runs it is left alone.")
    private String version = "";

    @Option(
            names = "--start-limit",
            paramLabel = "TIME",
            defaultValue = "5m",
            converter = Times.Length.class,
            description = "How long an exchange, and then the start, may take. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration startLimit;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = Times.Length.class,
            description = "How long a new standby has to stay fit before the other side is taken. Default:"
                    + " ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration settle;

    @Option(names = "--dry-run", description = "Only say what would be done, in which order, and what blocks it.")
    private boolean dryRun;

    @Override
    protected int run(OpenStore store) throws IOException, InterruptedException {
        if (exchange.isBlank() && !dryRun) {
            throw new Refusal("--exchange says how a side's program is exchanged and started; --dry-run does without.");
        }
        LivePair live = new LivePair(store);
        RollingUpgrade upgrade = new RollingUpgrade(live, version.strip(), startLimit, settle, this::say);
        if (dryRun) {
            upgrade.plan();
            return CommandLines.DONE;
        }
        upgrade.run();
        List<SideReport> sides = live.sides();
        print(
                sides,
                "Both sides are done: "
                        + String.join(
                                ", ",
                                sides.stream()
                                        .map(each -> "side %s is %s with %s"
                                                .formatted(each.side(), each.phase(), each.version()))
                                        .toList())
                        + ".");
        return CommandLines.DONE;
    }

    private void say(String step) {
        if (json()) {
            return;
        }
        out().println(dryRun ? step : Times.clock(Instant.now()) + " " + step);
        out().flush();
    }

    private final class LivePair implements RollingUpgrade.Pair {
        private final OpenStore store;

        LivePair(OpenStore store) {
            this.store = store;
        }

        @Override
        public List<SideReport> sides() {
            return SideReport.both(store.pool(), pair());
        }

        @Override
        public Answer ask(Side side, Verb verb) throws InterruptedException {
            return MaintenanceCommand.orders(store, pair())
                    .ask(side, Optional.empty(), Order.to(verb), "upgrade", ANSWER_WITHIN)
                    .orElseThrow(() -> new Refusal("side %s did not answer within %s; look at 'releve status'."
                            .formatted(side, Times.length(ANSWER_WITHIN))));
        }

        /** Its output goes where this program's goes; it reads nothing. */
        @Override
        public int exchange(Side side) throws IOException, InterruptedException {
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", exchange)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("RELEVE_SIDE", side.name());
            Process process = builder.start();
            if (!process.waitFor(startLimit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroy();
                throw new Refusal(
                        "the command that exchanges side %s was not done within %s and is ended; side %s goes on by itself."
                                .formatted(side, Times.length(startLimit), side.other()));
            }
            return process.exitValue();
        }

        @Override
        public void pause(Duration length) throws InterruptedException {
            Thread.sleep(length);
        }
    }
}
