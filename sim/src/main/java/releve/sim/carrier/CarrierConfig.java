package releve.sim.carrier;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import releve.sim.world.FateScript;
import releve.sim.world.PopulationConfig;

/**
 * How a carrier is set up.
 *
 * @param listen where it takes calls, UDP; port 0 takes a free one
 * @param seed of the population
 * @param people how they behave
 * @param script of single customers, before all others
 * @param journal the file of what happened, appended to
 * @param callsPerSecond more get 503 with Retry-After; 0.1 to 10000, or 0 for no limit
 * @param callsMax calls at once, 1 to 100000; more get 503 and no line in the journal
 * @param talkLimitMs an answered call that lives longer is ended by the carrier, 1000 to 86400000 ms
 */
public record CarrierConfig(
        InetSocketAddress listen,
        long seed,
        PopulationConfig people,
        FateScript script,
        Path journal,
        double callsPerSecond,
        int callsMax,
        long talkLimitMs) {
    /** The default port: SIP's own. */
    public static final int PORT = 5060;

    /** Loopback, port 5060, seed 1, default people, no limit of calls per second, 50,000 calls of 10 minutes at most. */
    public static CarrierConfig defaults(Path journal) {
        return new CarrierConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT),
                1,
                PopulationConfig.DEFAULT,
                FateScript.EMPTY,
                journal,
                0,
                50_000,
                600_000);
    }

    public CarrierConfig withListen(InetSocketAddress newListen) {
        return new CarrierConfig(newListen, seed, people, script, journal, callsPerSecond, callsMax, talkLimitMs);
    }

    public CarrierConfig withSeed(long newSeed) {
        return new CarrierConfig(listen, newSeed, people, script, journal, callsPerSecond, callsMax, talkLimitMs);
    }

    public CarrierConfig withPeople(PopulationConfig newPeople) {
        return new CarrierConfig(listen, seed, newPeople, script, journal, callsPerSecond, callsMax, talkLimitMs);
    }

    public CarrierConfig withScript(FateScript newScript) {
        return new CarrierConfig(listen, seed, people, newScript, journal, callsPerSecond, callsMax, talkLimitMs);
    }

    public CarrierConfig withCallsPerSecond(double newCallsPerSecond) {
        return new CarrierConfig(listen, seed, people, script, journal, newCallsPerSecond, callsMax, talkLimitMs);
    }

    public CarrierConfig withTalkLimitMs(long newTalkLimitMs) {
        return new CarrierConfig(listen, seed, people, script, journal, callsPerSecond, callsMax, newTalkLimitMs);
    }

    /** What is wrong with it, each in one sentence; empty when it can be used. */
    public List<String> violations() {
        List<String> found = new ArrayList<>(people.violations());
        if (listen.isUnresolved() || listen.getAddress().isAnyLocalAddress()) {
            found.add("The carrier needs one address to listen on that peers can reach, not %s.".formatted(listen));
        }
        if (callsPerSecond != 0 && !(callsPerSecond >= 0.1 && callsPerSecond <= 10_000)) {
            found.add("Calls per second are 0.1 to 10000, or 0 for no limit, not %s.".formatted(callsPerSecond));
        }
        if (callsMax < 1 || callsMax > 100_000) {
            found.add("The limit of calls at once is 1 to 100000, not %d.".formatted(callsMax));
        }
        if (talkLimitMs < 1_000 || talkLimitMs > 86_400_000) {
            found.add("The limit of a call is 1000 to 86400000 ms, not %d.".formatted(talkLimitMs));
        }
        return found;
    }
}
