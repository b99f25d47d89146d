/** The simulated customers: what becomes of a call to a number, drawn from a seed. */
@NullMarked
package releve.sim.world;

import org.jspecify.annotations.NullMarked;
