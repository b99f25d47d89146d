package releve.sim.phone;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import releve.sip.agent.UserAgentConfig;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipUri;
import releve.sip.transport.SipEndpoint;
import releve.sip.transport.SipListener;

/** How the simulated phones listen. */
public final class Listening {
    /** Each call leaves about five transactions behind that absorb repetitions for 32 s. */
    private static final int TRANSACTIONS_MAX = 2_000_000;

    private static final long RING_LIMIT_MS = 600_000;

    private Listening() {}

    /**
     * Opens an endpoint that takes any number of calls up to {@code callsMax}.
     *
     * @throws IOException with one sentence
     */
    public static SipEndpoint open(
            InetSocketAddress address, String name, int callsMax, long seed, Reach reach, SipListener listener)
            throws IOException {
        UserAgentConfig config = UserAgentConfig.at(address)
                .named(name, "Releve simulated " + name)
                .withLimits(callsMax, TRANSACTIONS_MAX, RING_LIMIT_MS)
                .withAllowed(source -> reach.hears()
                        && (source.isLoopbackAddress() || !address.getAddress().isLoopbackAddress()));
        return SipEndpoint.open(config, new SplittableRandom(seed), listener);
    }

    /** Whether anything is heard at all; asked for each datagram. */
    @FunctionalInterface
    public interface Reach {
        boolean hears();
    }

    /** The user part of a SIP URI without parameters, its plus unescaped; empty when it has none. */
    public static String userOf(String uri) {
        try {
            String user = SipUri.parse(uri).user();
            if (user == null) {
                return "";
            }
            int parameters = user.indexOf(';');
            String plain = parameters < 0 ? user : user.substring(0, parameters);
            return plain.replace("%2B", "+").replace("%2b", "+");
        } catch (MalformedMessageException _) {
            return "";
        }
    }
}
