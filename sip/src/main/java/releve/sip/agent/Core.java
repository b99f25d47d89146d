package releve.sip.agent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.dialog.Locator;
import releve.sip.limit.Doorkeeper;
import releve.sip.message.CSeq;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SipWriter;
import releve.sip.message.Status;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.ClientTransaction;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.DeadlineHeap;
import releve.sip.transaction.Hop;
import releve.sip.transaction.TransactionLayer;

/** What the parts of one user agent share: calls by number and by dialog, transactions, deadlines, output. */
final class Core {
    /** The methods we take, as in Allow. */
    static final String ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REFER, SUBSCRIBE, NOTIFY, PRACK, UPDATE";

    /** That in a header. */
    static final Header ALLOWED = new Header(HeaderName.ALLOW, ALLOW);

    static final byte[] NO_BODY = new byte[0];

    final UserAgentConfig config;
    final Ids ids;
    final DeadlineHeap deadlines = new DeadlineHeap();
    final TransactionLayer transactions;
    final Doorkeeper door;
    final Map<Long, Call> calls = new HashMap<>();
    final Map<DialogId, Call> dialogs = new HashMap<>();
    /** Answers that nobody waited for, while they may be repeated; no more than there are transactions. */
    final Map<DialogId, SurplusAnswer> surplus = new HashMap<>();

    final Map<Long, Registration> registrations = new HashMap<>();
    /** Calls followed after a REFER; each began with a call of ours. */
    final Map<Long, Transfer> transfers = new HashMap<>();

    final Subscriptions subscriptions = new Subscriptions(this);
    final Watchers watchers = new Watchers(this);
    final ArrayDeque<Transmit> transmits = new ArrayDeque<>();
    final ArrayDeque<SipEvent> events = new ArrayDeque<>();
    private final long[] counts = new long[Counter.values().length];
    private final Locator locator;
    private final OwnAddresses own;
    private final Header userAgent;
    private final List<Header> byeHeaders;
    /** For fields that are copied or written before the next use; cleared before each. */
    private final Headers.Builder draft = new Headers.Builder();

    private final Header server;
    /** Whether new calls are refused until the endpoint has caught up. */
    boolean overloaded;

    private long lastCall;

    Core(UserAgentConfig config, RandomGenerator random) {
        this.config = config;
        this.ids = new Ids(random);
        this.door = new Doorkeeper(config.allowed(), config.strangers());
        this.locator = config.locator().forOne();
        this.own = new OwnAddresses(config);
        this.transactions = new TransactionLayer(
                config.timers(), deadlines, this::send, new TcpForLarge(config.datagramBytesMax(), own));
        this.userAgent = new Header(HeaderName.USER_AGENT, config.product());
        this.byeHeaders = List.of(userAgent);
        this.server = new Header(HeaderName.SERVER, config.product());
    }

    long nextCallNumber() {
        return ++lastCall;
    }

    void emit(SipEvent event) {
        events.add(event);
    }

    void count(Counter counter) {
        counts[counter.ordinal()]++;
    }

    long counted(Counter counter) {
        return counts[counter.ordinal()];
    }

    private void send(byte[] bytes, Hop destination, @Nullable ClientTransaction origin, boolean repeated) {
        count(Counter.DATAGRAMS_SENT);
        if (repeated) {
            count(Counter.RETRANSMISSIONS_SENT);
        }
        transmits.add(new Transmit(bytes, destination, origin));
    }

    /** Whether a response's top Via is ours (RFC 3261 section 18.1.2). */
    boolean isOurs(SipResponse response) {
        return own.isSentBy(response.topVia());
    }

    /** Our Via on a request that takes that hop. */
    String via(Hop hop, String branch) {
        return own.via(hop, branch);
    }

    /** The URI of that Contact. */
    String contactUri(Hop hop) {
        return own.uri(hop);
    }

    /** Our Contact towards the peer behind that hop. */
    Header contact(Hop hop) {
        return own.contact(hop);
    }

    boolean isFull() {
        return calls.size() >= config.callsMax() || transactions.size() >= config.transactionsMax();
    }

    /** The INVITE that starts a call (RFC 3261 section 13.2.1). */
    SipRequest initialInvite(InviteRequest spec) {
        draft.clear();
        Headers.Builder headers = outside(
                draft,
                Method.INVITE,
                spec.destination(),
                spec.from().toString(),
                spec.to().toString(),
                spec.callId());
        Content content = Content.of(spec.sdp(), spec.beside());
        addInviteHeaders(headers, spec.destination(), content);
        headers.addAll(SessionTimer.asking(sessionOf(spec)));
        headers.addAll(spec.headers());
        headers.addAll(spec.authenticator().forNew(Method.INVITE.name(), spec.requestUri()));
        return content.request(Method.INVITE, spec.requestUri(), headers.copy());
    }

    /** The session timer that a call of ours asks for. */
    SessionInterval sessionOf(InviteRequest spec) {
        SessionInterval own = spec.session();
        return own != null ? own : config.sessions();
    }

    /** An OPTIONS outside any dialog (RFC 3261 section 11.1). */
    SipRequest options(String uri, Hop hop) {
        Headers.Builder headers = outside(Method.OPTIONS, hop, "<" + own.uri(hop) + ">", "<" + uri + ">", null);
        headers.add(contact(hop)).add(userAgent).add(HeaderName.ACCEPT, Sdp.CONTENT_TYPE);
        return SipRequest.of(Method.OPTIONS, uri, headers.build());
    }

    /** The fields that every request outside a dialog begins with (section 8.1.1). */
    Headers.Builder outside(Method method, Hop hop, String from, String to, @Nullable String callId) {
        return outside(new Headers.Builder(), method, hop, from, to, callId);
    }

    private Headers.Builder outside(
            Headers.Builder headers, Method method, Hop hop, String from, String to, @Nullable String callId) {
        return headers.add(HeaderName.VIA, via(hop, ids.branch()))
                .add(HeaderName.MAX_FORWARDS, "70")
                .add(HeaderName.FROM, ids.tagged(from))
                .add(HeaderName.TO, to)
                .add(HeaderName.CALL_ID, callId != null ? callId : ids.callId())
                .add(HeaderName.CSEQ, CSeq.text(1, method));
    }

    private void addInviteHeaders(Headers.Builder headers, Hop hop, Content content) {
        headers.add(contact(hop)).add(ALLOWED);
        if (watchers.isServing()) {
            // Whoever has a dialog with us may watch it (RFC 6665 section 4.4.4).
            headers.add(watchers.allowEvents());
        }
        headers.add(userAgent).addAll(content.headers());
    }

    /** A re-INVITE with the dialog's present number, to be sent to that hop. */
    SipRequest reinvite(Dialog dialog, Hop hop, @Nullable String sdp, List<Header> more) {
        Content content = Content.of(sdp);
        Headers.Builder headers = dialog.begin(Method.INVITE, dialog.localCSeq(), via(hop, ids.branch()));
        addInviteHeaders(headers, hop, content);
        return content.request(
                Method.INVITE, dialog.requestUri(), headers.addAll(more).build());
    }

    /**
     * Sends the ACK of a 2xx: made anew each time rather than kept, always with the same branch.
     *
     * @param credentials those of the INVITE
     */
    void sendAck(
            Dialog dialog, int cseq, String branch, @Nullable String sdp, List<Header> credentials, boolean repeated) {
        Hop hop = nextHop(dialog);
        List<Header> more = List.of(contact(hop));
        Content content = Content.of(sdp);
        if (sdp != null || !credentials.isEmpty()) {
            more = new ArrayList<>(more);
            more.addAll(credentials);
            more.addAll(content.headers());
        }
        send(dialog.ack(draft, cseq, via(hop, branch), more, sdp), hop, null, repeated);
    }

    /** Sends a BYE with the dialog's present number. @return the BYE */
    SipRequest sendBye(Dialog dialog, List<Header> more, ClientUser user, long nowMs) {
        List<Header> headers = byeHeaders;
        if (!more.isEmpty()) {
            headers = new ArrayList<>(more);
            headers.add(userAgent);
        }
        Hop hop = nextHop(dialog);
        SipRequest bye = dialog.request(Method.BYE, dialog.localCSeq(), via(hop, ids.branch()), headers, NO_BODY);
        transactions.request(bye, hop, user, nowMs);
        return bye;
    }

    /**
     * Where the next request of a dialog goes. WebSocket peers, as a rule browsers, cannot be connected to: they are
     * reached on the connection they made (RFC 7118 section 5.2).
     */
    Hop nextHop(Dialog dialog) {
        Hop peer = dialog.peer();
        Hop located = config.followContact() ? locator.locate(dialog.nextHopUri()) : null;
        if (located == null || located.transport().isWebSocket()) {
            return peer;
        }
        boolean same =
                located.transport() == peer.transport() && located.address().equals(peer.address());
        return same ? peer : located;
    }

    /** Answers a request with a tag of its own. */
    void answer(Inbound in, int status, List<Header> headers, long nowMs) {
        answer(in, status, ids.tag(), headers, nowMs);
    }

    /** Answers a request: its transaction is opened for it. */
    void answer(Inbound in, int status, String tag, List<Header> headers, long nowMs) {
        SipRequest request = in.request();
        var transaction = request.method().equals(Method.INVITE)
                ? transactions.openInvite(request, in.responsesTo())
                : transactions.open(request, in.responsesTo());
        transaction.respond(response(in, status, tag, headers, null), nowMs);
    }

    /** A response with the fields that section 8.2.6 wants. @param toTag our tag; ignored when To has one */
    SipResponse response(Inbound in, int status, String toTag, List<Header> more, @Nullable String sdp) {
        return responseWith(Content.of(sdp), in, status, toTag, more);
    }

    /** The same with that body. */
    SipResponse responseWith(Content content, Inbound in, int status, String toTag, List<Header> more) {
        SipRequest request = in.request();
        Headers.Builder headers = new Headers.Builder();
        copyVias(in, headers);
        headers.copy(request.headers(), HeaderName.FROM);
        boolean tagged = request.to().tag() != null || status == 100;
        headers.add(
                HeaderName.TO,
                tagged
                        ? Objects.requireNonNull(request.headers().first(HeaderName.TO))
                        : request.to().withTag(toTag).toString());
        headers.copy(request.headers(), HeaderName.CALL_ID);
        headers.copy(request.headers(), HeaderName.CSEQ);
        if (request.method().equals(Method.INVITE) && status > 100 && status < 300) {
            headers.copy(request.headers(), HeaderName.RECORD_ROUTE);
            headers.add(contact(in.source()));
            headers.add(ALLOWED);
            if (watchers.isServing()) {
                headers.add(watchers.allowEvents());
            }
        }
        headers.addAll(more).add(server).addAll(content.headers());
        return content.response(status, Status.phrase(status), headers.build());
    }

    private static void copyVias(Inbound in, Headers.Builder headers) {
        List<String> vias = in.request().headers().values(HeaderName.VIA);
        headers.add(HeaderName.VIA, in.via().toString());
        for (String via : vias.subList(1, vias.size())) {
            headers.add(HeaderName.VIA, via);
        }
    }

    /** Answers without a transaction: when there is no room for one. */
    void respondStateless(Inbound in, int status, List<Header> more) {
        send(SipWriter.write(response(in, status, ids.tag(), more, null)), in.responsesTo(), null, false);
    }
}
