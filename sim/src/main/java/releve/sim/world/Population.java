package releve.sim.world;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The people who are called: each call's fate follows from the seed, the number and how many calls the number has had,
 * and from nothing else, unless a script says otherwise, so that a run can be repeated whatever the order of the calls.
 */
public final class Population {
    private final long seed;
    private final PopulationConfig config;
    private final FateScript script;

    /** People of whom nothing is written down. */
    public Population(long seed, PopulationConfig config) {
        this(seed, config, FateScript.EMPTY);
    }

    /**
     * @param script goes before what is drawn
     * @throws IllegalArgumentException when the configuration has violations; the message is the first of them
     */
    public Population(long seed, PopulationConfig config, FateScript script) {
        List<String> violations = config.violations();
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(violations.getFirst());
        }
        this.seed = seed;
        this.config = config;
        this.script = script;
    }

    public long seed() {
        return seed;
    }

    public PopulationConfig config() {
        return config;
    }

    /**
     * What becomes of a call.
     *
     * @param phone the number as dialed
     * @param callsBefore how many calls that number has had before this one
     */
    public Fate fateOf(String phone, int callsBefore) {
        return script.fateOf(phone, callsBefore).orElseGet(() -> drawn(phone, callsBefore));
    }

    private Fate drawn(String phone, int callsBefore) {
        Shares shares = config.shares();
        if (random(phone, -1).nextDouble() < shares.invalid()) {
            return new Fate.Refused(Progress.SILENT, refusalMs(random(phone, callsBefore)), Fate.Refusal.INVALID);
        }
        SplittableRandom random = random(phone, callsBefore);
        // Of the numbers that exist: what is left of 1 without the invalid share is their whole.
        double drawn = random.nextDouble() * (1 - shares.invalid());
        double upTo = shares.answer();
        if (drawn < upTo) {
            return answers(random);
        }
        upTo += shares.busy();
        if (drawn < upTo) {
            return refused(Progress.SILENT, Fate.Refusal.BUSY, random);
        }
        upTo += shares.congestion();
        if (drawn < upTo) {
            return refused(Progress.SILENT, Fate.Refusal.CONGESTION, random);
        }
        upTo += shares.refused();
        if (drawn < upTo) {
            return refused(new Progress(Progress.Kind.RINGING, 0), Fate.Refusal.REFUSED, random);
        }
        upTo += shares.unavailable();
        if (drawn < upTo) {
            return refused(Progress.SILENT, Fate.Refusal.UNAVAILABLE, random);
        }
        return new Fate.NoAnswer(progress(random));
    }

    private Fate answers(SplittableRandom random) {
        Progress progress = progress(random);
        int ringMs = config.ring().draw(random);
        boolean customerEnds = random.nextDouble() < config.customerEnds();
        int talkMs = config.talk().draw(random);
        int patienceMs = config.patience().draw(random);
        return new Fate.Answers(progress, ringMs, customerEnds ? talkMs : Fate.UNTIL_AGENT_ENDS, patienceMs);
    }

    private Fate refused(Progress progress, Fate.Refusal refusal, SplittableRandom random) {
        return new Fate.Refused(progress, refusalMs(random), refusal);
    }

    private int refusalMs(SplittableRandom random) {
        return config.refusal().draw(random);
    }

    private Progress progress(SplittableRandom random) {
        boolean early = random.nextDouble() < config.earlyMedia();
        boolean slow = random.nextDouble() < config.slowRinging();
        int slowMs = config.slow().draw(random);
        return new Progress(early ? Progress.Kind.EARLY_MEDIA : Progress.Kind.RINGING, slow ? slowMs : 0);
    }

    private SplittableRandom random(String phone, int call) {
        return Draws.of(seed, phone, call);
    }
}
