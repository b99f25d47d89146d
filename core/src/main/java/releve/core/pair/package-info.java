/** The life of a duplex role: standby, active, quiescing, handing over, monitoring, stopped. */
@NullMarked
package releve.core.pair;

import org.jspecify.annotations.NullMarked;
