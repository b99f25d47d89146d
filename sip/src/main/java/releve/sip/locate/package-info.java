/** Locating SIP servers (RFC 3263): which hops a URI leads to. Pure: DNS answers and the time are passed in. */
@NullMarked
package releve.sip.locate;

import org.jspecify.annotations.NullMarked;
