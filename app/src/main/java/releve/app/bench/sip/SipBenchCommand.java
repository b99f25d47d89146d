package releve.app.bench.sip;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import releve.app.bench.sip.Caller.Figures;

/** Measures the SIP user agent by itself, with SIPp at the other end and beside it. */
@Command(
        name = "sip",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the SIP user agent alone over UDP on loopback, against SIPp (Debian: sip-tester). Clean means that no"
                    + " call failed and no message of ours was repeated.",
            "",
            "  plain     INVITE-180-200-ACK-BYE: highest clean rate of ours and of SIPp against SIPp in turn, then held",
            "  ring      20 s of ringing before the answer, at --ring-rate",
            "  cancel    every call cancelled after 5 s, at --cancel-rate",
            "  latency   INVITE to 180 at half the clean plain rate",
            "  memory    heap for each of 50,000 established dialogs",
            "  overload  twice the clean plain rate for 10 s, and what is left of it 5 s later",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  releve bench sip                                 everything, about 15 minutes",
            "  releve bench sip --measure ring --ring-rate 6000 --seconds 20",
        })
public final class SipBenchCommand implements Callable<Integer> {
    /** What can be measured. */
    enum Measure {
        PLAIN,
        LATENCY,
        RING,
        CANCEL,
        MEMORY,
        OVERLOAD
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any call
    private CommandSpec spec;

    @Option(
            names = "--measure",
            split = ",",
            defaultValue = "plain,latency,ring,cancel,memory,overload",
            paramLabel = "WHAT",
            description = "What to measure, in this order: ${COMPLETION-CANDIDATES}. Default: all.")
    @SuppressWarnings("NullAway.Init")
    private List<Measure> measures;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "N",
            description = "For how long a rate is held, 5 to 600. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--rate",
            defaultValue = "0",
            paramLabel = "N",
            description = "Calls a second of plain calls, 100 to 50000; 0 searches for the highest clean rate.")
    private int rate;

    @Option(
            names = "--step",
            defaultValue = "1000",
            paramLabel = "N",
            description = "By how much the search goes up, 100 to 10000. Default: ${DEFAULT-VALUE}.")
    private int step;

    @Option(names = "--ring-rate", defaultValue = "3000", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int ringRate;

    @Option(
            names = "--cancel-rate",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Default: ${DEFAULT-VALUE}.")
    private int cancelRate;

    @Option(
            names = "--directory",
            defaultValue = "target/bench-sip",
            paramLabel = "DIR",
            description = "Where SIPp's scenarios and logs go. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private int plain;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check(seconds >= 5 && seconds <= 600, "--seconds", "5 to 600");
        check(rate == 0 || rate >= 100 && rate <= 50_000, "--rate", "0, or 100 to 50000");
        check(step >= 100 && step <= 10_000, "--step", "100 to 10000");
        check(ringRate >= 1 && ringRate <= 10_000, "--ring-rate", "1 to 10000");
        check(cancelRate >= 1 && cancelRate <= 10_000, "--cancel-rate", "1 to 10000");
        PrintWriter out = spec.commandLine().getOut();
        SipBench bench = new SipBench(directory.toAbsolutePath(), text -> {
            out.print(text);
            out.flush();
        });
        plain = rate;
        for (Measure measure : measures) {
            out.println(measure.name().toLowerCase(Locale.ROOT));
            out.flush();
            measure(measure, bench, out);
            out.flush();
        }
        return 0;
    }

    private void measure(Measure measure, SipBench bench, PrintWriter out) throws IOException, InterruptedException {
        switch (measure) {
            case PLAIN -> plain(bench, out);
            case LATENCY -> held(bench, Scenario.PLAIN, plainRate(bench) / 2, out);
            case RING -> held(bench, Scenario.RING, ringRate, out);
            case CANCEL -> held(bench, Scenario.CANCEL, cancelRate, out);
            case MEMORY -> out.println("  " + bench.memory(50_000));
            case OVERLOAD -> bench.overload(plainRate(bench));
        }
    }

    private int plainRate(SipBench bench) throws IOException, InterruptedException {
        if (plain == 0) {
            plain = Math.max(step, bench.highestOurs(Scenario.PLAIN, step, step, 50_000));
        }
        return plain;
    }

    private void plain(SipBench bench, PrintWriter out) throws IOException, InterruptedException {
        int sipp = bench.highestSipp(step, step, 50_000);
        int ours = plainRate(bench);
        // What six seconds carry, sixty may not: the rate goes down until it holds for both.
        while (sipp > step && !bench.sippIsClean(sipp, seconds)) {
            sipp -= step / 2;
        }
        while (ours > step && !bench.ours(Scenario.PLAIN, ours, seconds).clean()) {
            ours -= step / 2;
        }
        plain = ours;
        out.printf(
                Locale.ROOT,
                "  held clean for %d s: ours %,d calls/s, SIPp against SIPp %,d calls/s, ratio %.2f%n",
                seconds,
                ours,
                sipp,
                ours / (double) Math.max(1, sipp));
    }

    private void held(SipBench bench, Scenario scenario, int perSecond, PrintWriter out)
            throws IOException, InterruptedException {
        Figures figures = bench.ours(scenario, perSecond, seconds);
        out.printf("  held for %d s at %,d calls/s: %s%n", seconds, perSecond, figures.clean() ? "clean" : "not clean");
    }

    private void check(boolean holds, String option, String range) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), option + " is " + range + ".");
        }
    }
}
