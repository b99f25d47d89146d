/** Which agent serves which reservation request. */
@NullMarked
package releve.core.routing;

import org.jspecify.annotations.NullMarked;
