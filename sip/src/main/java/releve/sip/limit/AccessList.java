package releve.sip.limit;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;

/**
 * The peers we know, by address; ports do not matter.
 *
 * @param known ranges of addresses
 */
public record AccessList(List<Prefix> known) implements Predicate<InetAddress> {
    public AccessList {
        known = List.copyOf(known);
    }

    /**
     * Reads ranges as {@link Prefix#parse} does.
     *
     * @throws IllegalArgumentException with one sentence for people
     */
    public static AccessList parse(List<String> ranges) {
        return new AccessList(ranges.stream().map(Prefix::parse).toList());
    }

    @Override
    public boolean test(InetAddress address) {
        for (Prefix prefix : known) {
            if (prefix.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
