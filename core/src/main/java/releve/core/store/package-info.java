/** What the engine asks of the store, and the facts it makes durable. */
@NullMarked
package releve.core.store;

import org.jspecify.annotations.NullMarked;
