package releve.sip.message;

import java.util.Arrays;
import java.util.Set;

/** Canonical header names with their compact forms (RFC 3261 sections 7.3.3 and 20). */
public final class HeaderName {
    public static final String ACCEPT = "Accept";
    public static final String ALERT_INFO = "Alert-Info";
    public static final String ALLOW = "Allow";
    public static final String AUTHORIZATION = "Authorization";
    public static final String CALL_ID = "Call-ID";
    public static final String CALL_INFO = "Call-Info";
    public static final String CONTACT = "Contact";
    public static final String CONTENT_ENCODING = "Content-Encoding";
    public static final String CONTENT_LENGTH = "Content-Length";
    public static final String CONTENT_TYPE = "Content-Type";
    public static final String CSEQ = "CSeq";
    public static final String DATE = "Date";
    public static final String EXPIRES = "Expires";
    public static final String FROM = "From";
    public static final String MAX_FORWARDS = "Max-Forwards";
    public static final String PROXY_AUTHORIZATION = "Proxy-Authorization";
    public static final String MIN_SE = "Min-SE";
    public static final String RACK = "RAck";
    public static final String REASON = "Reason";
    public static final String RECORD_ROUTE = "Record-Route";
    public static final String REQUIRE = "Require";
    public static final String RETRY_AFTER = "Retry-After";
    public static final String ROUTE = "Route";
    public static final String RSEQ = "RSeq";
    public static final String SERVER = "Server";
    public static final String SESSION_EXPIRES = "Session-Expires";
    public static final String SUBJECT = "Subject";
    public static final String SUPPORTED = "Supported";
    public static final String TO = "To";
    public static final String UNSUPPORTED = "Unsupported";
    public static final String USER_AGENT = "User-Agent";
    public static final String VIA = "Via";
    public static final String WARNING = "Warning";

    private static final String[] KNOWN = {
        ACCEPT,
        ALERT_INFO,
        ALLOW,
        CALL_ID,
        CALL_INFO,
        CONTACT,
        CONTENT_ENCODING,
        CONTENT_LENGTH,
        CONTENT_TYPE,
        CSEQ,
        DATE,
        EXPIRES,
        FROM,
        MAX_FORWARDS,
        REASON,
        RECORD_ROUTE,
        REQUIRE,
        RETRY_AFTER,
        ROUTE,
        SERVER,
        SUBJECT,
        SUPPORTED,
        TO,
        UNSUPPORTED,
        USER_AGENT,
        VIA,
        WARNING,
        "Accept-Encoding",
        "Accept-Language",
        "Allow-Events",
        "Authentication-Info",
        AUTHORIZATION,
        "Content-Disposition",
        "Content-Language",
        "Error-Info",
        "Event",
        "History-Info",
        "Identity",
        "In-Reply-To",
        "Join",
        "MIME-Version",
        "Min-Expires",
        MIN_SE,
        "Organization",
        "P-Asserted-Identity",
        "P-Preferred-Identity",
        "Path",
        "Priority",
        "Privacy",
        "Proxy-Authenticate",
        PROXY_AUTHORIZATION,
        "Proxy-Require",
        RACK,
        RSEQ,
        "Refer-Sub",
        "Refer-To",
        "Referred-By",
        "Remote-Party-ID",
        "Replaces",
        "Reply-To",
        "Request-Disposition",
        "Service-Route",
        SESSION_EXPIRES,
        "SIP-ETag",
        "SIP-If-Match",
        "Subscription-State",
        "Timestamp",
        "WWW-Authenticate"
    };

    private static final Set<String> SPELLED = Set.of(KNOWN);
    private static final String[][] BUCKETS = new String[256][];
    private static final String[] COMPACT = new String[128];

    static {
        for (String name : KNOWN) {
            int bucket = bucket(name.length(), name.charAt(0), name.charAt(name.length() - 1));
            String[] old = BUCKETS[bucket] == null ? new String[0] : BUCKETS[bucket];
            String[] longer = Arrays.copyOf(old, old.length + 1);
            longer[old.length] = name;
            BUCKETS[bucket] = longer;
        }
        compact('a', "Accept-Contact");
        compact('b', "Referred-By");
        compact('c', CONTENT_TYPE);
        compact('d', "Request-Disposition");
        compact('e', CONTENT_ENCODING);
        compact('f', FROM);
        compact('i', CALL_ID);
        compact('j', "Reject-Contact");
        compact('k', SUPPORTED);
        compact('l', CONTENT_LENGTH);
        compact('m', CONTACT);
        compact('o', "Event");
        compact('r', "Refer-To");
        compact('s', SUBJECT);
        compact('t', TO);
        compact('u', "Allow-Events");
        compact('v', VIA);
        compact('x', SESSION_EXPIRES);
        compact('y', "Identity");
    }

    private HeaderName() {}

    private static void compact(char letter, String name) {
        COMPACT[letter] = name;
        COMPACT[Character.toUpperCase(letter)] = name;
    }

    private static int bucket(int length, int first, int last) {
        return ((length * 31 + (first | 0x20)) * 31 + (last | 0x20)) & 255;
    }

    /**
     * Returns the canonical name for the characters {@code [from, to)} of a text: the long form of a compact one, the
     * registered spelling of a known one, the name as it came otherwise.
     */
    static String canonical(String text, int from, int to) {
        int length = to - from;
        char first = text.charAt(from);
        if (length == 1 && first < COMPACT.length && COMPACT[first] != null) {
            return COMPACT[first];
        }
        String[] candidates = BUCKETS[bucket(length, first, text.charAt(to - 1))];
        if (candidates != null) {
            for (String candidate : candidates) {
                if (candidate.length() == length && text.regionMatches(true, from, candidate, 0, length)) {
                    return candidate;
                }
            }
        }
        return text.substring(from, to);
    }

    /** Returns the canonical form of a name given as text. */
    public static String canonical(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a header name is empty");
        }
        if (SPELLED.contains(name)) {
            return name;
        }
        return canonical(name, 0, name.length());
    }
}
