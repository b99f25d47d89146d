/** Agent states and their transitions. */
@NullMarked
package releve.core.agent;

import org.jspecify.annotations.NullMarked;
