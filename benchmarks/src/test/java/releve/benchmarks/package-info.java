/** How long the pure parts take, by JMH. */
@NullMarked
package releve.benchmarks;

import org.jspecify.annotations.NullMarked;
