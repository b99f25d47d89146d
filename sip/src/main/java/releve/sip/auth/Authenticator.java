package releve.sip.auth;

import java.util.List;
import java.util.Optional;
import releve.sip.message.Header;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/** Answers the challenges that servers and proxies put to our requests (RFC 3261 section 22). */
public interface Authenticator {
    /** Answers nothing: a challenge is a failure. */
    Authenticator NONE = new Authenticator() {
        @Override
        public Optional<List<Header>> answer(SipRequest sent, SipResponse challenged) {
            return Optional.empty();
        }

        @Override
        public List<Header> forNew(String method, String uri) {
            return List.of();
        }
    };

    /**
     * The credentials with which a request that was answered 401 or 407 is worth sending again: all its Authorization and
     * Proxy-Authorization fields, in place of those it had.
     *
     * @return empty when there are none to show, or those that were shown are wrong
     */
    Optional<List<Header>> answer(SipRequest sent, SipResponse challenged);

    /**
     * The credentials that a new request may carry at once, because a server's nonce is known from before (section 22.2):
     * it saves a round trip. Possibly none.
     */
    List<Header> forNew(String method, String uri);
}
