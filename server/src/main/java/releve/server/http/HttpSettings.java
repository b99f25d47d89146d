package releve.server.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the node answers over HTTP.
 *
 * @param host the address to listen on; loopback unless the operator says otherwise
 * @param port 0 to 65535; 0 takes any free one
 * @param hostNames names besides loopback's under which browsers and clients may address this server
 * @param operatorKey the bearer key that commands from beyond loopback need; when null they are refused
 */
public record HttpSettings(
        String host,
        int port,
        Set<String> hostNames,
        @Nullable String operatorKey) {
    public HttpSettings {
        hostNames = Set.copyOf(hostNames);
    }

    /** Loopback only, on this port. */
    public static HttpSettings loopback(int port) {
        return new HttpSettings("127.0.0.1", port, Set.of(), null);
    }

    @Override
    public String toString() {
        return "HttpSettings[host=" + host + ", port=" + port + ", hostNames=" + hostNames + "]";
    }
}
