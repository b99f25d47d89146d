package releve.sim.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import releve.sim.agents.DeskHabits;
import releve.sim.agents.DeskScript;

/** What simulated agents make of offers and of calls. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeskOptions {
    @Option(
            names = "--previews",
            description = "They look at their screens: answer offers, and say what came of each call.")
    private boolean previews;

    @Option(names = "--think", paramLabel = "SECONDS", defaultValue = "4", description = "Mean time over an offer.")
    private double thinkSeconds;

    @Option(names = "--skip", paramLabel = "SHARE", defaultValue = "0.1", description = "Offers skipped.")
    private double skip;

    @Option(names = "--reject", paramLabel = "SHARE", defaultValue = "0.03", description = "Offers rejected.")
    private double reject;

    @Option(names = "--close", paramLabel = "SHARE", defaultValue = "0.04", description = "Offers closed.")
    private double close;

    @Option(names = "--ignore", paramLabel = "SHARE", defaultValue = "0.02", description = "Offers not answered.")
    private double ignore;

    @Option(names = "--callback", paramLabel = "SHARE", defaultValue = "0.08", description = "Calls to be repeated.")
    private double callback;

    @Option(
            names = "--personal",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description = "Of those, promises that the agent keeps himself.")
    private double personal;

    @Option(
            names = "--callback-in",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Mean time until a callback.")
    private double callbackInSeconds;

    @Option(names = "--wrong-number", paramLabel = "SHARE", defaultValue = "0.03", description = "Wrong numbers.")
    private double wrongNumber;

    @Option(names = "--not-home", paramLabel = "SHARE", defaultValue = "0.08", description = "Somebody else answered.")
    private double notHome;

    @Option(names = "--do-not-call", paramLabel = "SHARE", defaultValue = "0.03", description = "No further call.")
    private double doNotCall;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description = {
                "What they decide about single contacts: a line for each, such as",
                "'+12025550101 skip,accept personal-callback:10s', for its offers and for its calls."
            })
    private @Nullable Path script;

    DeskHabits habits() {
        if (!previews) {
            return DeskHabits.BLIND.withThink(CarrierCommand.spread(DeskHabits.BLIND.think(), thinkSeconds));
        }
        DeskHabits usual = DeskHabits.WILLING;
        return usual.withThink(CarrierCommand.spread(usual.think(), thinkSeconds))
                .withOffers(skip, reject, close, ignore)
                .withCallbacks(callback, personal, CarrierCommand.spread(usual.callbackIn(), callbackInSeconds))
                .withPeople(wrongNumber, notHome, doNotCall);
    }

    /** @throws IOException with one sentence when the file cannot be used */
    DeskScript script() throws IOException {
        try {
            return script == null ? DeskScript.EMPTY : DeskScript.read(script);
        } catch (IOException e) {
            throw new IOException("The script '%s' cannot be used: %s".formatted(script, e.getMessage()), e);
        }
    }
}
