/** The two telephone codecs of ITU-T G.711. */
@NullMarked
package releve.media.g711;

import org.jspecify.annotations.NullMarked;
