package releve.sip.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import releve.sip.dialog.LiteralHops;
import releve.sip.dialog.Locator;
import releve.sip.limit.StrangerLimit;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Timers;

/**
 * How a user agent is set up. Start with {@link #at} and change what differs.
 *
 * @param local the address that peers reach us at over UDP, and over whatever {@code alsoAt} does not name: in Via and
 *     Contact
 * @param alsoAt further addresses that peers reach us at: other transports, the other address family
 * @param contactUser the user part of our Contact
 * @param product the text of User-Agent and Server
 * @param timers RFC 3261 base timers
 * @param callsMax concurrent calls, 1 or more; beyond, incoming get 503 and outgoing fail with a local 503
 * @param transactionsMax concurrent transactions, those included that absorb repetitions for 32 s after a call
 * @param ringLimitMs longest time without a final response: ours are cancelled, incoming are rejected with 480
 * @param retryAfterSeconds what we say in Retry-After at a limit
 * @param followContact send within a dialog to the address in the peer's Contact or route (RFC 3261); false sends to
 *     the address the dialog was made with, for peers behind NAT
 * @param locator finds addresses of URIs without blocking
 * @param allowed the peers we know, by source address
 * @param strangers what other sources may send; beyond it nothing is answered
 * @param datagramBytesMax the largest request that goes over UDP where the path's datagrams are unknown, 512 or more; larger
 *     ones take TCP if the peer has it (RFC 3261 section 18.1.1)
 * @param sessions whether calls have session timers, those of peers and those of ours that say nothing else
 */
public record UserAgentConfig(
        InetSocketAddress local,
        List<Hop> alsoAt,
        String contactUser,
        String product,
        Timers timers,
        int callsMax,
        int transactionsMax,
        long ringLimitMs,
        int retryAfterSeconds,
        boolean followContact,
        Locator locator,
        Predicate<InetAddress> allowed,
        StrangerLimit strangers,
        int datagramBytesMax,
        SessionInterval sessions) {
    /** What section 18.1.1 allows a datagram on an unknown path: 200 bytes below the 1500 of Ethernet. */
    public static final int DATAGRAM_BYTES_MAX = 1_300;

    /** @throws IllegalArgumentException when a limit is not positive or the address unresolved or a wildcard */
    public UserAgentConfig {
        alsoAt = List.copyOf(alsoAt);
        if (callsMax < 1 || transactionsMax < 1 || ringLimitMs < 1 || retryAfterSeconds < 0 || datagramBytesMax < 512) {
            throw new IllegalArgumentException("a limit of the user agent is not positive");
        }
        if (alsoAt.stream().anyMatch(hop -> hop.address().getAddress().isAnyLocalAddress())) {
            throw new IllegalArgumentException("one of the further addresses is none that peers can reach");
        }
        if (local.isUnresolved() || local.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException("the local address " + local + " is none that peers can reach");
        }
    }

    /** Defaults: 20,000 calls, 262,144 transactions, 3 minutes of ringing, every source allowed, no session timers. */
    public static UserAgentConfig at(InetSocketAddress local) {
        return new UserAgentConfig(
                local,
                List.of(),
                "releve",
                "Releve",
                Timers.DEFAULT,
                20_000,
                262_144,
                180_000,
                5,
                true,
                new LiteralHops(),
                _ -> true,
                StrangerLimit.SILENCE,
                DATAGRAM_BYTES_MAX,
                SessionInterval.OFF);
    }

    public UserAgentConfig withLocal(InetSocketAddress newLocal) {
        return new UserAgentConfig(
                newLocal,
                alsoAt,
                contactUser,
                product,
                timers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                allowed,
                strangers,
                datagramBytesMax,
                sessions);
    }

    /** Further addresses that peers reach us at. */
    public UserAgentConfig withAlsoAt(List<Hop> newAlsoAt) {
        return new UserAgentConfig(
                local,
                newAlsoAt,
                contactUser,
                product,
                timers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                allowed,
                strangers,
                datagramBytesMax,
                sessions);
    }

    /** Another Contact user and product text. */
    public UserAgentConfig named(String newContactUser, String newProduct) {
        return new UserAgentConfig(
                local,
                alsoAt,
                newContactUser,
                newProduct,
                timers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                allowed,
                strangers,
                datagramBytesMax,
                sessions);
    }

    public UserAgentConfig withTimers(Timers newTimers) {
        return new UserAgentConfig(
                local,
                alsoAt,
                contactUser,
                product,
                newTimers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                allowed,
                strangers,
                datagramBytesMax,
                sessions);
    }

    public UserAgentConfig withLimits(int newCallsMax, int newTransactionsMax, long newRingLimitMs) {
        return new UserAgentConfig(
                local,
                alsoAt,
                contactUser,
                product,
                timers,
                newCallsMax,
                newTransactionsMax,
                newRingLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                allowed,
                strangers,
                datagramBytesMax,
                sessions);
    }

    public UserAgentConfig withFollowContact(boolean follow) {
        return new UserAgentConfig(
                local,
                alsoAt,
                contactUser,
                product,
                timers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                follow,
                locator,
                allowed,
                strangers,
                datagramBytesMax,
                sessions);
    }

    /** Knows the peers whose source address the predicate accepts; others are dropped and counted. */
    public UserAgentConfig withAllowed(Predicate<InetAddress> newAllowed) {
        return new UserAgentConfig(
                local,
                alsoAt,
                contactUser,
                product,
                timers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                newAllowed,
                strangers,
                datagramBytesMax,
                sessions);
    }

    /** Listens to sources that {@link #allowed} does not accept as well, within a limit. */
    public UserAgentConfig withStrangers(StrangerLimit limit) {
        return new UserAgentConfig(
                local,
                alsoAt,
                contactUser,
                product,
                timers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                allowed,
                limit,
                datagramBytesMax,
                sessions);
    }

    /** Gives calls session timers. */
    public UserAgentConfig withSessions(SessionInterval interval) {
        return new UserAgentConfig(
                local,
                alsoAt,
                contactUser,
                product,
                timers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                allowed,
                strangers,
                datagramBytesMax,
                interval);
    }

    /** For paths whose datagrams are known: the largest request that goes over UDP. */
    public UserAgentConfig withDatagramsTo(int bytes) {
        return new UserAgentConfig(
                local,
                alsoAt,
                contactUser,
                product,
                timers,
                callsMax,
                transactionsMax,
                ringLimitMs,
                retryAfterSeconds,
                followContact,
                locator,
                allowed,
                strangers,
                bytes,
                sessions);
    }
}
