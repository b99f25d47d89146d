/** What a process is told at its start: options, environment, defaults. */
@NullMarked
package releve.server.config;

import org.jspecify.annotations.NullMarked;
