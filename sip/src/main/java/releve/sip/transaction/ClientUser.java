package releve.sip.transaction;

import releve.sip.message.SipResponse;

/** The transaction user of a client transaction (RFC 3261 section 17.1): each call ends in exactly one final word. */
public interface ClientUser {
    /** In the place of a user who has heard his final word. */
    ClientUser NOBODY = new ClientUser() {
        @Override
        public void onResponse(SipResponse response, long nowMs) {}

        @Override
        public void onTimeout(long nowMs) {}

        @Override
        public void onTransportFailure(long nowMs) {}
    };

    /** A response to be acted on: provisional, or the final one, or for an INVITE each 2xx that comes (RFC 6026). */
    void onResponse(SipResponse response, long nowMs);

    /** No further answer to an INVITE comes any more (Timer M of RFC 6026). */
    default void onSettled() {}

    /** No final response came in time (Timer B or F). */
    void onTimeout(long nowMs);

    /** The network refused the request (RFC 3261 section 8.1.3.1: treat as 503). */
    void onTransportFailure(long nowMs);
}
