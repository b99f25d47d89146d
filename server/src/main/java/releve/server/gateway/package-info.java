/** The agent gateway, which holds agents' sessions and states, and the routing gateway, which reserves agents. */
@NullMarked
package releve.server.gateway;

import org.jspecify.annotations.NullMarked;
