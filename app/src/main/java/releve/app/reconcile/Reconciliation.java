package releve.app.reconcile;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The outcome of a comparison.
 *
 * @param counts of every finding
 * @param examples the first few of each fault, one sentence each
 */
public record Reconciliation(Map<Finding, Integer> counts, Map<Finding, List<String>> examples) {
    public Reconciliation {
        counts = new EnumMap<>(counts);
        examples = new EnumMap<>(examples);
    }

    public int count(Finding finding) {
        return counts.getOrDefault(finding, 0);
    }

    public List<String> examples(Finding finding) {
        return examples.getOrDefault(finding, List.of());
    }

    /** Whether everything that must be zero is. */
    public boolean clean() {
        for (Finding finding : Finding.values()) {
            if (finding.mustBeZero() && count(finding) != 0) {
                return false;
            }
        }
        return true;
    }
}
