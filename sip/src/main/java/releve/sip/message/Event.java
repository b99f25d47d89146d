package releve.sip.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An Event value (RFC 6665 section 8.2.1).
 *
 * @param type the event package with its templates: refer, dialog, presence.winfo …
 * @param params id and others
 */
public record Event(String type, Params params) {
    public static Event of(String type) {
        return new Event(type, Params.NONE);
    }

    /** The Event of a request, or null when it has none, or one that cannot be read. */
    public static @Nullable Event of(Headers headers) {
        String value = headers.first("Event");
        try {
            return value == null ? null : parse(value);
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    public static Event parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String type = c.token("Event");
        Params params = Params.parse(c, "Event");
        c.expectEnd("Event");
        return new Event(type, params);
    }

    /** A copy with that parameter, quoted where its value is no token. */
    public Event with(String name, String value) {
        return new Event(type, params.with(name, Cursor.isToken(value) ? value : Cursor.quote(value)));
    }

    /** What tells subscriptions of one dialog and package apart, or null. */
    public @Nullable String id() {
        return params.get("id");
    }

    /** Whether both mean the same subscription: package and id are compared byte by byte (section 8.2.1). */
    public boolean matches(Event other) {
        return type.equals(other.type) && Objects.equals(id(), other.id());
    }

    @Override
    public String toString() {
        return type + params;
    }
}
