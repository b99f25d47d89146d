package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import releve.sip.message.Header;
import releve.sip.message.Headers;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.NameAddr;
import releve.sip.message.SipRequest;

/**
 * Who calls, apart from what From says: the identity that the network vouches for, and how much of it the callee may learn
 * (RFC 3325, RFC 3323, RFC 8224). What comes in is worth as much as the peer that sent it: the access list decides whom to
 * believe.
 *
 * @param asserted the addresses of P-Asserted-Identity: a sip or sips and a tel URI at most, possibly none
 * @param privacy the values of Privacy in lower case, such as id; empty when nothing is asked for
 * @param signatures the values of Identity as they came: they are over the request's headers and must not be touched
 */
public record CallerIdentity(List<NameAddr> asserted, Set<String> privacy, List<String> signatures) {
    /** From of a caller who withholds his identity (RFC 3323 section 4.1.1.3). */
    public static final String ANONYMOUS = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

    private static final String ASSERTED = "P-Asserted-Identity";
    private static final String PRIVACY = "Privacy";
    private static final String IDENTITY = "Identity";

    public CallerIdentity {
        asserted = List.copyOf(asserted);
        privacy = Set.copyOf(privacy);
        signatures = List.copyOf(signatures);
    }

    /** An identity that the callee may learn. */
    public static CallerIdentity shown(NameAddr asserted) {
        return new CallerIdentity(List.of(asserted), Set.of(), List.of());
    }

    /** An identity for the network only; From is to be {@link #ANONYMOUS} then. */
    public static CallerIdentity withheld(NameAddr asserted) {
        return new CallerIdentity(List.of(asserted), Set.of("id"), List.of());
    }

    /** What a request says; what cannot be read is left out, since it is worth nothing then. */
    public static CallerIdentity of(SipRequest request) {
        Headers headers = request.headers();
        List<NameAddr> asserted = new ArrayList<>(2);
        for (String value : headers.values(ASSERTED)) {
            try {
                asserted.add(NameAddr.parse(value));
            } catch (MalformedMessageException _) {
                continue;
            }
        }
        Set<String> privacy = new TreeSet<>();
        for (String field : headers.fields(PRIVACY)) {
            for (String value : field.split("[;,]", -1)) {
                if (!value.isBlank()) {
                    privacy.add(value.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return new CallerIdentity(asserted, privacy, headers.fields(IDENTITY));
    }

    /** Whether the callee may not learn who calls (RFC 3325 section 9.3, RFC 3323 section 4.2). */
    public boolean isWithheld() {
        return privacy.contains("id") || privacy.contains("user") || privacy.contains("header");
    }

    /** The headers that say so on a request of ours. */
    public List<Header> headers() {
        List<Header> headers = new ArrayList<>(4);
        asserted.forEach(address -> headers.add(new Header(ASSERTED, address.toString())));
        if (!privacy.isEmpty()) {
            headers.add(new Header(PRIVACY, String.join(";", new TreeSet<>(privacy))));
        }
        signatures.forEach(signature -> headers.add(new Header(IDENTITY, signature)));
        return headers;
    }
}
