package releve.sip.agent;

import java.net.InetSocketAddress;
import releve.sip.message.SipRequest;
import releve.sip.message.Via;
import releve.sip.transaction.Hop;

/**
 * A received request with its source, which decides where responses go.
 *
 * @param request the request as it came
 * @param source where it came from and how
 */
record Inbound(SipRequest request, Hop source) {
    /** The top Via as responses repeat it: received and rport filled in (RFC 3261 section 18.2.1, RFC 3581). */
    Via via() {
        Via via = request.topVia();
        String sourceHost = source.address().getAddress().getHostAddress();
        boolean rport = via.params().has("rport");
        if (!rport && via.host().equals(sourceHost)) {
            return via;
        }
        var params = via.params().with("received", sourceHost);
        if (rport) {
            params = params.with("rport", Integer.toString(source.address().getPort()));
        }
        return via.with(params);
    }

    /**
     * Where responses go (RFC 3261 section 18.2.2, RFC 3581 section 4): back on the same connection, and should it be
     * gone, to the port of sent-by. maddr is not honoured: it is for multicast.
     */
    Hop responsesTo() {
        Via via = request.topVia();
        if (via.params().has("rport") && !source.isReliable()) {
            return source;
        }
        InetSocketAddress sentBy = new InetSocketAddress(source.address().getAddress(), via.portOrDefault());
        return new Hop(source.transport(), sentBy, source.connection(), source.domain());
    }
}
