package releve.server.telephony;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import releve.server.trunk.TrunkPlan;
import releve.sip.locate.LocatePolicy;
import releve.sip.locate.Question;
import releve.sip.transaction.Transport;
import releve.sip.transport.EndpointConfig;
import releve.sip.transport.TlsSettings;

/** What a plan of trunks needs of the sockets, and what it may make of the DNS. */
final class TrunkTransports {
    private static final int HOPS_MAX = 16;

    private TrunkTransports() {}

    /**
     * UDP; with streams TCP at the same port, connections over TLS, and a port for those of peers where we have a certificate.
     *
     * @throws IOException with one sentence when the trust of this Java cannot be used
     */
    static EndpointConfig endpoint(TrunkPlan plan, InetSocketAddress local) throws IOException {
        EndpointConfig endpoint = EndpointConfig.udp(local);
        if (!plan.streams()) {
            return endpoint;
        }
        TlsSettings tls = plan.tls().isPresent() ? plan.tls().get().settings() : TlsSettings.trusting(null);
        endpoint = endpoint.listening(Transport.TCP, local).secured(tls);
        return plan.tls().map(TrunkPlan.Tls::listens).orElse(false)
                ? endpoint.listening(Transport.TLS, new InetSocketAddress(local.getAddress(), plan.tlsPort()))
                : endpoint;
    }

    /** The transports that we have, and addresses of our own family. */
    static LocatePolicy policy(TrunkPlan plan, InetSocketAddress local) {
        List<Transport> transports =
                plan.streams() ? List.of(Transport.UDP, Transport.TCP, Transport.TLS) : List.of(Transport.UDP);
        Question.Type family = local.getAddress() instanceof Inet6Address ? Question.Type.AAAA : Question.Type.A;
        return new LocatePolicy(transports, List.of(family), HOPS_MAX);
    }
}
