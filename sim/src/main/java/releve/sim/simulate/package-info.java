/** A contact centre on virtual time: what each pacing policy makes of a described day. */
@NullMarked
package releve.sim.simulate;

import org.jspecify.annotations.NullMarked;
