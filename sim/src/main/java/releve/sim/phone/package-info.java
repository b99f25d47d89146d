/** What carrier and agents share: delayed actions, session descriptions, the address to listen on. */
@NullMarked
package releve.sim.phone;

import org.jspecify.annotations.NullMarked;
