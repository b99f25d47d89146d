package releve.sip.message;

import java.util.List;
import java.util.Map;

/**
 * A request method (RFC 3261 section 7.1). Methods are case-sensitive and the set is open.
 *
 * @param name the method as written in the request line
 */
public record Method(String name) {
    public static final Method INVITE = new Method("INVITE");
    public static final Method ACK = new Method("ACK");
    public static final Method CANCEL = new Method("CANCEL");
    public static final Method BYE = new Method("BYE");
    public static final Method OPTIONS = new Method("OPTIONS");
    public static final Method REGISTER = new Method("REGISTER");
    public static final Method PRACK = new Method("PRACK");
    public static final Method UPDATE = new Method("UPDATE");
    public static final Method INFO = new Method("INFO");
    public static final Method REFER = new Method("REFER");
    public static final Method SUBSCRIBE = new Method("SUBSCRIBE");
    public static final Method NOTIFY = new Method("NOTIFY");
    public static final Method MESSAGE = new Method("MESSAGE");
    public static final Method PUBLISH = new Method("PUBLISH");

    private static final List<Method> COMMON = List.of(INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, REGISTER);

    private static final Map<String, Method> REGISTERED = Map.ofEntries(
            Map.entry("INVITE", INVITE),
            Map.entry("ACK", ACK),
            Map.entry("CANCEL", CANCEL),
            Map.entry("BYE", BYE),
            Map.entry("OPTIONS", OPTIONS),
            Map.entry("REGISTER", REGISTER),
            Map.entry("PRACK", PRACK),
            Map.entry("UPDATE", UPDATE),
            Map.entry("INFO", INFO),
            Map.entry("REFER", REFER),
            Map.entry("SUBSCRIBE", SUBSCRIBE),
            Map.entry("NOTIFY", NOTIFY),
            Map.entry("MESSAGE", MESSAGE),
            Map.entry("PUBLISH", PUBLISH));

    /** Returns the constant of a registered method, or a new value for any other name. */
    public static Method of(String name) {
        Method registered = REGISTERED.get(name);
        return registered != null ? registered : new Method(name);
    }

    /** Reads a method; a registered one makes no new text. */
    static Method of(Cursor c, String where) throws MalformedMessageException {
        int from = c.at;
        c.skipToken(where);
        int length = c.at - from;
        for (Method common : COMMON) {
            if (common.name.length() == length && c.text.startsWith(common.name, from)) {
                return common;
            }
        }
        return of(c.text.substring(from, c.at));
    }

    /** Whether the method is in the IANA registry as far as this user agent knows (405 instead of 501). */
    public boolean isRegistered() {
        return REGISTERED.containsKey(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
