package releve.sim.faults;

import org.jspecify.annotations.Nullable;

/** A rule was broken. */
final class Violation extends RuntimeException {
    private final Rule rule;

    Violation(Rule rule, String what) {
        this(rule, what, null);
    }

    Violation(Rule rule, String what, @Nullable Throwable cause) {
        super(what, cause);
        this.rule = rule;
    }

    Rule rule() {
        return rule;
    }
}
