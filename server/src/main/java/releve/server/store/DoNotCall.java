package releve.server.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import releve.core.campaign.Contact;
import releve.core.common.ContactId;
import releve.server.store.Tx.Column;

/**
 * The numbers that no campaign dials. A contact one of whose phones is listed is closed as do not call (26) when it comes
 * up for dialing: it is a person who is not to be called, not only a phone.
 */
final class DoNotCall {
    /** So often a claim that met listed contacts goes on with the next ones; the rest waits for the next claim. */
    static final int CLAIM_ROUNDS_MAX = 10;

    private static final String CLOSE = """
            update contact c
            set status = 'C', last_result = 26, not_before = null, callback_agent = null, former_status = null,
                claimed_pair = null, claimed_epoch = null, claimed_side = null, claimed_instance = null
            where c.id = any (?::bigint[])
              and exists (select from unnest(c.phones) as number (phone)
                          join do_not_call d on d.phone = number.phone)
            returning c.id""";

    private DoNotCall() {}

    /** One statement that claims up to so many. */
    interface Claim {
        List<Contact> claim(int count) throws SQLException;
    }

    /** Claims, and closes those whose number is listed, until there are enough, or no more. */
    static List<Contact> claim(Tx tx, int count, Claim statement) throws SQLException {
        List<Contact> allowed = new ArrayList<>();
        for (int round = 0; round < CLAIM_ROUNDS_MAX; round++) {
            List<Contact> claimed = statement.claim(count - allowed.size());
            Set<ContactId> closed = close(tx, claimed);
            claimed.stream().filter(contact -> !closed.contains(contact.id())).forEach(allowed::add);
            if (closed.isEmpty()) {
                break;
            }
        }
        return allowed;
    }

    private static Set<ContactId> close(Tx tx, List<Contact> claimed) throws SQLException {
        return claimed.isEmpty()
                ? Set.of()
                : new HashSet<>(tx.list(
                        CLOSE,
                        row -> new ContactId(row.getLong("id")),
                        Column.of("bigint", claimed, contact -> contact.id().value())));
    }

    /** Enters the phone of a call whose customer wants no more. @param source AGENT or IVR */
    static void enter(Tx tx, long attempt, String source) throws SQLException {
        tx.update("""
                insert into do_not_call (phone, source, attempt) select phone, ?, id from attempt where id = ?
                on conflict do nothing""", source, attempt);
    }

    /** An agent who says something else of the call takes back what he said before. */
    static void takeBack(Tx tx, long attempt) throws SQLException {
        tx.update("delete from do_not_call where attempt = ? and source = 'AGENT'", attempt);
    }
}
