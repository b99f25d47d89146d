package releve.sip.transaction;

import org.jspecify.annotations.Nullable;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.Via;

/** What names a transaction, so that it is found by one hash look-up (RFC 3261 sections 17.1.3 and 17.2.3). */
public sealed interface TransactionKey {
    /**
     * A client transaction.
     *
     * @param branch the branch we put on the top Via
     * @param method the method of CSeq, since a CANCEL shares the branch of its INVITE
     */
    record Client(String branch, Method method) implements TransactionKey {
        static Client of(SipRequest request) {
            String branch = request.topVia().branch();
            if (branch == null) {
                throw new IllegalArgumentException("a request of ours has no branch");
            }
            return new Client(branch, request.method());
        }

        static @Nullable Client of(SipResponse response) {
            String branch = response.topVia().branch();
            return branch == null ? null : new Client(branch, response.cseq().method());
        }
    }

    /**
     * A server transaction.
     *
     * @param branch the client's branch, or for RFC 2543 clients a text of the fields that section 17.2.3 names
     * @param host sent-by host of the top Via
     * @param port sent-by port of the top Via
     * @param method the method, INVITE for an ACK
     */
    record Server(String branch, String host, int port, Method method) implements TransactionKey {
        /** @param method the method of the transaction sought: a CANCEL looks for its INVITE */
        static Server of(SipRequest request, Method method) {
            Via via = request.topVia();
            Method sought = method.equals(Method.ACK) ? Method.INVITE : method;
            String branch = via.branch();
            if (branch == null || !via.hasMagicCookie()) {
                branch = old(request);
            }
            return new Server(branch, via.host(), via.portOrDefault(), sought);
        }

        /** The To tag is left out: an ACK has one that its INVITE had not. */
        private static String old(SipRequest r) {
            String fromTag = r.from().tag();
            return r.uri() + ' ' + fromTag + ' ' + r.callId() + ' ' + r.cseq().number() + ' ' + r.topVia();
        }
    }
}
