package releve.core.pacing;

import releve.core.common.Invariants;

/** A fixed number of lines for each agent who is free; nobody is dialed for who is busy. */
public final class ProgressivePacing implements PacingPolicy {
    private final double linesPerAgent;

    /** @param linesPerAgent 1 to 100; with 1, and agents who stay, nobody is ever abandoned */
    public ProgressivePacing(double linesPerAgent) {
        Invariants.check(
                linesPerAgent >= 1 && linesPerAgent <= 100, "lines per agent are 1 to 100, not %s", linesPerAgent);
        this.linesPerAgent = linesPerAgent;
    }

    @Override
    public int callsToStart(Floor floor, long nowMs) {
        return Math.max(0, (int) Math.ceil(linesPerAgent * floor.idle() - 1e-9) - floor.inFlight());
    }

    @Override
    public String why() {
        return "progressive: %s lines for each free agent".formatted(linesPerAgent);
    }

    @Override
    public boolean looksAhead() {
        return false;
    }
}
