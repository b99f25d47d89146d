/** The simulated trunk: takes calls over SIP and lets the simulated customers have their way with them. */
@NullMarked
package releve.sim.carrier;

import org.jspecify.annotations.NullMarked;
