/** Dialogs (RFC 3261 section 12) as records that can be stored and adopted by another process. Pure. */
@NullMarked
package releve.sip.dialog;

import org.jspecify.annotations.NullMarked;
