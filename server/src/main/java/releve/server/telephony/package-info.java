/** Between the engine's attempts and the SIP user agent's calls: dial, cancel, bridge, hang up; and what happened. */
@NullMarked
package releve.server.telephony;

import org.jspecify.annotations.NullMarked;
