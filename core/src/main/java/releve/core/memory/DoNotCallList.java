package releve.core.memory;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import releve.core.common.AttemptId;

/** The numbers that no campaign dials: an operator's, and those of customers who said so in a call. */
final class DoNotCallList {
    private final Set<String> phones = new HashSet<>();
    private final Map<AttemptId, String> said = new HashMap<>();

    boolean lists(Collection<String> numbers) {
        return numbers.stream().anyMatch(phones::contains);
    }

    void add(String phone) {
        phones.add(phone);
    }

    void remove(String phone) {
        phones.remove(phone);
        said.values().remove(phone);
    }

    /** The customer of that call wants no more. */
    void enter(AttemptId attempt, String phone) {
        if (phones.add(phone)) {
            said.put(attempt, phone);
        }
    }

    /** It was not meant so. */
    void takeBack(AttemptId attempt) {
        String phone = said.remove(attempt);
        if (phone != null) {
            phones.remove(phone);
        }
    }
}
