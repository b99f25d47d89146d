@NullMarked
package releve.core;

import org.jspecify.annotations.NullMarked;
