package releve.sip.message;

import java.util.ArrayList;
import java.util.List;

/**
 * The privacy services that are asked for (RFC 3323 section 4.2, RFC 3325 section 9.3).
 *
 * @param values header, session, user, none, critical, id, history, in their order and as they came
 */
public record Privacy(List<String> values) {
    /** The identity asserted in the trust domain is not to leave it (RFC 3325). */
    public static final Privacy ID = new Privacy(List.of("id"));

    public Privacy {
        values = List.copyOf(values);
    }

    public static Privacy parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        List<String> values = new ArrayList<>(2);
        do {
            c.skipSpace();
            values.add(c.token("Privacy"));
            c.skipSpace();
        } while (c.eat(';') || c.eat(','));
        c.expectEnd("Privacy");
        return new Privacy(values);
    }

    public boolean asksFor(String value) {
        return values.stream().anyMatch(value::equalsIgnoreCase);
    }

    @Override
    public String toString() {
        return String.join(";", values);
    }
}
