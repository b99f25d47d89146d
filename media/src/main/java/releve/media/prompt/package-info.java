/** Recordings for customers, and the RTP packets that carry them. */
@NullMarked
package releve.media.prompt;

import org.jspecify.annotations.NullMarked;
