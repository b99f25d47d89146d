package releve.app.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The table of handovers: how long nobody dials, and what it costs the agents. */
@Command(
        name = "handover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures on this machine how long nobody dials when the right to dial goes from one side to the other, by the"
                    + " INVITEs that the carrier saw, and how much of 30 agents' time that costs within 20 s.",
            "",
        },
        footer = {
            "",
            "Exit code 1 when a maximum is above its bar.",
            "",
            "Example:",
            "  releve bench handover --rounds 10 --kinds sequential,crash",
        })
public final class HandoverBenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any call
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            defaultValue = "10",
            paramLabel = "N",
            description =
                    "Handovers of each kind, 1 to 100; about a minute and a half each. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--kinds",
            split = ",",
            defaultValue = "sequential,overlap,crash",
            paramLabel = "KIND",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private List<Handover> kinds;

    @Mixin
    private final StoreFolder data = new StoreFolder();

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (rounds < 1 || rounds > 100) {
            throw new ParameterException(spec.commandLine(), "--rounds is 1 to 100.");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("KIND        ROUNDS  WITHOUT DIALING median / max ms  BAR ms  AGENTS IDLE before / after %"
                + "  TIME LOST median / max %  BOUNDED BY");
        boolean within = true;
        for (Handover kind : kinds) {
            List<HandoverBench.Round> measured = new HandoverBench(data.path(), kind).measure(rounds);
            Sample withoutMs = sample(measured, round -> round.withoutDialing().toMillis());
            Sample lost = sample(measured, round -> 100 * round.lost());
            out.printf(
                    "%-10s  %6d  %23.0f / %4.0f  %8d  %19.1f / %4.1f  %21.1f / %4.1f  %s%n",
                    kind,
                    measured.size(),
                    withoutMs.median(),
                    withoutMs.max(),
                    kind.bar().toMillis(),
                    sample(measured, round -> 100 * round.idleBefore()).median(),
                    sample(measured, round -> 100 * round.idleAfter()).median(),
                    lost.median(),
                    lost.max(),
                    kind.boundedBy());
            out.flush();
            within &= withoutMs.max() <= kind.bar().toMillis();
        }
        return within ? 0 : 1;
    }

    private static Sample sample(List<HandoverBench.Round> rounds, ToDoubleFunction<HandoverBench.Round> value) {
        return Sample.of(rounds.stream().map(value::applyAsDouble));
    }
}
