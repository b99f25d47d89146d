/** Measurements of the whole path, with real processes. */
@NullMarked
package releve.app.bench;

import org.jspecify.annotations.NullMarked;
