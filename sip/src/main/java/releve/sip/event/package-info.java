/** Event notification (RFC 6665) and what is watched by it, as machines in records. Pure: the time is passed in. */
@NullMarked
package releve.sip.event;

import org.jspecify.annotations.NullMarked;
