package releve.sip.agent;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.Authenticator;
import releve.sip.message.BodyPart;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.InfoUri;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.NameAddr;
import releve.sip.message.Params;
import releve.sip.message.Replaces;
import releve.sip.transaction.Hop;

/**
 * A call to make.
 *
 * @param requestUri whom to call
 * @param destination where the INVITE goes, and how: trunk, proxy or phone
 * @param from our address, as a URI or name-addr without tag
 * @param to the callee's address, as a URI or name-addr without tag
 * @param callId the Call-ID, or null to have one made
 * @param sdp the offer, or null to let the callee offer
 * @param headers further headers, such as Call-Info; none that the user agent writes itself
 * @param further where else the INVITE may go when the destination answers 503, stays silent or is gone, best first
 * @param authenticator answers challenges to the requests of this call
 * @param session the session timer of this call; null for the one that the user agent is set up with
 * @param silenceMs how long a destination may stay silent, without even a 100, until the next is tried, or the call fails, ms;
 *     0 for 64·T1 (Timer B)
 * @param beside what goes beside the offer, as one of several parts of the body; null for nothing
 */
public record InviteRequest(
        String requestUri,
        Hop destination,
        NameAddr from,
        NameAddr to,
        @Nullable String callId,
        @Nullable String sdp,
        List<Header> headers,
        List<Hop> further,
        Authenticator authenticator,
        @Nullable SessionInterval session,
        long silenceMs,
        @Nullable BodyPart beside) {
    private static final Set<String> OWN = Set.of(
            HeaderName.VIA,
            HeaderName.FROM,
            HeaderName.TO,
            HeaderName.CALL_ID,
            HeaderName.CSEQ,
            HeaderName.CONTACT,
            HeaderName.MAX_FORWARDS,
            HeaderName.CONTENT_LENGTH,
            HeaderName.CONTENT_TYPE);

    /** @throws IllegalArgumentException when an address has a tag, a header is the user agent's own, or a time is negative */
    public InviteRequest {
        headers = List.copyOf(headers);
        further = List.copyOf(further);
        if (from.tag() != null || to.tag() != null) {
            throw new IllegalArgumentException("the addresses of a new call have no tags");
        }
        if (silenceMs < 0) {
            throw new IllegalArgumentException("no destination is silent for " + silenceMs + " ms");
        }
        for (Header header : headers) {
            if (OWN.contains(header.name())) {
                throw new IllegalArgumentException(header.name() + " is written by the user agent itself");
            }
        }
    }

    /**
     * A call without an offer and further headers.
     *
     * @throws IllegalArgumentException when an address is malformed
     */
    public static InviteRequest of(String requestUri, Hop destination, String from, String to) {
        return new InviteRequest(
                requestUri,
                destination,
                address(from),
                address(to),
                null,
                null,
                List.of(),
                List.of(),
                Authenticator.NONE,
                null,
                0,
                null);
    }

    /**
     * The same over UDP.
     *
     * @throws IllegalArgumentException when an address is malformed or the destination unresolved
     */
    public static InviteRequest of(String requestUri, InetSocketAddress destination, String from, String to) {
        return of(requestUri, Hop.udp(destination), from, to);
    }

    private static NameAddr address(String text) {
        try {
            return NameAddr.parse(text);
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException("'" + text + "' is not a SIP address: " + e.getMessage(), e);
        }
    }

    public InviteRequest withSdp(String offer) {
        return new InviteRequest(
                requestUri,
                destination,
                from,
                to,
                callId,
                offer,
                headers,
                further,
                authenticator,
                session,
                silenceMs,
                beside);
    }

    public InviteRequest withCallId(String id) {
        return new InviteRequest(
                requestUri,
                destination,
                from,
                to,
                id,
                sdp,
                headers,
                further,
                authenticator,
                session,
                silenceMs,
                beside);
    }

    public InviteRequest withHeader(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new InviteRequest(
                requestUri,
                destination,
                from,
                to,
                callId,
                sdp,
                more,
                further,
                authenticator,
                session,
                silenceMs,
                beside);
    }

    /** A call that says who calls, beside From; a withheld identity also takes the caller's address out of From. */
    public InviteRequest withIdentity(CallerIdentity identity) {
        List<Header> more = new ArrayList<>(headers);
        more.addAll(identity.headers());
        NameAddr shown = identity.isWithheld() ? address(CallerIdentity.ANONYMOUS) : from;
        return new InviteRequest(
                requestUri,
                destination,
                shown,
                to,
                callId,
                sdp,
                more,
                further,
                authenticator,
                session,
                silenceMs,
                beside);
    }

    /** A call that is to take the place of another one of the callee's (RFC 3891). */
    public InviteRequest replacing(Replaces replaced) {
        return withHeader("Replaces", replaced.toString()).withHeader(HeaderName.REQUIRE, "replaces");
    }

    /**
     * Lets the callee's progress come reliably (RFC 3262). Gateways need it for call progress analysis, others break on
     * it, so it is off unless asked for. The call has to carry an offer.
     *
     * @param required whether a callee without it shall fail the call with 420
     */
    public InviteRequest withReliableProgress(boolean required) {
        return withHeader(required ? HeaderName.REQUIRE : HeaderName.SUPPORTED, OptionTags.RELIABLE);
    }

    /** A call that may also go to these hops, best first. */
    public InviteRequest withFurther(List<Hop> hops) {
        return new InviteRequest(
                requestUri,
                destination,
                from,
                to,
                callId,
                sdp,
                headers,
                hops,
                authenticator,
                session,
                silenceMs,
                beside);
    }

    /** A call whose requests are authenticated where somebody asks for it. */
    public InviteRequest withAuthenticator(Authenticator answers) {
        return new InviteRequest(
                requestUri, destination, from, to, callId, sdp, headers, further, answers, session, silenceMs, beside);
    }

    /** A call whose INVITE carries this beside its offer; a peer that understands no bodies of several parts refuses it (415). */
    public InviteRequest withBeside(BodyPart part) {
        return new InviteRequest(
                requestUri,
                destination,
                from,
                to,
                callId,
                sdp,
                headers,
                further,
                authenticator,
                session,
                silenceMs,
                part);
    }

    /** A call with that session timer, or with {@link SessionInterval#OFF} without one. */
    public InviteRequest withSession(SessionInterval interval) {
        return new InviteRequest(
                requestUri,
                destination,
                from,
                to,
                callId,
                sdp,
                headers,
                further,
                authenticator,
                interval,
                silenceMs,
                beside);
    }

    /** A call that waits no longer than that for the first sign of a destination. @param ms above 0; 0 for Timer B */
    public InviteRequest withSilence(long ms) {
        return new InviteRequest(
                requestUri, destination, from, to, callId, sdp, headers, further, authenticator, session, ms, beside);
    }

    /**
     * Asks the phone to answer by itself, in the two ways phones know: {@code Call-Info: answer-after} and
     * {@code Alert-Info: info=alert-autoanswer}.
     */
    public InviteRequest withAutoAnswer() {
        InfoUri callInfo = new InfoUri(
                "sip:" + destination.address().getHostString(), Params.NONE.with(InfoUri.ANSWER_AFTER, "0"));
        InfoUri alertInfo = new InfoUri("http://www.notused.com", Params.NONE.with("info", InfoUri.AUTO_ANSWER));
        return withHeader(HeaderName.CALL_INFO, callInfo.toString())
                .withHeader(HeaderName.ALERT_INFO, alertInfo.toString());
    }
}
