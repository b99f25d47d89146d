/** The demonstration: PostgreSQL, both sides, carrier and agents as processes of their own on this machine. */
@NullMarked
package releve.app.demo;

import org.jspecify.annotations.NullMarked;
