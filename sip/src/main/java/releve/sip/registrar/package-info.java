/** A small registrar for agents' phones (RFC 3261 section 10): bindings with their expiry. Pure: the time is passed in. */
@NullMarked
package releve.sip.registrar;

import org.jspecify.annotations.NullMarked;
