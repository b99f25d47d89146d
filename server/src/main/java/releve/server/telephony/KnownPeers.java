package releve.server.telephony;

import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import releve.sip.limit.AccessList;

/**
 * Whose SIP is taken: agents' phones, the access list, and wherever a gateway has been found. Used on the endpoint's loop.
 *
 * <p>An address that a gateway had before stays known, since calls may still be there; of {@value #LEARNT_MAX} the one that
 * was found longest ago goes.
 */
final class KnownPeers implements Predicate<InetAddress> {
    static final int LEARNT_MAX = 1_024;

    private final Set<InetAddress> phones;
    private final AccessList access;
    private final Map<InetAddress, Boolean> learnt = new LinkedHashMap<>(16, 0.75f, true);

    KnownPeers(Set<InetAddress> phones, AccessList access) {
        this.phones = Set.copyOf(phones);
        this.access = access;
    }

    void learn(Collection<InetAddress> addresses) {
        addresses.forEach(address -> learnt.put(address, true));
        while (learnt.size() > LEARNT_MAX) {
            var oldest = learnt.entrySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    @Override
    public boolean test(InetAddress address) {
        return phones.contains(address) || learnt.containsKey(address) || access.test(address);
    }
}
