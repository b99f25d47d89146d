/** REST API, console page, health and metrics over HTTP. */
@NullMarked
package releve.server.http;

import org.jspecify.annotations.NullMarked;
