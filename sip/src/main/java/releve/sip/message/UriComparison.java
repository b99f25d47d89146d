package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares sip and sips URIs (RFC 3261 section 19.1.4). */
public final class UriComparison {
    /** Parameters that must be in both of two equivalent URIs or in none. */
    private static final List<String> WEIGHTY = List.of("user", "ttl", "method", "maddr", "transport");

    private UriComparison() {}

    /**
     * Whether both mean the same resource: the user is compared with its case, all else without; an escape and the
     * character it stands for are the same; of the parameters that only one of them has, those count that have a default.
     */
    public static boolean areEquivalent(SipUri one, SipUri other) {
        return one.scheme().equals(other.scheme())
                && Objects.equals(unescapeUser(one.user()), unescapeUser(other.user()))
                && one.host().equalsIgnoreCase(other.host())
                && one.port() == other.port()
                && agree(one.params(), other.params())
                && agree(other.params(), one.params())
                && sortedHeaders(one.headers()).equals(sortedHeaders(other.headers()));
    }

    private static @Nullable String unescapeUser(@Nullable String user) {
        return user == null ? null : unescape(user);
    }

    private static boolean agree(Params one, Params other) {
        for (Params.Param p : one.list()) {
            String name = unescape(p.name());
            if (!other.has(p.name())) {
                if (WEIGHTY.stream().anyMatch(name::equalsIgnoreCase)) {
                    return false;
                }
            } else {
                String mine = Objects.requireNonNullElse(p.raw(), "");
                String theirs = Objects.requireNonNullElse(other.get(p.name()), "");
                if (!unescape(mine).equalsIgnoreCase(unescape(theirs))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<String> sortedHeaders(String headers) {
        List<String> sorted = new ArrayList<>(2);
        if (!headers.isEmpty()) {
            for (String header : headers.split("&", -1)) {
                int equals = header.indexOf('=');
                int nameTo = equals < 0 ? header.length() : equals;
                sorted.add(unescape(header.substring(0, nameTo)).toLowerCase(Locale.ROOT)
                        + unescape(header.substring(nameTo)));
            }
            sorted.sort(null);
        }
        return sorted;
    }

    /** Replaces %HH by the byte they stand for; what is no escape stays. */
    public static String unescape(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low < 0) {
                out[length++] = in[i];
            } else {
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }
}
