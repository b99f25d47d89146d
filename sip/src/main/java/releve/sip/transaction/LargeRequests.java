package releve.sip.transaction;

import org.jspecify.annotations.Nullable;
import releve.sip.message.SipRequest;

/**
 * What becomes of requests that may be too large for the path's datagrams (RFC 3261 section 18.1.1): fragments get lost, so
 * they take a stream, and a datagram all the same where the peer has no stream.
 */
public interface LargeRequests {
    /** The largest request that goes as a datagram without asking. */
    int datagramBytesMax();

    /** The request as it goes over a stream; null when it has to go as a datagram. */
    @Nullable
    Sending instead(SipRequest request, Hop datagram, long nowMs);

    /** The peer takes no stream. */
    void refused(Hop stream, long nowMs);

    /** A request and where it goes; its Via names that transport. */
    record Sending(SipRequest request, Hop hop) {}

    /** Everything that is to be a datagram is one. */
    LargeRequests AS_DATAGRAMS = new LargeRequests() {
        @Override
        public int datagramBytesMax() {
            return Integer.MAX_VALUE;
        }

        @Override
        public @Nullable Sending instead(SipRequest request, Hop datagram, long nowMs) {
            return null;
        }

        @Override
        public void refused(Hop stream, long nowMs) {}
    };
}
