package releve.sip.transaction;

import org.jspecify.annotations.Nullable;
import releve.sip.message.Method;
import releve.sip.message.SipMessage;
import releve.sip.message.SipRequest;
import releve.sip.message.Via;

/**
 * What names a server transaction, so that it is found by one hash look-up (RFC 3261 section 17.2.3). A client transaction is
 * named by our own branch alone.
 *
 * @param branch the client's branch, or for RFC 2543 clients a text of the fields that section 17.2.3 names
 * @param host sent-by host of the top Via
 * @param port sent-by port of the top Via
 * @param method the method, INVITE for an ACK
 */
record TransactionKey(String branch, String host, int port, Method method) {
    /** @param method the method of the transaction sought: a CANCEL looks for its INVITE */
    static TransactionKey of(SipRequest request, Method method) {
        Via via = request.topVia();
        Method sought = method.equals(Method.ACK) ? Method.INVITE : method;
        String branch = via.branch();
        if (branch == null || !via.hasMagicCookie()) {
            branch = old(request);
        }
        return new TransactionKey(branch, via.host(), via.portOrDefault(), sought);
    }

    /** The To tag is left out: an ACK has one that its INVITE had not. */
    private static String old(SipRequest r) {
        String fromTag = r.from().tag();
        return r.uri() + ' ' + fromTag + ' ' + r.callId() + ' ' + r.cseq().number() + ' ' + r.topVia();
    }

    /** What names a client transaction (section 17.1.3): the branch, which a CANCEL shares with its INVITE; null without. */
    static @Nullable String ofClient(SipMessage message) {
        String branch = message.branch();
        boolean cancel = branch != null && message.cseq().method().equals(Method.CANCEL);
        return cancel ? branch + " CANCEL" : branch;
    }
}
