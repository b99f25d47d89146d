package releve.core.engine;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Contact;
import releve.core.common.ContactId;

/** Contacts that a campaign holds and has not dialed, in the order they came; each once. */
final class ContactCache {
    private final Map<ContactId, Contact> byId = new LinkedHashMap<>();
    private int owed;

    /** Nothing if it is there already. */
    void add(Contact contact) {
        if (byId.putIfAbsent(contact.id(), contact) == null) {
            owed += contact.agentOwed() ? 1 : 0;
        }
    }

    void remove(Contact contact) {
        if (byId.remove(contact.id(), contact)) {
            owed -= contact.agentOwed() ? 1 : 0;
        }
    }

    /** The one that came first; null when there is none. */
    @Nullable
    Contact first() {
        return byId.isEmpty() ? null : byId.values().iterator().next();
    }

    /** Whether any of them was abandoned before, so that an agent is owed to him. */
    boolean anyOwed() {
        return owed > 0;
    }

    Collection<Contact> all() {
        return byId.values();
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    int size() {
        return byId.size();
    }

    void clear() {
        byId.clear();
        owed = 0;
    }
}
