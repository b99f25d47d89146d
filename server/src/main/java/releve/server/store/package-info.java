/** The shared store: PostgreSQL, its schema, the queries of every component, and the embedded default. */
@NullMarked
package releve.server.store;

import org.jspecify.annotations.NullMarked;
