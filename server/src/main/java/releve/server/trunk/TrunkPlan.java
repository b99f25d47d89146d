package releve.server.trunk;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import releve.sip.limit.AccessList;
import releve.sip.transport.TlsSettings;
import releve.sip.trunk.TrunkConfig;

/**
 * Where a node's calls to customers go.
 *
 * @param trunks at least one; a call goes to the first that takes it
 * @param access peers whose SIP is taken besides that of the gateways
 * @param dns the servers to ask; those of the machine when empty
 * @param tls trust and certificate for SIP over TLS; those of Java, and none of our own, when empty
 * @param tlsPort where peers reach us over TLS, when we have a certificate
 * @param streams whether gateways are reached over TCP and TLS, too
 */
public record TrunkPlan(
        List<TrunkSettings> trunks,
        AccessList access,
        List<InetSocketAddress> dns,
        Optional<Tls> tls,
        int tlsPort,
        boolean streams) {
    /** The port of SIP over TLS (RFC 3261 section 19.1.2). */
    public static final int TLS_PORT = 5061;

    /**
     * What TLS uses.
     *
     * @param listens whether we have a certificate, so that peers can connect to us
     */
    public record Tls(TlsSettings settings, boolean listens) {}

    public TrunkPlan {
        trunks = List.copyOf(trunks);
        dns = List.copyOf(dns);
    }

    /** One gateway over UDP, with the limits of the node. @param analyses see {@link TrunkSettings} */
    public static TrunkPlan of(InetSocketAddress gateway, double callsPerSecond, int ports, boolean analyses) {
        String host = gateway.getAddress().getHostAddress();
        String name = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + gateway.getPort();
        TrunkConfig sip = TrunkConfig.single(name, "sip:" + name, callsPerSecond, ports);
        TrunkSettings only =
                new TrunkSettings(sip, ShownCaller.PLAIN, List.of(), analyses, TrunkSettings.ANSWER_WITHIN_MS);
        return new TrunkPlan(List.of(only), new AccessList(List.of()), List.of(), Optional.empty(), TLS_PORT, false);
    }

    /** New calls a second that all trunks take together. */
    public double callsPerSecond() {
        return trunks.stream()
                .mapToDouble(trunk -> trunk.sip().callsPerSecond())
                .sum();
    }

    /** Calls at once that all trunks take together. */
    public int ports() {
        return (int) Math.min(
                Integer.MAX_VALUE,
                trunks.stream().mapToLong(trunk -> trunk.sip().ports()).sum());
    }
}
