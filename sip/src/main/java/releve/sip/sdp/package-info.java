/** Session descriptions (RFC 8866) and what offer and answer (RFC 3264) need for audio. Pure. */
@NullMarked
package releve.sip.sdp;

import org.jspecify.annotations.NullMarked;
