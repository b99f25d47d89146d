package releve.sim.faults;

import java.util.Map;
import java.util.TreeMap;

/** What one world has been through. */
final class Tally {
    long events;
    private final Map<String, Long> faults = new TreeMap<>();

    void fault(String kind) {
        faults.merge(kind, 1L, Long::sum);
    }

    long faults() {
        return faults.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Long> byKind() {
        return faults;
    }
}
