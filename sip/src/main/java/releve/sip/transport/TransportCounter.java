package releve.sip.transport;

/** What an endpoint counts of its sockets. */
public enum TransportCounter {
    /** Messages that the network refused, or whose connection failed. */
    SEND_FAILURES,
    CONNECTIONS_ACCEPTED,
    CONNECTIONS_MADE,
    /** Refused as they came: too many connections, or a source outside the access list. */
    CONNECTIONS_REFUSED,
    /** Connections that we could not make: refused, unreachable or too slow. */
    CONNECT_FAILURES,
    /** Handshakes that failed: no trust, a wrong name, no TLS, no WebSocket. */
    HANDSHAKES_FAILED,
    /** Handshakes or messages that did not complete in time. */
    CLOSED_SLOW,
    /** Peers that broke the rules of their transport. */
    CLOSED_BROKEN,
    /** Peers that did not read what we sent. */
    CLOSED_NOT_READING,
    CLOSED_IDLE,
    /** Peers that stopped answering. */
    CLOSED_SILENT,
    KEEP_ALIVES_ANSWERED,
    /** ICMP errors that datagrams to watched peers caused. */
    UNREACHABLE_REPORTS,
    /** Peers that could not be watched. */
    PEERS_NOT_WATCHED,
    /** Commands that found the inbox full. */
    COMMANDS_REFUSED,
    /** Times the endpoint fell so far behind that it refused new calls. */
    OVERLOADS
}
