/** The loop: bounded inbox → engine → store → edges; and the threads that keep lease, heartbeat and wake-ups. */
@NullMarked
package releve.server.node;

import org.jspecify.annotations.NullMarked;
