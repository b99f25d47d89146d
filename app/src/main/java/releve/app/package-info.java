/** The command {@code releve}: the commands of the product and of its simulated world under one root. */
@NullMarked
package releve.app;

import org.jspecify.annotations.NullMarked;
