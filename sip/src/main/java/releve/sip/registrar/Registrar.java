package releve.sip.registrar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.DigestServer;
import releve.sip.dialog.Locator;
import releve.sip.message.DeltaSeconds;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.NameAddr;
import releve.sip.message.SipRequest;
import releve.sip.message.SipUri;
import releve.sip.transaction.Hop;

/**
 * Takes the registrations of agents' phones (RFC 3261 section 10.3), with digest authentication: a user may bind the address
 * of record that has his name, and no other.
 *
 * <p>A request changes all bindings it names or none. One that comes out of order (same Call-ID, no higher CSeq) is refused
 * with 500, since it would undo a younger one.
 */
public final class Registrar {
    /** The shortest registration, s; shorter ones get 423. */
    public static final int EXPIRES_MIN_SECONDS = 60;

    /** The longest registration, s; longer ones are shortened to it. */
    public static final int EXPIRES_MAX_SECONDS = 3_600;

    /** The most phones of one address of record. */
    public static final int CONTACTS_MAX = 10;

    private final String domain;
    private final DigestServer users;
    private final Bindings bindings;

    /**
     * What to answer.
     *
     * @param headers beside those that every response has
     */
    public record Reply(int status, List<Header> headers) {
        public Reply {
            headers = List.copyOf(headers);
        }

        static Reply of(int status) {
            return new Reply(status, List.of());
        }
    }

    /** A Contact of a request with what it asks for. */
    private record Wish(String contact, int expiresSeconds) {}

    /**
     * @param domain whose addresses of record are served, such as {@code example.com}
     * @param users who may register
     * @param addressesMax the most addresses of record; beyond, a new one gets 503
     */
    public Registrar(String domain, DigestServer users, int addressesMax) {
        this.domain = domain.toLowerCase(Locale.ROOT);
        this.users = users;
        this.bindings = new Bindings(addressesMax, CONTACTS_MAX);
    }

    /** Handles a REGISTER. @param source where it came from */
    public Reply register(SipRequest request, Hop source, long nowMs) {
        String required = request.headers().first(HeaderName.REQUIRE);
        if (required != null && !required.isEmpty() && !required.equalsIgnoreCase("path")) {
            return new Reply(420, List.of(new Header(HeaderName.UNSUPPORTED, required)));
        }
        String user = user(request.to().uri());
        if (user == null) {
            return Reply.of(404);
        }
        return switch (users.verify(request, nowMs)) {
            case DigestServer.Verdict.Challenged challenged -> new Reply(401, challenged.challenges());
            case DigestServer.Verdict.Misused _ -> Reply.of(400);
            case DigestServer.Verdict.Accepted accepted ->
                accepted.username().equals(user) ? update(user, request, source, nowMs) : Reply.of(403);
        };
    }

    /** The user of an address of record of ours, or null. */
    private @Nullable String user(String uri) {
        try {
            SipUri parsed = SipUri.parse(uri);
            return parsed.host().toLowerCase(Locale.ROOT).equals(domain) ? parsed.user() : null;
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    private Reply update(String user, SipRequest request, Hop source, long nowMs) {
        List<Binding> before = bindings.of(user, nowMs);
        List<String> contacts = request.headers().values(HeaderName.CONTACT);
        List<Binding> after;
        if (contacts.isEmpty()) {
            return reply(before, nowMs);
        } else if (contacts.contains("*")) {
            if (contacts.size() > 1 || !Objects.equals(0, DeltaSeconds.of(request.headers(), HeaderName.EXPIRES))) {
                return Reply.of(400);
            }
            after = List.of();
        } else {
            List<Wish> wishes = wishes(contacts, request.headers());
            if (wishes == null) {
                return Reply.of(400);
            }
            if (wishes.stream()
                    .anyMatch(wish -> wish.expiresSeconds() > 0 && wish.expiresSeconds() < EXPIRES_MIN_SECONDS)) {
                return new Reply(423, List.of(new Header("Min-Expires", Integer.toString(EXPIRES_MIN_SECONDS))));
            }
            after = granted(before, wishes, request, source, nowMs);
        }
        if (before.stream().anyMatch(binding -> isTouched(binding, after) && isOutOfOrder(binding, request))) {
            return Reply.of(500);
        }
        return bindings.set(user, after, nowMs)
                ? reply(after, nowMs)
                : new Reply(503, List.of(new Header(HeaderName.RETRY_AFTER, "60")));
    }

    /** Whether the binding is changed or removed by what comes after. */
    private static boolean isTouched(Binding binding, List<Binding> after) {
        return !after.contains(binding);
    }

    private static boolean isOutOfOrder(Binding binding, SipRequest request) {
        return binding.callId().equals(request.callId()) && request.cseq().number() <= binding.cseq();
    }

    private static @Nullable List<Wish> wishes(List<String> contacts, Headers headers) {
        // An Expires that cannot be read counts as none (section 10.2.1.1).
        Integer usual = DeltaSeconds.of(headers, HeaderName.EXPIRES);
        List<Wish> wishes = new ArrayList<>(contacts.size());
        for (String contact : contacts) {
            try {
                NameAddr parsed = NameAddr.parse(contact);
                SipUri.parse(parsed.uri());
                long own = parsed.params().number("expires");
                long asked = own >= 0 ? own : usual != null ? usual : EXPIRES_MAX_SECONDS;
                wishes.add(new Wish(parsed.uri(), (int) Math.min(asked, EXPIRES_MAX_SECONDS)));
            } catch (MalformedMessageException _) {
                return null;
            }
        }
        return wishes;
    }

    private static List<Binding> granted(
            List<Binding> before, List<Wish> wishes, SipRequest request, Hop source, long nowMs) {
        List<Binding> after = new ArrayList<>(before);
        for (Wish wish : wishes) {
            after.removeIf(binding -> binding.contact().equals(wish.contact()));
            if (wish.expiresSeconds() > 0) {
                after.add(new Binding(
                        wish.contact(),
                        source,
                        request.headers().values("Path"),
                        request.callId(),
                        request.cseq().number(),
                        nowMs + 1_000L * wish.expiresSeconds()));
            }
        }
        return after;
    }

    /** 200 with all bindings that hold now (section 10.3, step 8). */
    private static Reply reply(List<Binding> bindings, long nowMs) {
        List<Header> headers = new ArrayList<>(bindings.size());
        for (Binding binding : bindings) {
            long leftSeconds = Math.max(1, (binding.untilMs() - nowMs) / 1_000);
            headers.add(new Header(HeaderName.CONTACT, "<" + binding.contact() + ">;expires=" + leftSeconds));
        }
        return new Reply(200, headers);
    }

    /** Where the phones of an address of record are, the one that registered last first. */
    public List<Binding> bindings(String addressOfRecord, long nowMs) {
        String user = user(addressOfRecord);
        return user == null ? List.of() : bindings.of(user, nowMs);
    }

    /** Where a request for an address of record goes: to the phone that registered last. */
    public Optional<Hop> locate(String addressOfRecord, long nowMs) {
        return bindings(addressOfRecord, nowMs).stream().map(Binding::hop).findFirst();
    }

    /**
     * Knows our addresses of record by their bindings, and other URIs as another locator does: so a phone is called by its
     * address of record, on the connection it registered with if it made one.
     *
     * @param clock the time that {@link #register} is told, ms
     * @param others asked for URIs of other domains, and for the Contact of a phone; not for ours without a binding
     */
    public Locator locator(LongSupplier clock, Locator others) {
        return uri -> user(uri) == null
                ? others.locate(uri)
                : locate(uri, clock.getAsLong()).orElse(null);
    }

    /** Addresses of record with a binding. */
    public int addresses() {
        return bindings.addresses();
    }
}
