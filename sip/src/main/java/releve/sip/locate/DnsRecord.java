package releve.sip.locate;

import java.net.InetAddress;

/** A record of an answer, as far as locating needs it. */
public sealed interface DnsRecord {
    /**
     * Which transport a domain wants, and under which name its servers are (RFC 3263 section 4.1).
     *
     * @param order ascending; only the lowest that offers something we have counts
     * @param preference ascending within one order
     * @param flags {@code s} for a replacement with SRV records
     * @param service such as {@code SIP+D2U}
     * @param replacement the name to ask for SRV records
     */
    record Naptr(int order, int preference, String flags, String service, String replacement) implements DnsRecord {}

    /**
     * One server of a service (RFC 2782).
     *
     * @param priority ascending
     * @param weight share within one priority, 0 to 65,535
     * @param port 0 to 65,535
     * @param target its name; {@code .} when the domain decidedly has no such service
     */
    record Srv(int priority, int weight, int port, String target) implements DnsRecord {}

    /** An address of a host (A or AAAA). */
    record Address(InetAddress address) implements DnsRecord {}
}
