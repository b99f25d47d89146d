/** What moves datagrams between a network and a user agent; the only package with sockets, threads and a clock. */
@NullMarked
package releve.sip.transport;

import org.jspecify.annotations.NullMarked;
