package releve.sip.transaction;

import java.net.InetSocketAddress;

/**
 * One step of a message's way: the transport, the peer's address, and the connection if one is meant. As a source it says
 * where a message came from; as a destination where one goes.
 *
 * @param transport how
 * @param address the peer's resolved address
 * @param connection the number of the connection to use, above 0; 0 for none in particular: UDP, or any connection to
 *     that address, or a new one. A connection that is gone is replaced by a new one to the address
 * @param domain the name that the peer's certificate has to be for on secure transports (RFC 5922 section 7.1); empty
 *     for the address itself
 */
public record Hop(Transport transport, InetSocketAddress address, long connection, String domain) {
    /** @throws IllegalArgumentException when the address is unresolved or the connection's number negative */
    public Hop {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("the address " + address + " is not resolved");
        }
        if (connection < 0) {
            throw new IllegalArgumentException("a connection has no number below 0: " + connection);
        }
    }

    public Hop(Transport transport, InetSocketAddress address, long connection) {
        this(transport, address, connection, "");
    }

    /** Over UDP to an address. */
    public static Hop udp(InetSocketAddress address) {
        return new Hop(Transport.UDP, address, 0, "");
    }

    /** Over that transport to an address, on no connection in particular. */
    public static Hop of(Transport transport, InetSocketAddress address) {
        return new Hop(transport, address, 0, "");
    }

    /** The same hop for a peer whose certificate has to be for that name. */
    public Hop named(String newDomain) {
        return new Hop(transport, address, connection, newDomain);
    }

    /** The same hop on no connection in particular: for a dialog that another process takes over. */
    public Hop withoutConnection() {
        return connection == 0 ? this : new Hop(transport, address, 0, domain);
    }

    /** Whether messages to this hop arrive unless its connection fails, so that no transaction has to repeat them. */
    public boolean isReliable() {
        return transport.isReliable();
    }

    /** Such as {@code TCP 192.0.2.1:5060}, with the connection's number if there is one. */
    @Override
    public String toString() {
        String host = address.getAddress().getHostAddress();
        String text = transport + " " + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
        return connection == 0 ? text : text + " #" + connection;
    }
}
