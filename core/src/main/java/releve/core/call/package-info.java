/** The life of one attempt: dialing, ringing, analysing, transferring, connected, ended. */
@NullMarked
package releve.core.call;

import org.jspecify.annotations.NullMarked;
