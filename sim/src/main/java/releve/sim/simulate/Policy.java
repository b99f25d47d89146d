package releve.sim.simulate;

import java.util.Locale;
import java.util.Optional;
import releve.core.pacing.AdaptiveRatioPacing;
import releve.core.pacing.ExpectedValuePacing;
import releve.core.pacing.Foresight;
import releve.core.pacing.LinesControlPacing;
import releve.core.pacing.PacingPolicy;
import releve.core.pacing.PredictivePacing;
import releve.core.pacing.ProgressivePacing;

/** The policies that a scenario can be run with. */
public enum Policy {
    PROGRESSIVE("progressive 1:1"),
    RATIO("adaptive ratio, default"),
    LINES("PI on lines per agent"),
    EXPECTED("expected-value window"),
    PREDICTIVE("predictive (Relève)"),
    ORACLE("oracle");

    private final String title;

    Policy(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** The name on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    PacingPolicy make(Scenario scenario, Foresight foresight) {
        var bounds = new PredictivePacing.Bounds(scenario.waitSeconds(), scenario.linesPerAgentMax());
        return switch (this) {
            case PROGRESSIVE -> new ProgressivePacing(1);
            case RATIO -> new AdaptiveRatioPacing(3, true);
            case LINES -> new LinesControlPacing();
            case EXPECTED -> new ExpectedValuePacing();
            case PREDICTIVE -> new PredictivePacing(bounds, Optional.empty());
            case ORACLE -> new PredictivePacing(bounds, Optional.of(foresight));
        };
    }
}
