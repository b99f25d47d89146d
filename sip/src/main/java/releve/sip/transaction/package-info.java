/** The four transaction machines of RFC 3261 section 17 with the accepted states of RFC 6026. Pure: the time is passed in. */
@NullMarked
package releve.sip.transaction;

import org.jspecify.annotations.NullMarked;
