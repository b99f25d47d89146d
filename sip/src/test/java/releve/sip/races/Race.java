package releve.sip.races;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One seed's calls between a few parties, from the first INVITE until nothing is left to happen; then the checks. */
final class Race {
    /** By then every transaction has ended, every phone has stopped ringing, and every talk is over. */
    private static final long LIMIT_MS = 600_000;

    private final SplittableRandom random;
    private final Faults faults;
    private final Network network;
    private final ForkingProxy proxy;
    private final @Nullable Crash crash;
    private final List<Party> parties = new ArrayList<>();
    private final Map<String, Story> stories = new TreeMap<>();

    private Race(long seed, @Nullable PlantedBug bug) {
        this.random = new SplittableRandom(seed);
        this.faults = Faults.draw(random, seed % 5 == 0);
        this.network = new Network(random.split(), faults);
        this.crash = !faults.cut() && seed % 2 == 1 ? Crash.draw(random.split()) : null;
        for (int host = 1; host <= Party.COUNT; host++) {
            Party party = new Party(host, random.split(), new Party.World(network, faults, stories, crash), bug);
            parties.add(party);
            network.add(party);
        }
        this.proxy = new ForkingProxy(random.split(), network);
        network.add(proxy);
    }

    /**
     * What a race came to.
     *
     * @param sent messages that the parties sent, retransmissions included
     * @param reached phones that calls came to
     * @param up calls that were answered
     * @param adopted ends of calls that the heir of a party that died took over
     * @param inPeace calls that it took over while nothing else went on in them
     */
    record Outcome(long sent, int reached, int up, int adopted, int inPeace) {}

    /**
     * Runs so many calls and checks everything. In one seed of five a host is cut off for a while; in two others of five a
     * party dies.
     *
     * @throws Violation that names the seed, and the command that runs it again
     */
    static Outcome run(long seed, int calls, @Nullable PlantedBug bug) {
        Race race = new Race(seed, bug);
        try {
            return race.run(calls);
        } catch (RuntimeException | AssertionError e) {
            Violation named = new Violation(
                    "seed %d at %d ms, %s, %s: %s%nRun it again: ./releve verify -pl sip -Dtest=RacesTest -Dreleve.races.first=%d -Dreleve.races.seeds=1"
                            .formatted(seed, race.network.nowMs(), race.faults, race.crash, e.getMessage(), seed));
            named.initCause(e);
            throw named;
        }
    }

    private Outcome run(int calls) {
        for (int i = 0; i < calls; i++) {
            String callId = "call-" + i;
            network.after(15L * i, () -> start(callId));
        }
        if (crash != null) {
            Party victim = victim(crash);
            network.after(crash.atMs() - random.nextInt(200), victim::changeSome);
            network.after(crash.atMs(), () -> die(victim, crash));
        }
        if (!network.run(LIMIT_MS)) {
            throw new Violation("something still goes on after " + LIMIT_MS + " ms");
        }
        stories.values().forEach(story -> story.check(faults.cut(), crash));
        parties.forEach(Party::check);
        proxy.check();
        if (!faults.cut() && (crash == null || crash.addressMoves())) {
            parties.forEach(Party::checkAcknowledged);
        }
        return new Outcome(
                parties.stream().mapToLong(Party::sent).sum(),
                stories.values().stream()
                        .mapToInt(story -> story.callees.size())
                        .sum(),
                (int) stories.values().stream().filter(story -> story.caller.up).count(),
                parties.stream().mapToInt(Party::adopted).sum(),
                (int) stories.values().stream()
                        .filter(story -> crash != null && story.wasAdoptedInPeace(crash))
                        .count());
    }

    private Party victim(Crash crash) {
        return parties.stream()
                .filter(party -> party.address().equals(crash.victim()))
                .findFirst()
                .orElseThrow();
    }

    private void die(Party victim, Crash crash) {
        victim.die(crash);
        network.after(crash.adoptedAtMs() - crash.atMs(), () -> {
            Party heir = victim.heir(crash);
            parties.add(heir);
            network.add(heir);
            heir.adopt(victim, crash);
        });
    }

    private void start(String callId) {
        int caller = random.nextInt(Party.COUNT);
        int callee = (caller + 1 + random.nextInt(Party.COUNT - 1)) % Party.COUNT;
        boolean forked = random.nextInt(4) == 0;
        parties.get(caller)
                .call(callId, forked ? proxy.address() : parties.get(callee).address());
    }
}
