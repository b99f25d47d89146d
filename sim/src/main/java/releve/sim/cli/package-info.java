/** The commands that run carrier and agents as processes of their own. */
@NullMarked
package releve.sim.cli;

import org.jspecify.annotations.NullMarked;
