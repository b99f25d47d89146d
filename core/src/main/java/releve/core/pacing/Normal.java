package releve.core.pacing;

/** The normal distribution's functions. */
final class Normal {
    private static final double INVERSE_ROOT_2PI = 1 / Math.sqrt(2 * Math.PI);

    private Normal() {}

    static double density(double x) {
        return INVERSE_ROOT_2PI * Math.exp(-x * x / 2);
    }

    /** Abramowitz and Stegun 26.2.17; the error is below 1e-7. */
    static double cdf(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double tail = density(x)
                * t
                * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x >= 0 ? 1 - tail : tail;
    }
}
