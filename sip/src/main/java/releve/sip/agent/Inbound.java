package releve.sip.agent;

import java.net.InetSocketAddress;
import releve.sip.message.SipRequest;
import releve.sip.message.Via;

/**
 * A received request with its source, which decides where responses go.
 *
 * @param request the request as it came
 * @param source the datagram's source
 */
record Inbound(SipRequest request, InetSocketAddress source) {
    /** The top Via as responses repeat it: received and rport filled in (RFC 3261 section 18.2.1, RFC 3581). */
    Via via() {
        Via via = request.topVia();
        String sourceHost = source.getAddress().getHostAddress();
        boolean rport = via.params().has("rport");
        if (!rport && via.host().equals(sourceHost)) {
            return via;
        }
        var params = via.params().with("received", sourceHost);
        if (rport) {
            params = params.with("rport", Integer.toString(source.getPort()));
        }
        return new Via(via.transport(), via.host(), via.port(), params);
    }

    /** Where responses go (RFC 3261 section 18.2.2, RFC 3581 section 4); maddr is not honoured: it is for multicast. */
    InetSocketAddress responsesTo() {
        Via via = request.topVia();
        return via.params().has("rport") ? source : new InetSocketAddress(source.getAddress(), via.portOrDefault());
    }
}
