/** How many calls to start now. */
@NullMarked
package releve.core.pacing;

import org.jspecify.annotations.NullMarked;
