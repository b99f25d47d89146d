/** The simulated agents: SIP phones that answer by themselves, and desktops that use the product's HTTP API. */
@NullMarked
package releve.sim.agents;

import org.jspecify.annotations.NullMarked;
