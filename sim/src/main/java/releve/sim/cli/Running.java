package releve.sim.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import sun.misc.Signal;

/** What the long-running commands of the simulated world share: options, progress lines, and how they are stopped. */
final class Running {
    private static final long LOOK_MS = 100;

    @Option(names = "--json", description = "Print progress as JSON lines, for programs.")
    private boolean json;

    @Option(
            names = "--progress",
            paramLabel = "SECONDS",
            description = "Print a line of progress this often; 0 is never. Default: 1 with --json, else 0.")
    private @Nullable Double progressSeconds;

    @Option(names = "--debug", description = "Show logs, and the stack trace of a failure.")
    private boolean debug;

    @Option(
            names = "--allow-remote",
            description = "Allow an address to listen on that other machines can reach. Nobody is asked who he is.")
    private boolean allowRemote;

    private final AtomicInteger signals = new AtomicInteger();

    /** Refuses an address that other machines reach, unless that was asked for. */
    void checkReach(InetSocketAddress listen, CommandLine command) {
        if (!listen.getAddress().isLoopbackAddress() && !allowRemote) {
            throw new CommandLine.ParameterException(
                    command,
                    "Other machines can reach " + listen.getAddress().getHostAddress()
                            + ": say --allow-remote if that is meant.");
        }
    }

    /** Catches SIGTERM and SIGINT from now on. */
    void catchSignals() {
        Signal.handle(new Signal("TERM"), _ -> signals.incrementAndGet());
        Signal.handle(new Signal("INT"), _ -> signals.incrementAndGet());
    }

    /** How many times a stop was asked for. */
    int stopsAsked() {
        return signals.get();
    }

    /** Prints that the command works, in the one form that other programs wait for. */
    void ready(String what, InetSocketAddress address, PrintWriter out) {
        String where = address.getAddress().getHostAddress() + ":" + address.getPort();
        if (json) {
            out.println("{\"event\":\"ready\",\"what\":\"" + what + "\",\"listen\":\"" + where + "\"}");
        } else {
            out.println(what + " ready on " + where);
        }
        out.flush();
    }

    /**
     * Prints progress until a stop is asked for once more than before, or the work has failed or is done.
     *
     * @param goesOn asked ten times a second
     */
    void progress(PrintWriter out, Supplier<Boolean> goesOn, Supplier<ObjectNode> status) throws InterruptedException {
        int before = stopsAsked();
        double everySeconds = progressSeconds == null ? (json ? 1 : 0) : progressSeconds;
        long everyNs = (long) (everySeconds * 1e9);
        long lastNs = System.nanoTime();
        while (stopsAsked() == before && goesOn.get()) {
            Thread.sleep(Duration.ofMillis(LOOK_MS));
            if (everyNs > 0 && System.nanoTime() - lastNs >= everyNs) {
                lastNs = System.nanoTime();
                print("progress", out, status.get());
            }
        }
    }

    /** Prints the last line. */
    void stopped(PrintWriter out, ObjectNode status) {
        print("stopped", out, status);
    }

    private void print(String event, PrintWriter out, ObjectNode status) {
        if (json) {
            ObjectNode line = status.objectNode().put("event", event);
            line.setAll(status);
            out.println(line);
        } else {
            StringBuilder line = new StringBuilder(event.equals("stopped") ? "stopped:" : "now:");
            status.fields()
                    .forEachRemaining(field -> line.append(' ')
                            .append(field.getKey())
                            .append(' ')
                            .append(field.getValue().asText()));
            out.println(line);
        }
        out.flush();
    }

    /** An address literal with a port: 127.0.0.1:5060 or [::1]:5060. */
    static final class Address implements ITypeConverter<InetSocketAddress> {
        @Override
        public InetSocketAddress convert(String text) {
            int colon = text.lastIndexOf(':');
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                return new InetSocketAddress(InetAddress.ofLiteral(text.substring(0, colon)), port);
            } catch (RuntimeException _) {
                throw new TypeConversionException("'" + text + "' is no address with a port, such as 127.0.0.1:5060");
            }
        }
    }

    /** Seconds with a fraction, as milliseconds. */
    static int ms(double seconds) {
        return (int) Math.clamp(Math.round(seconds * 1_000), 0, Integer.MAX_VALUE);
    }
}
