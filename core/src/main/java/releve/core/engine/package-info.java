/** The dialer as one step function over all machines. */
@NullMarked
package releve.core.engine;

import org.jspecify.annotations.NullMarked;
