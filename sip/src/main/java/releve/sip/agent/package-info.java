/** The user agent core: calls as client and as server over transactions and dialogs. Pure: the time and the source of randomness are passed in. */
@NullMarked
package releve.sip.agent;

import org.jspecify.annotations.NullMarked;
