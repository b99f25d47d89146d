/** Trunks: several gateways with their states, limits and choice. Pure: outcomes and the time are passed in. */
@NullMarked
package releve.sip.trunk;

import org.jspecify.annotations.NullMarked;
