package releve.sip.races;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.sip.message.CSeq;
import releve.sip.message.Method;
import releve.sip.message.SipMessage;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/**
 * Listens to what one party sends, before the network gets it, and knows what it has sent before. It finds sequence numbers
 * that do not grow within a dialog (RFC 3261 section 12.2.1.1) and messages repeated until their transaction timed out,
 * which on a network that loses little means that the other side never did its part.
 */
final class Wiretap {
    /** Copies at 0, 0.5, 1.5, 3.5, 7.5 s and then every 4 s until 31.5 s: the last one before Timer F or H. */
    private static final int COPIES_MAX = 10;

    private final String name;
    private final boolean timeOutsAreFaults;
    private final Map<String, Integer> copies = new HashMap<>();
    private final Map<String, CSeq> lastNumber = new HashMap<>();
    private final Map<String, String> firstAcknowledged = new HashMap<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Set<String> inviteBranches = new HashSet<>();
    private final Set<String> glares = new HashSet<>();
    private final Set<String> inviteNumbers = new HashSet<>();
    private Set<String> formersInvites = Set.of();
    private @Nullable InetSocketAddress former;

    Wiretap(String name, boolean timeOutsAreFaults) {
        this.name = name;
        this.timeOutsAreFaults = timeOutsAreFaults;
    }

    /** Whether these words have been on the wire before. */
    boolean repeated(SipMessage message) {
        return copies.containsKey(key(message));
    }

    /** Whether a CANCEL went out for that call. */
    boolean cancelled(String callId) {
        return cancelled.contains(callId);
    }

    /** Whether the request belongs to a dialog that another 2xx of a fork had made before. */
    boolean surplus(SipRequest request) {
        String first = firstAcknowledged.get(request.callId());
        return first != null && !first.equals(request.to().tag());
    }

    /** Whether an INVITE with this branch went out: its ACK under the same branch is that of a failure. */
    boolean isInviteBranch(@Nullable String branch) {
        return branch != null && inviteBranches.contains(branch);
    }

    /** Whether the peer has answered 491 in that call. */
    boolean hadGlare(String callId) {
        return glares.contains(callId);
    }

    /** From now on another user agent sends, which has taken over the dialogs of the one at that address. */
    void takenOverFrom(InetSocketAddress address) {
        former = address;
        formersInvites = Set.copyOf(inviteNumbers);
    }

    /** Who held the dialogs before; null while nobody has taken over. */
    @Nullable
    InetSocketAddress former() {
        return former;
    }

    /** Whether an ACK belongs to an INVITE that the former holder sent. */
    boolean acknowledgesForFormer(SipMessage ack) {
        return formersInvites.contains(number(ack));
    }

    private static String number(SipMessage message) {
        return message.callId() + '|' + message.cseq().number();
    }

    void heard(SipMessage message) {
        if (message instanceof SipResponse response && response.status() == 491) {
            glares.add(response.callId());
        }
    }

    /**
     * @param mayGoNowhere whether nobody has to answer, for the other side has died
     * @throws Violation when the message must not be sent
     */
    void sent(SipMessage message, boolean mayGoNowhere) {
        int copy = copies.merge(key(message), 1, Integer::sum);
        switch (message) {
            case SipRequest request -> request(request, mayGoNowhere ? Math.min(copy, COPIES_MAX) : copy);
            case SipResponse response -> {
                boolean awaitsAck = response.cseq().method().equals(Method.INVITE) && !response.isProvisional();
                if (awaitsAck && !mayGoNowhere) {
                    checkCopies(response, copy);
                }
            }
        }
    }

    private void request(SipRequest request, int copy) {
        String branch = Objects.requireNonNullElse(request.topVia().branch(), "");
        if (request.method().equals(Method.ACK)) {
            if (!inviteBranches.contains(branch) && request.to().tag() != null) {
                firstAcknowledged.putIfAbsent(request.callId(), request.to().tag());
            }
            return;
        }
        checkCopies(request, copy);
        if (request.method().equals(Method.CANCEL)) {
            cancelled.add(request.callId());
            return;
        }
        if (request.method().equals(Method.INVITE)) {
            inviteBranches.add(branch);
            inviteNumbers.add(number(request));
        }
        if (copy == 1) {
            checkNumber(request);
        }
    }

    /**
     * Only a BYE may come after a BYE with any number: an answer that comes when everything about its dialog has been
     * forgotten is ended once more, by a user agent that cannot know that it did so before.
     */
    private void checkNumber(SipRequest request) {
        String dialog = request.callId()
                + '|'
                + request.from().tag()
                + '|'
                + request.to().tag();
        CSeq now = request.cseq();
        CSeq before = lastNumber.put(dialog, now);
        boolean byeAgain = before != null
                && before.method().equals(Method.BYE)
                && now.method().equals(Method.BYE);
        if (before != null && now.number() <= before.number() && !byeAgain) {
            throw new Violation("%s sent %s after %s in one dialog:%n%s".formatted(name, now, before, request));
        }
    }

    private void checkCopies(SipMessage message, int copy) {
        if (timeOutsAreFaults && copy > COPIES_MAX) {
            throw new Violation("%s repeated this until it timed out:%n%s".formatted(name, message));
        }
    }

    private static String key(SipMessage message) {
        String branch = message.topVia().branch();
        return switch (message) {
            case SipRequest request -> request.method() + "|" + branch;
            case SipResponse response ->
                response.status() + "|" + branch + '|' + response.cseq() + '|'
                        + response.to().tag();
        };
    }
}
