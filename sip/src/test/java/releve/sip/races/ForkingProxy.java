package releve.sip.races;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Method;
import releve.sip.message.SipParser;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.transaction.ClientTransaction;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.DeadlineHeap;
import releve.sip.transaction.Hop;
import releve.sip.transaction.InviteClientTransaction;
import releve.sip.transaction.InviteServerTransaction;
import releve.sip.transaction.Timers;
import releve.sip.transaction.TransactionLayer;

/**
 * A proxy that lets several phones ring for one call (RFC 3261 section 16.7): every 2xx goes back to the caller, and the
 * best failure when all have failed. It cancels the others after an answer late or not at all, as proxies do that are slow
 * or careless, so that callers get several answers. It keeps out of the dialogs: no Record-Route.
 */
final class ForkingProxy implements Network.Host {
    /** Longer than any phone here rings (section 16.6, step 11): its final response must have been lost. */
    private static final int TIMER_C_MS = 90_000;

    private final InetSocketAddress address = Network.address(Party.COUNT + 1);
    private final SplittableRandom random;
    private final Network network;
    private final DeadlineHeap deadlines = new DeadlineHeap();
    private final TransactionLayer transactions = new TransactionLayer(Timers.DEFAULT, deadlines, this::send);
    private final Map<InviteServerTransaction, Fork> forks = new HashMap<>();
    private long branches;

    ForkingProxy(SplittableRandom random, Network network) {
        this.random = random;
        this.network = network;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public long nextDeadlineMs() {
        return deadlines.nextMs();
    }

    @Override
    public void advance(long nowMs) {
        deadlines.expire(nowMs, 1_000);
    }

    @Override
    public void receive(byte[] datagram, InetSocketAddress from, long nowMs) {
        try {
            switch (SipParser.parse(datagram, 0, datagram.length)) {
                case SipResponse response -> transactions.onResponse(response, nowMs);
                case SipRequest request -> request(request, Hop.udp(from), nowMs);
            }
        } catch (MalformedMessageException e) {
            throw new Violation("the proxy was sent what cannot be read: " + e.getMessage());
        }
    }

    /** @throws Violation when a transaction or a deadline is left */
    void check() {
        if (transactions.size() != 0 || deadlines.size() != 0) {
            throw new Violation("the proxy is left with %d transactions".formatted(transactions.size()));
        }
    }

    private void request(SipRequest request, Hop from, long nowMs) {
        if (transactions.absorb(request, nowMs)) {
            return;
        }
        if (request.method().equals(Method.INVITE)) {
            InviteServerTransaction upstream = transactions.openInvite(request, from);
            upstream.respond(response(request, 100, "Trying"), nowMs);
            Fork fork = new Fork(request, upstream);
            forks.put(upstream, fork);
            fork.start(nowMs);
        } else if (request.method().equals(Method.CANCEL)) {
            InviteServerTransaction invite = transactions.cancelled(request);
            Fork fork = invite == null ? null : forks.get(invite);
            transactions.open(request, from).respond(response(request, fork == null ? 481 : 200, "Heard"), nowMs);
            if (fork != null) {
                fork.cancelAll(nowMs);
            }
        }
    }

    private static SipResponse response(SipRequest request, int status, String phrase) {
        Headers.Builder headers =
                new Headers.Builder().copy(request.headers(), HeaderName.VIA).copy(request.headers(), HeaderName.FROM);
        headers.add(HeaderName.TO, request.to() + (status == 100 ? "" : ";tag=proxy"));
        headers.copy(request.headers(), HeaderName.CALL_ID).copy(request.headers(), HeaderName.CSEQ);
        return SipResponse.of(status, phrase, headers.build(), new byte[0]);
    }

    private void send(byte[] message, Hop to, @Nullable ClientTransaction origin, boolean repeated) {
        network.send(message, address, to.address());
    }

    private static Headers without(Headers headers, String via, boolean push) {
        Headers.Builder builder = new Headers.Builder();
        if (push) {
            builder.add(HeaderName.VIA, via);
        }
        boolean top = !push;
        for (int i = 0; i < headers.size(); i++) {
            boolean isTop = top && headers.name(i).equals(HeaderName.VIA);
            if (!isTop) {
                builder.add(headers.name(i), headers.value(i));
            }
            top &= !isTop;
        }
        return builder.build();
    }

    /** One call on its way to several phones. */
    private final class Fork {
        private final SipRequest invite;
        private final InviteServerTransaction upstream;
        private final List<Branch> branches = new ArrayList<>();
        private boolean answered;
        private @Nullable SipResponse best;

        Fork(SipRequest invite, InviteServerTransaction upstream) {
            this.invite = invite;
            this.upstream = upstream;
        }

        void start(long nowMs) {
            int phones = 2 + random.nextInt(2);
            int first = random.nextInt(Party.COUNT);
            for (int i = 0; i < phones; i++) {
                branches.add(new Branch(this));
            }
            for (int i = 0; i < phones; i++) {
                branches.get(i).start(Network.address(1 + (first + i) % Party.COUNT), nowMs);
            }
        }

        void cancelAll(long nowMs) {
            branches.forEach(branch -> branch.cancel(nowMs));
        }

        void heard(SipResponse response, long nowMs) {
            SipResponse up = SipResponse.of(
                    response.status(),
                    response.reasonPhrase(),
                    without(response.headers(), "", false),
                    response.body());
            if (response.isSuccess()) {
                upstream.respond(up, nowMs);
                if (!answered && random.nextInt(3) != 0) {
                    network.after(random.nextInt(1_500), () -> cancelAll(network.nowMs()));
                }
                answered = true;
            } else if (response.isProvisional()) {
                if (!answered && response.status() > 100) {
                    upstream.respond(up, nowMs);
                }
            } else if (best == null || up.status() < best.status()) {
                best = up;
            }
            allFailed(nowMs);
        }

        void allFailed(long nowMs) {
            if (!answered && branches.stream().allMatch(branch -> branch.over)) {
                answered = true;
                upstream.respond(Objects.requireNonNullElseGet(best, () -> response(invite, 408, "Timeout")), nowMs);
            }
        }
    }

    private final class Branch implements ClientUser {
        private final Fork fork;
        private @Nullable InviteClientTransaction transaction;
        private boolean rings;
        private boolean cancelWanted;
        private boolean over;

        Branch(Fork fork) {
            this.fork = fork;
        }

        void start(InetSocketAddress phone, long nowMs) {
            String via = "SIP/2.0/UDP 127.0.0.%d:5060;branch=z9hG4bKfork%d".formatted(Party.COUNT + 1, ++branches);
            SipRequest copy = SipRequest.of(
                    Method.INVITE,
                    "sip:b@" + phone.getAddress().getHostAddress(),
                    without(fork.invite.headers(), via, true),
                    fork.invite.body());
            InviteClientTransaction invite = transactions.invite(copy, Hop.udp(phone), this, nowMs);
            transaction = invite;
            network.after(TIMER_C_MS, () -> {
                if (!over) {
                    invite.abandon();
                    onTimeout(network.nowMs());
                }
            });
        }

        void cancel(long nowMs) {
            if (over || cancelWanted && !rings) {
                return;
            }
            boolean first = !cancelWanted;
            cancelWanted = true;
            if (rings && first) {
                sendCancel(nowMs);
            }
        }

        private void sendCancel(long nowMs) {
            InviteClientTransaction invite = Objects.requireNonNull(transaction);
            transactions.request(invite.cancel(null), invite.destination(), NOBODY, nowMs);
        }

        @Override
        public void onResponse(SipResponse response, long nowMs) {
            over |= !response.isProvisional();
            boolean firstHeard = !rings;
            rings = true;
            if (firstHeard && cancelWanted && !over) {
                sendCancel(nowMs);
            }
            fork.heard(response, nowMs);
        }

        @Override
        public void onTimeout(long nowMs) {
            over = true;
            fork.allFailed(nowMs);
        }

        @Override
        public void onTransportFailure(long nowMs) {
            onTimeout(nowMs);
        }
    }

    private static final ClientUser NOBODY = new ClientUser() {
        @Override
        public void onResponse(SipResponse response, long nowMs) {}

        @Override
        public void onTimeout(long nowMs) {}

        @Override
        public void onTransportFailure(long nowMs) {}
    };
}
