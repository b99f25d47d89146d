/** Trunks as operators describe them: a file in YAML, read and checked, or one address. */
@NullMarked
package releve.server.trunk;

import org.jspecify.annotations.NullMarked;
