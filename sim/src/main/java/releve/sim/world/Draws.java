package releve.sim.world;

import java.util.SplittableRandom;

/** Random generators that depend on what is drawn for, not on what was drawn before. */
public final class Draws {
    private Draws() {}

    /**
     * The generator for one call.
     *
     * @param name a number or an agent
     * @param call which call of it
     */
    public static SplittableRandom of(long seed, String name, int call) {
        long hash = 0xcbf29ce484222325L ^ seed * 0x9e3779b97f4a7c15L; // FNV-1a, seeded
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ call) * 0x100000001b3L;
        return new SplittableRandom(hash ^ hash >>> 31);
    }
}
