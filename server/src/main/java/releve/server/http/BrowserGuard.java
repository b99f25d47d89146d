package releve.server.http;

import io.javalin.http.Context;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a browser that visits a hostile page from being used against the console: the Host header must be a name this
 * server goes by (DNS rebinding), and a request that changes something must come from the console's own pages or from a
 * client that is no browser (cross-site request forgery).
 */
final class BrowserGuard {
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Set<String> names;
    private final @Nullable String operatorKey;

    BrowserGuard(HttpSettings settings) {
        this.names = settings.hostNames().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(java.util.HashSet::new));
        names.add(settings.host().toLowerCase(Locale.ROOT));
        this.operatorKey = settings.operatorKey();
    }

    /**
     * Sets the headers of every answer and refuses what is not safe.
     *
     * @throws Refused with 421 for a foreign Host, 403 for a foreign origin
     */
    void check(Context ctx) {
        ctx.header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Cache-Control", "no-store");
        String host = ctx.header("Host");
        if (host == null || !goesBy(nameOf(host))) {
            throw new Refused(
                    421,
                    "This server does not go by the name in the Host header; address it by a loopback name, or start"
                            + " the node with this name as --http-name.");
        }
        if (!SAFE_METHODS.contains(ctx.req().getMethod())) {
            checkOrigin(ctx, host);
        }
    }

    /**
     * Lets the answer's page ask another origin whether it lives; whatever else comes from there it may not read.
     *
     * @param origin of the other side, or an empty text for none
     */
    static void mayAsk(Context ctx, String origin) {
        if (origin.matches("https?://[A-Za-z0-9.:\\[\\]-]{1,255}")) {
            ctx.header("Content-Security-Policy", POLICY.replace("connect-src 'self'", "connect-src 'self' " + origin));
        }
    }

    /**
     * Whether this client may give operators' commands: from loopback anyone, from beyond only with the operator key.
     *
     * @throws Refused with 403
     */
    void checkOperator(Context ctx) {
        if (isLoopback(ctx.req().getRemoteAddr())) {
            return;
        }
        if (operatorKey == null) {
            throw new Refused(
                    403,
                    "Commands from beyond this machine need an operator key; start the node with RELEVE_OPERATOR_KEY.");
        }
        String presented = bearer(ctx);
        if (presented == null || !same(operatorKey, presented)) {
            throw new Refused(403, "Commands from beyond this machine need the operator key as a bearer token.");
        }
    }

    /** The token of an {@code Authorization: Bearer} header (RFC 6750, section 2.1), of at most 512 characters. */
    static @Nullable String bearer(Context ctx) {
        String header = ctx.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7) || header.length() > 519) {
            return null;
        }
        String token = header.substring(7).strip();
        return token.isEmpty() ? null : token;
    }

    private static void checkOrigin(Context ctx, String host) {
        String site = ctx.header("Sec-Fetch-Site");
        String origin = ctx.header("Origin");
        boolean foreignSite = site != null && !site.equals("same-origin") && !site.equals("none");
        boolean foreignOrigin = origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host);
        if (foreignSite || foreignOrigin) {
            throw new Refused(403, "A page from elsewhere may not send commands to this server.");
        }
    }

    private boolean goesBy(String name) {
        return names.contains(name) || name.equals("localhost") || name.endsWith(".localhost") || isLoopback(name);
    }

    private static String nameOf(String host) {
        try {
            String name = URI.create("http://" + host).getHost();
            return name == null ? "" : name.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Whether a literal address is loopback's; names are not looked up. */
    private static boolean isLoopback(String address) {
        String bare =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        return bare.matches("127(\\.\\d{1,3}){3}") || bare.equals("::1") || bare.equals("0:0:0:0:0:0:0:1");
    }

    private static boolean same(String expected, String presented) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
    }
}
