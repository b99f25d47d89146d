package releve.core.engine;

import java.util.Optional;
import releve.core.pacing.PacingPolicy;
import releve.core.pacing.PredictivePacing;

/** Which policy paces predictive campaigns; each campaign gets one of its own, and another when its bounds change. */
@FunctionalInterface
public interface PacingChoice {
    /** The product's own. */
    PacingChoice RELEVE = bounds -> new PredictivePacing(bounds, Optional.empty());

    PacingPolicy policy(PredictivePacing.Bounds bounds);
}
