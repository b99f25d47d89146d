package releve.sip.agent;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.SipRequest;
import releve.sip.transaction.Hop;
import releve.sip.transaction.LargeRequests;
import releve.sip.transaction.Transport;

/**
 * Large requests take TCP to the same address and port (RFC 3261 section 18.1.1). Who refuses that is not asked again for
 * {@value #REFUSED_MS} ms; of so many peers at least the latest {@value #REFUSED_MAX} are remembered.
 */
final class TcpForLarge implements LargeRequests {
    static final int REFUSED_MS = 600_000;
    static final int REFUSED_MAX = 1_024;

    private final int datagramBytesMax;
    private final OwnAddresses own;
    private final Map<InetSocketAddress, Long> refusedUntilMs = new LinkedHashMap<>();

    TcpForLarge(int datagramBytesMax, OwnAddresses own) {
        this.datagramBytesMax = datagramBytesMax;
        this.own = own;
    }

    @Override
    public int datagramBytesMax() {
        return datagramBytesMax;
    }

    @Override
    public @Nullable Sending instead(SipRequest request, Hop datagram, long nowMs) {
        Long untilMs = refusedUntilMs.get(datagram.address());
        String branch = request.topVia().branch();
        if (branch == null || (untilMs != null && nowMs < untilMs)) {
            return null;
        }
        Hop stream = new Hop(Transport.TCP, datagram.address(), 0, datagram.domain());
        Headers.Builder headers = new Headers.Builder().add(HeaderName.VIA, own.via(stream, branch));
        boolean top = true;
        for (int i = 0; i < request.headers().size(); i++) {
            boolean isTop = top && request.headers().name(i).equals(HeaderName.VIA);
            if (!isTop) {
                headers.add(request.headers().name(i), request.headers().value(i));
            }
            top &= !isTop;
        }
        return new Sending(SipRequest.of(request.method(), request.uri(), headers.build(), request.body()), stream);
    }

    @Override
    public void refused(Hop stream, long nowMs) {
        refusedUntilMs.remove(stream.address());
        if (refusedUntilMs.size() >= REFUSED_MAX) {
            refusedUntilMs.remove(refusedUntilMs.keySet().iterator().next());
        }
        refusedUntilMs.put(stream.address(), nowMs + REFUSED_MS);
    }
}
