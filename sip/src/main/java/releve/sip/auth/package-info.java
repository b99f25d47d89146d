/** Digest authentication (RFC 3261 section 22, RFC 7616, RFC 8760), client and server. Pure: the time and the source of randomness are passed in. */
@NullMarked
package releve.sip.auth;

import org.jspecify.annotations.NullMarked;
