package releve.app.bench;

import java.util.List;
import java.util.stream.Stream;

/** Measured values, the least first; one at least. */
record Sample(List<Double> values) {
    static Sample of(Stream<Double> values) {
        return new Sample(values.sorted().toList());
    }

    /** The mean of the two in the middle, when they are even in number. */
    double median() {
        int n = values.size();
        return (values.get((n - 1) / 2) + values.get(n / 2)) / 2;
    }

    double max() {
        return values.getLast();
    }
}
