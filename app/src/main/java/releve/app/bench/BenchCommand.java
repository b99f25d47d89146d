package releve.app.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import releve.app.bench.sip.SipBenchCommand;

/** Measures the whole path of a call on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {SipBenchCommand.class, HandoverBenchCommand.class, LedgerBenchCommand.class},
        description = {
            "Measures the whole path on this machine: claim, INVITE, answer, bridge to an agent, BYE, ledger; with PostgreSQL,"
                    + " node, agents and carrier as processes of their own. Everybody answers at once and talks briefly, so"
                    + " that the number of agents sets the rate.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  releve bench                            the shipped carrier as the trunk",
            "  releve bench --trunk sipp --agents 100  SIPp as the trunk (Debian: sip-tester)",
            "  releve bench sip                        the SIP user agent alone, against SIPp",
            "  releve bench handover --rounds 10       time without dialing in a handover and in a crash",
            "  releve bench ledger                     the count for the abandon limit, with a long ledger",
        })
public final class BenchCommand implements Callable<Integer> {
    /** Who plays the trunk. */
    enum Trunk {
        CARRIER,
        SIPP
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any call
    private CommandSpec spec;

    @Option(
            names = "--trunk",
            defaultValue = "carrier",
            paramLabel = "carrier|sipp",
            description = "Who plays the trunk.")
    @SuppressWarnings("NullAway.Init")
    private Trunk trunk;

    @Option(
            names = "--agents",
            split = ",",
            defaultValue = "25,50,100,200",
            paramLabel = "N",
            description = "Agents, one measurement for each number, 1 to 500. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private List<Integer> agents;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            paramLabel = "N",
            description = "Length of one measurement, 5 to 300. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--connected",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Calls held at once to measure memory, 0 (not measured) to 3000. Default: ${DEFAULT-VALUE}.")
    private int connected;

    @Mixin
    private final StoreFolder data = new StoreFolder();

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        check(agents.stream().allMatch(n -> n >= 1 && n <= 500), "--agents", "1 to 500");
        check(seconds >= 5 && seconds <= 300, "--seconds", "5 to 300");
        check(connected >= 0 && connected <= 3000, "--connected", "0 to 3000");
        PrintWriter out = spec.commandLine().getOut();
        out.println("trunk: " + (trunk == Trunk.SIPP ? "SIPp" : "the shipped carrier") + ", " + seconds + " s each");
        out.println("AGENTS  CALLS/S  CONNECTED  FAILED  ANSWER TO AGENT p50 / p99 ms");
        for (int count : agents) {
            CallBench.Figures figures = new CallBench(data.path(), trunk == Trunk.SIPP, count, seconds).measure();
            out.printf(
                    "%6d  %7.1f  %9d  %6d  %d / %d%n",
                    count,
                    figures.callsPerSecond(),
                    figures.connected(),
                    figures.failed(),
                    figures.p50Ms(),
                    figures.p99Ms());
            out.flush();
        }
        if (connected > 0) {
            out.println("heap for each connected call: " + new MemoryBench(data.path(), connected).measure());
            out.flush();
        }
        return 0;
    }

    private void check(boolean holds, String option, String range) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), option + " is " + range + ".");
        }
    }
}
