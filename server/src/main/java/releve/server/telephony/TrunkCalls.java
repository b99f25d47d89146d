package releve.server.telephony;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallEvent;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.message.BodyPart;
import releve.sip.transaction.Hop;
import releve.sip.trunk.CallOutcome;
import releve.sip.trunk.CallSettings.ReliableProvisional;
import releve.sip.trunk.Refusal;

/**
 * Calls to customers through the trunks: one attempt is one call, whichever gateways it is offered to. Runs on the endpoint's
 * loop.
 *
 * <pre>
 * WAITING   the calls of this second are used up: its turn comes → OFFERED; {@value #WAIT_MS_MAX} ms passed → not taken
 * OFFERED   a provisional response but 100, or the answer → SERVED; 503, silence or the network's refusal with another gateway
 *           left → OFFERED there, or WAITING; with none left → failed; 401, 407 or 403 that is about us → not taken
 * SERVED    whatever the gateway says is about the call
 * </pre>
 *
 * Nobody's phone rings twice: a call that makes progress stays where it is, and the right to dial is looked at again before an
 * INVITE goes to a further gateway (RFC 3263 section 4.3). A gateway that was silent and answers all the same, too late, is
 * sent ACK and BYE by the user agent.
 */
final class TrunkCalls implements Trunks.Waiting {
    /** How long a call may wait for its turn at the trunk's rate, ms: the engine paces calls, so this is its unevenness. */
    static final long WAIT_MS_MAX = 1_000;

    /** Calls that may wait; further ones are not taken. */
    static final int WAITING_MAX = 1_000;

    /** Gateways that one call is offered to. */
    static final int OFFERS_MAX = 8;

    private final Telephony telephony;
    private final Trunks trunks;
    private final BooleanSupplier mayDial;
    private final ArrayDeque<Legs> waiting = new ArrayDeque<>();
    private final Map<Long, Seat> seats = new HashMap<>();

    /** A call's port at a gateway, until the call is over. */
    private static final class Seat {
        final TrunkLine line;
        final String gateway;
        boolean served;

        Seat(TrunkLine line, String gateway) {
            this.line = line;
            this.gateway = gateway;
        }
    }

    /** Whom to call, for which attempt. */
    record Order(String phone, String callId, String sdp) {}

    /** A call on its way to a gateway that takes it. */
    static final class Search {
        final Order order;
        final Map<TrunkLine, Set<String>> tried = new HashMap<>();
        int offers;
        long waitsUntilMs;
        /** What the last gateway said. */
        @Nullable
        CallEvent failure;

        Search(Order order) {
            this.order = order;
        }
    }

    /** @param mayDial whether this node may send an INVITE at this very moment */
    TrunkCalls(Telephony telephony, Trunks trunks, BooleanSupplier mayDial) {
        this.telephony = telephony;
        this.trunks = trunks;
        this.mayDial = mayDial;
    }

    /** Offers the call to a gateway; nobody takes it: {@link Telephony#notTaken} follows at once. */
    void begin(Legs legs, Order order, UserAgent agent, long nowMs) {
        Search search = new Search(order);
        legs.search = search;
        search.waitsUntilMs = nowMs + WAIT_MS_MAX;
        CallEvent refused = offer(legs, search, agent, nowMs);
        if (refused != null) {
            telephony.notTaken(legs, refused, agent, nowMs);
        }
    }

    /** @return what to report when no gateway takes it; null when one has it, or it waits */
    private @Nullable CallEvent offer(Legs legs, Search search, UserAgent agent, long nowMs) {
        if (!agent.takesCalls()) {
            return refused(search, "no more calls fit into this dialer");
        }
        if (!waiting.isEmpty() && waiting.size() < WAITING_MAX) {
            waiting.add(legs);
            return null;
        }
        switch (trunks.pick(search.tried, nowMs)) {
            case Trunks.Pick.Found found -> {
                invite(legs, search, found, agent, nowMs);
                return null;
            }
            case Trunks.Pick.None none -> {
                boolean soon = none.refusal() == Refusal.RATE && none.retryAtMs() <= search.waitsUntilMs;
                if (!soon || waiting.size() >= WAITING_MAX) {
                    return refused(search, none.refusal().text());
                }
                waiting.add(legs);
                trunks.wakeAt(none.retryAtMs(), nowMs);
                return null;
            }
        }
    }

    /** What an earlier gateway said of the call says more than that there is no further one. */
    private static CallEvent refused(Search search, String why) {
        return search.failure != null ? search.failure : notSent(why);
    }

    static CallEvent.NotTaken notSent(String why) {
        return new CallEvent.NotTaken(new Termination(CallResult.NO_DIAL_TONE, EndedBy.DIALER, "not sent: " + why));
    }

    private void invite(Legs legs, Search search, Trunks.Pick.Found found, UserAgent agent, long nowMs) {
        TrunkLine line = found.line();
        Order order = search.order;
        search.offers++;
        search.tried.computeIfAbsent(line, _ -> new HashSet<>()).add(found.gateway());
        long call = agent.invite(request(legs, line, found, order), nowMs);
        seats.put(call, new Seat(line, found.gateway()));
        telephony.customerIs(legs, call);
    }

    private InviteRequest request(Legs legs, TrunkLine line, Trunks.Pick.Found found, Order order) {
        String uri = line.uriOf(found.gateway(), order.phone());
        String own = telephony.host();
        List<Hop> hops = found.hops();
        InviteRequest call = InviteRequest.of(
                        uri, hops.getFirst(), line.settings.caller().from(legs.callerId, own), "<" + uri + ">")
                .withCallId(order.callId())
                .withSdp(order.sdp())
                .withFurther(hops.subList(1, hops.size()))
                .withSilence(line.settings.answerWithinMs())
                .withAuthenticator(line.authenticator)
                .withSession(line.settings.session());
        call = line.settings.caller().on(call, legs.callerId, own);
        BodyPart analysis = line.settings.analyses() ? legs.analysis : null;
        ReliableProvisional reliable = line.settings.sip().calls().reliableProvisional();
        if (analysis != null) {
            call = call.withBeside(analysis);
        }
        // What a gateway says of its analysis comes in provisional responses, too, and must not be lost.
        if (reliable != ReliableProvisional.OFF || analysis != null) {
            call = call.withReliableProgress(reliable == ReliableProvisional.REQUIRED);
        }
        String proxy = line.settings.sip().outboundProxy().orElse(null);
        return proxy == null ? call : call.withHeader("Route", "<" + loose(proxy) + ">");
    }

    /** A proxy that takes requests by their Route is a loose router (RFC 3261 section 16.12). */
    private static String loose(String proxy) {
        return proxy.contains(";lr") ? proxy : proxy + ";lr";
    }

    @Override
    public long serve(UserAgent agent, long nowMs) {
        while (!waiting.isEmpty()) {
            Legs legs = waiting.element();
            Search search = Objects.requireNonNull(legs.search);
            CallEvent refused = null;
            if (!mayDial.getAsBoolean()) {
                refused = refused(search, "the right to dial was no longer sure");
            } else {
                switch (trunks.pick(search.tried, nowMs)) {
                    case Trunks.Pick.Found found -> invite(legs, search, found, agent, nowMs);
                    case Trunks.Pick.None none -> {
                        if (none.refusal() == Refusal.RATE && nowMs < search.waitsUntilMs) {
                            return Math.min(none.retryAtMs(), search.waitsUntilMs);
                        }
                        refused = refused(search, none.refusal().text());
                    }
                }
            }
            waiting.remove();
            if (refused != null) {
                telephony.notTaken(legs, refused, agent, nowMs);
            }
        }
        return Long.MAX_VALUE;
    }

    /** A provisional response, or the answer, has come: the gateway serves, and the call stays there. */
    void progressed(Legs legs, long nowMs) {
        Seat seat = seats.get(legs.customer);
        if (seat != null && !seat.served) {
            seat.served = true;
            legs.search = null;
            seat.line.trunk.outcome(seat.gateway, new CallOutcome.Served(), nowMs);
            trunks.tell(nowMs);
        }
    }

    /**
     * The call has failed at its gateway.
     *
     * @return what to report; null when it has gone on to another gateway, or waits to
     */
    @Nullable
    CallEvent failed(Legs legs, SipEvent.InviteFailed failed, UserAgent agent, long nowMs) {
        CallEvent report = failed(failed);
        Seat seat = seats.get(failed.call());
        if (seat == null) {
            return report;
        }
        if (failed.local() && !failed.cancelled() && legs.search != null && legs.search.failure != null) {
            // What a gateway said says more than that the next one said nothing.
            report = legs.search.failure;
        }
        seat.line.trunk.outcome(seat.gateway, outcome(failed), nowMs);
        Search search = legs.search;
        release(failed.call());
        if (search != null && !seat.served && !legs.ending && mayGoOn(search, failed)) {
            search.failure = report;
            search.waitsUntilMs = nowMs + WAIT_MS_MAX;
            telephony.customerIs(legs, 0);
            report = offer(legs, search, agent, nowMs);
        } else if (!seat.served && !failed.cancelled() && isAboutUs(seat, failed)) {
            report = new CallEvent.NotTaken(new Termination(
                    CallResult.SIP_UNAUTHORISED,
                    EndedBy.NETWORK,
                    "the trunk %s refuses our calls: %d %s"
                            .formatted(seat.line.settings.name(), failed.status(), failed.reasonPhrase())));
        }
        trunks.tell(nowMs);
        return report;
    }

    private boolean mayGoOn(Search search, SipEvent.InviteFailed failed) {
        boolean elsewhere = failed.status() == 503 || (failed.local() && failed.status() == 408);
        return elsewhere && !failed.cancelled() && search.offers < OFFERS_MAX && mayDial.getAsBoolean();
    }

    private static boolean isAboutUs(Seat seat, SipEvent.InviteFailed failed) {
        return switch (failed.status()) {
            case 401, 403, 407 -> seat.line.trunk.isDenying(seat.gateway);
            default -> false;
        };
    }

    private static CallEvent.Failed failed(SipEvent.InviteFailed failed) {
        return new CallEvent.Failed(
                failed.status(),
                failed.reasonPhrase(),
                Objects.requireNonNullElse(failed.q850Cause(), 0),
                Objects.requireNonNullElse(failed.retryAfterSeconds(), 0),
                !failed.local());
    }

    private static CallOutcome outcome(SipEvent.InviteFailed failed) {
        if (failed.local() && failed.cancelled()) {
            // It confirmed neither INVITE nor CANCEL.
            return new CallOutcome.Silent();
        }
        return CallOutcome.of(
                failed.status(),
                failed.reasonPhrase(),
                Objects.requireNonNullElse(failed.retryAfterSeconds(), 0),
                failed.local());
    }

    /** A call is over, whoever follows it: its port is free. */
    void release(long call) {
        Seat seat = seats.remove(call);
        if (seat != null) {
            seat.line.trunk.ended(seat.gateway);
        }
    }

    /** Whether the call waits for a gateway; it does so no more. */
    boolean giveUp(Legs legs) {
        return waiting.remove(legs);
    }
}
