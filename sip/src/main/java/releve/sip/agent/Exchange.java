package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.Authenticator;
import releve.sip.message.Header;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.Status;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.Hop;

/** A request of ours other than INVITE, from its first try to its outcome; {@link Retries} says what is tried on the way. */
final class Exchange implements ClientUser {
    private final Core core;
    private final Retries retries;
    private final IntSupplier cseq;
    private final User user;
    private SipRequest sent;
    private Hop hop;

    /** Who waits for the outcome. */
    interface User {
        /** The exchange is over; told exactly once. */
        void onOutcome(Outcome outcome, long nowMs);
    }

    /**
     * How an exchange ended.
     *
     * @param status the final status; 408 when no answer came and 503 when the network refused, both local, or when the
     *     limit of transactions is reached
     * @param response the response; null when the status was made here
     */
    record Outcome(
            int status, String reasonPhrase, @Nullable SipResponse response) {
        boolean isLocal() {
            return response == null;
        }

        boolean isSuccess() {
            return status < 300;
        }
    }

    private Exchange(Core core, Retries retries, IntSupplier cseq, SipRequest first, Hop hop, User user) {
        this.core = core;
        this.retries = retries;
        this.cseq = cseq;
        this.sent = first;
        this.hop = hop;
        this.user = user;
    }

    /**
     * Sends a request and sees it through.
     *
     * @param hops where it may go, best first; at least one. The request's Via is for the first
     * @param cseq takes the number of a further try
     */
    static void start(
            Core core,
            SipRequest request,
            List<Hop> hops,
            Authenticator authenticator,
            IntSupplier cseq,
            User user,
            long nowMs) {
        Retries retries = new Retries(core, authenticator, hops.subList(1, hops.size()));
        Exchange exchange = new Exchange(core, retries, cseq, request, hops.getFirst(), user);
        if (core.transactions.size() >= core.config.transactionsMax()) {
            core.count(Counter.REFUSED_AT_LIMIT);
            user.onOutcome(new Outcome(503, "Too many transactions here", null), nowMs);
        } else {
            core.transactions.request(request, exchange.hop, exchange, nowMs);
        }
    }

    /** Sends a request in a call's dialog with its next number, and sees it through. */
    static void inCall(Call call, Method method, List<Header> more, byte[] body, User user, long nowMs) {
        Core core = call.core;
        call.dialog = call.dialog().nextLocal();
        Hop hop = core.nextHop(call.dialog());
        List<Header> headers = new ArrayList<>(more);
        headers.add(core.contact(hop));
        headers.addAll(call.authenticator.forNew(method.name(), call.dialog().remoteTarget()));
        String via = core.via(hop, core.ids.branch());
        SipRequest request = call.dialog().request(method, call.dialog().localCSeq(), via, headers, body);
        IntSupplier cseq = () -> {
            call.dialog = call.dialog().nextLocal();
            return call.dialog().localCSeq();
        };
        start(core, request, List.of(hop), call.authenticator, cseq, user, nowMs);
    }

    @Override
    public void onResponse(SipResponse response, long nowMs) {
        if (response.isProvisional()) {
            return;
        }
        if (!proceed(retries.after(response, sent, hop, cseq), nowMs)) {
            user.onOutcome(new Outcome(response.status(), response.reasonPhrase(), response), nowMs);
        }
    }

    @Override
    public void onTimeout(long nowMs) {
        silence(408, nowMs);
    }

    @Override
    public void onTransportFailure(long nowMs) {
        silence(503, nowMs);
    }

    private void silence(int status, long nowMs) {
        if (!proceed(retries.elsewhere(sent, cseq), nowMs)) {
            user.onOutcome(new Outcome(status, Status.phrase(status), null), nowMs);
        }
    }

    private boolean proceed(Retries.@Nullable Again again, long nowMs) {
        if (again == null) {
            return false;
        }
        sent = again.request();
        hop = again.hop();
        core.transactions.request(sent, hop, this, nowMs);
        return true;
    }
}
