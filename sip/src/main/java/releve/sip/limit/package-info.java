/** Limits on what is let in and out: rates, address prefixes, and what strangers may send. Pure: the time is passed in. */
@NullMarked
package releve.sip.limit;

import org.jspecify.annotations.NullMarked;
