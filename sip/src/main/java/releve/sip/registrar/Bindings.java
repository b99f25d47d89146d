package releve.sip.registrar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bindings of all addresses of record: a location service in bounded memory (RFC 3261 section 10.3). */
final class Bindings {
    private final int addressesMax;
    private final int perAddressMax;
    private final Map<String, List<Binding>> byAddress = new HashMap<>();

    Bindings(int addressesMax, int perAddressMax) {
        this.addressesMax = addressesMax;
        this.perAddressMax = perAddressMax;
    }

    /** The bindings that hold, the youngest first. */
    List<Binding> of(String address, long nowMs) {
        List<Binding> bindings = byAddress.getOrDefault(address, List.of()).stream()
                .filter(binding -> binding.untilMs() > nowMs)
                .sorted(Comparator.comparingLong(Binding::untilMs).reversed())
                .toList();
        if (bindings.isEmpty()) {
            byAddress.remove(address);
        }
        return bindings;
    }

    /** Sets all bindings of an address. @return false when there is no room, and nothing was changed */
    boolean set(String address, List<Binding> bindings, long nowMs) {
        if (bindings.isEmpty()) {
            byAddress.remove(address);
            return true;
        }
        if (bindings.size() > perAddressMax) {
            return false;
        }
        if (!byAddress.containsKey(address) && byAddress.size() >= addressesMax) {
            byAddress.values().removeIf(old -> old.stream().allMatch(binding -> binding.untilMs() <= nowMs));
            if (byAddress.size() >= addressesMax) {
                return false;
            }
        }
        byAddress.put(address, new ArrayList<>(bindings));
        return true;
    }

    int addresses() {
        return byAddress.size();
    }
}
