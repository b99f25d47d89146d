package releve.sim.simulate;

import java.util.SplittableRandom;

/** The true chance that a call becomes live, minute by minute: what the policies have to find out. */
final class Conditions {
    private static final double DRIFT_MEMORY_MINUTES = 60;
    private static final double RATE_MAX = 0.95;
    private final double[] rate;

    Conditions(Scenario scenario, long seed) {
        Scenario.Answers answers = scenario.answers();
        SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + 1);
        rate = new double[scenario.days() * 1440 + 1440];
        double keep = Math.exp(-1 / DRIFT_MEMORY_MINUTES);
        double drift = 0;
        double jump = 1;
        double toJump = random.nextExponential() * answers.jumpEverySeconds();
        for (int minute = 0; minute < rate.length; minute++) {
            drift = drift * keep + answers.drift() * Math.sqrt(1 - keep * keep) * random.nextGaussian();
            toJump -= 60;
            if (answers.jumpEverySeconds() > 0 && toJump <= 0) {
                toJump = random.nextExponential() * answers.jumpEverySeconds();
                jump = answers.jumpFrom() * Math.pow(answers.jumpTo() / answers.jumpFrom(), random.nextDouble());
            }
            double byHour = answers.byHour()[minute / 60 % 24];
            rate[minute] = Math.min(RATE_MAX, answers.rate() * byHour * jump * Math.exp(drift));
        }
    }

    double rateAt(long nowMs) {
        return rate[(int) Math.min(nowMs / 60_000, rate.length - 1)];
    }
}
