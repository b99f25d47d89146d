package releve.sip.dialog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.message.CSeq;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Method;
import releve.sip.message.NameAddr;
import releve.sip.message.SipMessage;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SipUri;
import releve.sip.message.SipWriter;
import releve.sip.transaction.Hop;

/**
 * A dialog (RFC 3261 section 12) as a value: whoever holds it can send the next request in it, so a store can keep it
 * and another process can adopt it.
 *
 * @param id Call-ID and both tags
 * @param local our address with our tag: From of our requests
 * @param remote the peer's address with its tag: To of our requests
 * @param localCSeq the number of our last request
 * @param remoteCSeq the number of the peer's last request, -1 before its first
 * @param routeSet Route values of our requests, in order (section 12.1)
 * @param remoteTarget the Request-URI of our requests, refreshed by the peer's Contact
 * @param peer the hop with which the dialog was made, used when the next hop's URI leads nowhere else
 * @param callIdOurs whether we made the Call-ID, which decides the wait after 491 (section 14.1)
 * @param confirmed false while early
 * @param localSdp the last session description we sent that the peer accepted, or our open offer
 * @param remoteSdp the last one the peer sent
 */
public record Dialog(
        DialogId id,
        NameAddr local,
        NameAddr remote,
        int localCSeq,
        int remoteCSeq,
        List<String> routeSet,
        String remoteTarget,
        Hop peer,
        boolean callIdOurs,
        boolean confirmed,
        @Nullable String localSdp,
        @Nullable String remoteSdp) {
    /** Those that every request in a dialog has, beside Route. */
    private static final int FIELDS = 6;

    public Dialog {
        routeSet = List.copyOf(routeSet);
    }

    /**
     * The dialog a response to our INVITE makes (section 12.1.2). It needs nothing but the response, so a 2xx whose
     * transaction is long gone can still be acknowledged and ended.
     *
     * @param peer where the INVITE went
     * @param localSdp the offer in the INVITE
     */
    public static Dialog ofResponse(SipResponse response, Hop peer, @Nullable String localSdp) {
        NameAddr contact = response.contact();
        return new Dialog(
                DialogId.ofResponse(response),
                response.from(),
                response.to(),
                response.cseq().number(),
                -1,
                response.headers().has(HeaderName.RECORD_ROUTE)
                        ? response.headers().values(HeaderName.RECORD_ROUTE).reversed()
                        : List.of(),
                contact != null ? contact.uri() : response.to().uri(),
                peer,
                true,
                response.isSuccess(),
                localSdp,
                response.sdp());
    }

    /** The early dialog a received INVITE makes once we answer it with our tag (section 12.1.1). */
    public static Dialog ofRequest(SipRequest invite, String localTag, Hop peer) {
        NameAddr contact = invite.contact();
        String remoteTag = invite.from().tag();
        return new Dialog(
                new DialogId(invite.callId(), localTag, remoteTag == null ? "" : remoteTag),
                invite.to().withTag(localTag),
                invite.from(),
                0,
                invite.cseq().number(),
                invite.headers().values(HeaderName.RECORD_ROUTE),
                contact != null ? contact.uri() : invite.from().uri(),
                peer,
                false,
                false,
                null,
                invite.sdp());
    }

    /** Our next request's number taken; at 2^31-1, where no dialog of ours ever gets, the number stays. */
    public Dialog nextLocal() {
        return with(
                localCSeq == Integer.MAX_VALUE ? localCSeq : localCSeq + 1,
                remoteCSeq,
                remoteTarget,
                confirmed,
                localSdp,
                remoteSdp);
    }

    /** Numbers skipped, so that an adopter's requests come after those a former holder may have sent. */
    public Dialog skipLocal(int numbers) {
        return with(Math.addExact(localCSeq, numbers), remoteCSeq, remoteTarget, confirmed, localSdp, remoteSdp);
    }

    /** Whether a request of the peer comes in order (section 12.2.2): a lower number than the last is refused. */
    public boolean inOrder(SipRequest request) {
        return request.cseq().number() > remoteCSeq;
    }

    /** The peer's request taken note of. */
    public Dialog received(SipRequest request) {
        return with(localCSeq, request.cseq().number(), remoteTarget, confirmed, localSdp, remoteSdp);
    }

    /** Continues an early dialog: the numbers that were used and the description that was agreed on in it hold on. */
    public Dialog after(Dialog early) {
        return with(
                Math.max(localCSeq, early.localCSeq),
                Math.max(remoteCSeq, early.remoteCSeq),
                remoteTarget,
                confirmed,
                early.localSdp != null ? early.localSdp : localSdp,
                remoteSdp != null ? remoteSdp : early.remoteSdp);
    }

    /** The remote target taken from the Contact of an INVITE or its 2xx, if it has one (section 12.2). */
    public Dialog refreshed(SipMessage message) {
        NameAddr contact = message.contact();
        String target = contact != null ? contact.uri() : remoteTarget;
        return with(localCSeq, remoteCSeq, target, confirmed, localSdp, remoteSdp);
    }

    /** Without the connection on which it was made, which means nothing in another process. */
    public Dialog withoutConnection() {
        return new Dialog(
                id,
                local,
                remote,
                localCSeq,
                remoteCSeq,
                routeSet,
                remoteTarget,
                peer.withoutConnection(),
                callIdOurs,
                confirmed,
                localSdp,
                remoteSdp);
    }

    public Dialog confirm() {
        return confirmed ? this : with(localCSeq, remoteCSeq, remoteTarget, true, localSdp, remoteSdp);
    }

    /** A description sent or received, null for none, which leaves the former. */
    public Dialog described(@Nullable String newLocal, @Nullable String newRemote) {
        if (newLocal == null && newRemote == null) {
            return this;
        }
        return with(
                localCSeq,
                remoteCSeq,
                remoteTarget,
                confirmed,
                newLocal != null ? newLocal : localSdp,
                newRemote != null ? newRemote : remoteSdp);
    }

    private Dialog with(
            int newLocalCSeq,
            int newRemoteCSeq,
            String target,
            boolean isConfirmed,
            @Nullable String newLocalSdp,
            @Nullable String newRemoteSdp) {
        return new Dialog(
                id,
                local,
                remote,
                newLocalCSeq,
                newRemoteCSeq,
                routeSet,
                target,
                peer,
                callIdOurs,
                isConfirmed,
                newLocalSdp,
                newRemoteSdp);
    }

    /**
     * A request in this dialog (section 12.2.1.1).
     *
     * @param cseq its number: {@link #localCSeq()} after {@link #nextLocal()}, or for an ACK that of its INVITE
     * @param via our Via with its branch
     * @param more further headers, Contact and Content-Type among them
     * @param body the body, possibly empty
     */
    public SipRequest request(Method method, int cseq, String via, List<Header> more, byte[] body) {
        Headers.Builder headers = new Headers.Builder(FIELDS + routeSet.size() + more.size());
        return SipRequest.of(
                method,
                requestUri(),
                begin(headers, method, cseq, via).addAll(more).build(),
                body);
    }

    /** The fields that a request in this dialog begins with; the rest is the caller's to add. */
    public Headers.Builder begin(Method method, int cseq, String via) {
        return begin(new Headers.Builder(), method, cseq, via);
    }

    /**
     * An ACK in this dialog as bytes: it belongs to no transaction, so nobody keeps it.
     *
     * @param draft is used for its fields; whatever it has is forgotten
     */
    public byte[] ack(Headers.Builder draft, int cseq, String via, List<Header> more, @Nullable String sdp) {
        draft.clear();
        Headers headers = begin(draft, Method.ACK, cseq, via).addAll(more).build();
        return SipWriter.write(Method.ACK, requestUri(), headers, sdp);
    }

    private Headers.Builder begin(Headers.Builder headers, Method method, int cseq, String via) {
        headers.add(HeaderName.VIA, via).add(HeaderName.MAX_FORWARDS, "70");
        if (!routeSet.isEmpty()) {
            routes().forEach(route -> headers.add(HeaderName.ROUTE, route));
        }
        headers.add(HeaderName.FROM, local.toString()).add(HeaderName.TO, remote.toString());
        return headers.add(HeaderName.CALL_ID, id.callId()).add(HeaderName.CSEQ, CSeq.text(cseq, method));
    }

    /** The URI of the next hop: the first route, else the remote target. */
    public String nextHopUri() {
        String first = firstRoute();
        return first != null ? first : remoteTarget;
    }

    private boolean firstIsStrict() {
        String first = firstRoute();
        try {
            return first != null && !SipUri.parse(first).params().has("lr");
        } catch (MalformedMessageException _) {
            return false;
        }
    }

    private @Nullable String firstRoute() {
        if (routeSet.isEmpty()) {
            return null;
        }
        try {
            return NameAddr.parse(routeSet.getFirst()).uri();
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    /** A strict router takes the Request-URI's place and the target goes last (section 12.2.1.1). */
    public String requestUri() {
        String first = firstRoute();
        return first != null && firstIsStrict() ? first : remoteTarget;
    }

    private List<String> routes() {
        if (!firstIsStrict()) {
            return routeSet;
        }
        List<String> routes = new ArrayList<>(routeSet.subList(1, routeSet.size()));
        routes.add("<" + remoteTarget + ">");
        return routes;
    }
}
