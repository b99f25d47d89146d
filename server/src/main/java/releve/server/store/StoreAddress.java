package releve.server.store;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where a store is, and as whom to use it. Never prints its password.
 *
 * @param url a JDBC address without user or password
 */
public record StoreAddress(String url, String user, String password) {

    /**
     * Reads {@code postgresql://user:password@host:port/database?options}, with or without {@code jdbc:} before it.
     *
     * @throws StoreRefused when it is something else
     */
    public static StoreAddress parse(String text) {
        String plain = text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text;
        URI uri;
        try {
            uri = URI.create(plain);
        } catch (IllegalArgumentException malformed) {
            throw refused(malformed);
        }
        String scheme = uri.getScheme();
        if (scheme == null
                || !scheme.matches("postgres(ql)?")
                || uri.getHost() == null
                || uri.getPath().length() < 2) {
            throw refused(null);
        }
        String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        int colon = userInfo.indexOf(':');
        String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = colon < 0 ? "" : decoded(userInfo.substring(colon + 1));
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String options = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new StoreAddress(
                "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + options, user, password);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    // The text is not repeated: it may hold a password.
    private static StoreRefused refused(@org.jspecify.annotations.Nullable Throwable cause) {
        String message = "the database address is not understood; write postgresql://user:password@host:5432/database";
        return cause == null ? new StoreRefused(message) : new StoreRefused(message, cause);
    }

    @Override
    public String toString() {
        return user + "@" + url;
    }
}
