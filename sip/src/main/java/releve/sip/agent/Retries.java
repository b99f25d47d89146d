package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.Authenticator;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.SessionExpires;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.transaction.Hop;

/**
 * What is worth trying when a request of ours fails before anybody has taken it up: credentials for whoever asks for them
 * (RFC 3261 section 22), a longer session where one is wanted (RFC 4028), and the next server for one that is overloaded, silent or gone (RFC 3263 section 4.3). A further
 * try is a new transaction with the next number of the same sequence.
 */
final class Retries {
    /** The most times one request is sent, repetitions of a transaction not counted. */
    static final int TRIES_MAX = 8;

    private final Core core;
    private final Authenticator authenticator;
    private final List<Hop> further;
    private int nextHop;
    private int tries = 1;

    /** A further try. */
    record Again(SipRequest request, Hop hop) {}

    /** @param further where else the request may go, best first */
    Retries(Core core, Authenticator authenticator, List<Hop> further) {
        this.core = core;
        this.authenticator = authenticator;
        this.further = further;
    }

    /**
     * What to send after a final response.
     *
     * @param hop where the request went
     * @param cseq takes the next number of the sequence; asked only for a further try
     * @return null when the response stands
     */
    @Nullable
    Again after(SipResponse response, SipRequest sent, Hop hop, IntSupplier cseq) {
        return switch (response.status()) {
            case 401, 407 -> withCredentials(response, sent, hop, cseq);
            case 422 -> longer(response, sent, hop, cseq);
            case 503 -> elsewhere(sent, cseq);
            default -> null;
        };
    }

    private @Nullable Again withCredentials(SipResponse response, SipRequest sent, Hop hop, IntSupplier cseq) {
        if (tries >= TRIES_MAX) {
            return null;
        }
        Optional<List<Header>> credentials = authenticator.answer(sent, response);
        if (credentials.isEmpty()) {
            return null;
        }
        tries++;
        return new Again(again(sent, hop, cseq.getAsInt(), credentials.get()), hop);
    }

    /** The session is too short for somebody on the path, who says what would do (RFC 4028 section 7.3). */
    private @Nullable Again longer(SipResponse response, SipRequest sent, Hop hop, IntSupplier cseq) {
        int seconds = SessionTimer.longer(sent, response);
        if (seconds == 0 || tries >= TRIES_MAX) {
            return null;
        }
        tries++;
        SessionExpires asked = SessionExpires.of(sent.headers());
        SessionExpires longer = new SessionExpires(seconds, asked == null ? null : asked.refresher());
        List<Header> changed = new ArrayList<>(credentialsOf(sent));
        changed.add(new Header(HeaderName.SESSION_EXPIRES, longer.toString()));
        changed.add(new Header(HeaderName.MIN_SE, Integer.toString(seconds)));
        return new Again(again(sent, hop, cseq.getAsInt(), changed), hop);
    }

    /** What to send when no answer came, or the network refused; null when there is nowhere else to go. */
    @Nullable
    Again elsewhere(SipRequest sent, IntSupplier cseq) {
        if (nextHop >= further.size() || tries >= TRIES_MAX) {
            return null;
        }
        tries++;
        Hop hop = further.get(nextHop++);
        return new Again(again(sent, hop, cseq.getAsInt(), credentialsOf(sent)), hop);
    }

    /** The credentials that a request carries: its ACK has to carry the same (RFC 3261 section 22.1). */
    static List<Header> credentialsOf(SipRequest request) {
        Headers headers = request.headers();
        if (!headers.has(HeaderName.AUTHORIZATION) && !headers.has(HeaderName.PROXY_AUTHORIZATION)) {
            return List.of();
        }
        List<Header> credentials = new ArrayList<>(2);
        for (int i = 0; i < headers.size(); i++) {
            if (isCredentials(headers.name(i))) {
                credentials.add(new Header(headers.name(i), headers.value(i)));
            }
        }
        return credentials;
    }

    private static boolean isCredentials(String name) {
        return name.equals(HeaderName.AUTHORIZATION) || name.equals(HeaderName.PROXY_AUTHORIZATION);
    }

    /** @param changed the credentials, and other headers in place of those of their name */
    private SipRequest again(SipRequest sent, Hop hop, int cseq, List<Header> changed) {
        Headers former = sent.headers();
        Headers.Builder headers = new Headers.Builder();
        headers.add(HeaderName.VIA, core.via(hop, core.ids.branch()));
        for (int i = 0; i < former.size(); i++) {
            String name = former.name(i);
            switch (name) {
                case HeaderName.VIA, HeaderName.AUTHORIZATION, HeaderName.PROXY_AUTHORIZATION -> {}
                case HeaderName.CSEQ -> headers.add(HeaderName.CSEQ, cseq + " " + sent.method());
                default -> {
                    if (changed.stream().noneMatch(header -> header.name().equals(name))) {
                        headers.add(name, former.value(i));
                    }
                }
            }
        }
        headers.addAll(changed);
        return SipRequest.of(sent.method(), sent.uri(), headers.build(), sent.body());
    }
}
