@NullMarked
package releve.media;

import org.jspecify.annotations.NullMarked;
