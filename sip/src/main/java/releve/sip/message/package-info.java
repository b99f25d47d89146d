/** SIP messages (RFC 3261 sections 7, 20 and 25): parsing within limits, typed header views, writing. Pure: no socket, thread or clock. */
@NullMarked
package releve.sip.message;

import org.jspecify.annotations.NullMarked;
