/** Identifiers, time and results that all machines share. */
@NullMarked
package releve.core.common;

import org.jspecify.annotations.NullMarked;
