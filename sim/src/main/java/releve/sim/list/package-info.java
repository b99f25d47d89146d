/** Contact lists of people who do not exist, with phone numbers that never will. */
@NullMarked
package releve.sim.list;

import org.jspecify.annotations.NullMarked;
