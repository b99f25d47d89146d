package releve.sip.dialog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import releve.sip.message.MalformedMessageException;

/**
 * What a user agent tells of its dialogs: a document of type {@value #CONTENT_TYPE} (RFC 4235 section 4.1).
 *
 * @param version one more in each document of a subscription, 0 to 2^31-1
 * @param full whether it names all dialogs; otherwise those that changed
 * @param entity whose dialogs they are, a URI
 * @param dialogs at most {@value #DIALOGS_MAX}
 */
public record DialogInfo(int version, boolean full, String entity, List<Entry> dialogs) {
    public static final String CONTENT_TYPE = "application/dialog-info+xml";
    public static final int DIALOGS_MAX = 256;

    private static final String NAMESPACE = "urn:ietf:params:xml:ns:dialog-info";

    /** @throws IllegalArgumentException when there are too many dialogs, or the version is negative */
    public DialogInfo {
        dialogs = List.copyOf(dialogs);
        if (dialogs.size() > DIALOGS_MAX || version < 0) {
            throw new IllegalArgumentException("a document of " + dialogs.size() + " dialogs, version " + version);
        }
    }

    private enum Direction {
        INITIATOR,
        RECIPIENT
    }

    /** How far a dialog has come (section 3.7.1). */
    public enum State {
        TRYING,
        PROCEEDING,
        EARLY,
        CONFIRMED,
        TERMINATED
    }

    /** What ended a dialog (section 4.1.4). */
    public enum Cause {
        CANCELLED,
        REJECTED,
        REPLACED,
        LOCAL_BYE,
        REMOTE_BYE,
        ERROR,
        TIMEOUT
    }

    /**
     * One dialog, as the entity sees it.
     *
     * @param id the same in each document, unique in one
     * @param dialog its name, with the entity's tag as the local one; null before both tags are known
     * @param initiated whether the entity made the call; null when that is not said
     * @param cause what ended it, or null
     * @param code the response that ended it, 100 to 699; 0 for none
     * @param local the entity's address in it, that of its device where no other is told, or null
     * @param remote the peer's address, that of its device where no other is told, or null
     */
    public record Entry(
            String id,
            @Nullable DialogId dialog,
            @Nullable Boolean initiated,
            State state,
            @Nullable Cause cause,
            int code,
            @Nullable String local,
            @Nullable String remote) {
        /** The same dialog when it is over. */
        public Entry terminated(@Nullable Cause by, int response) {
            return new Entry(id, dialog, initiated, State.TERMINATED, by, response, local, remote);
        }
    }

    /**
     * Reads a document. Elements of other namespaces, and what is not in the records, are passed over.
     *
     * @throws MalformedMessageException when it is none, or breaks a limit
     */
    public static DialogInfo parse(String text) throws MalformedMessageException {
        XmlElement root = XmlReader.read(text);
        int colon = root.name().indexOf(':');
        String prefix = root.name().substring(0, colon + 1);
        String declared = root.get(colon < 0 ? "xmlns" : "xmlns:" + root.name().substring(0, colon));
        if (!root.name().equals(prefix + "dialog-info") || !NAMESPACE.equals(declared)) {
            throw new MalformedMessageException("the document is no dialog-info");
        }
        String kind = root.required("state");
        if (!kind.equals("full") && !kind.equals("partial")) {
            throw new MalformedMessageException("a dialog-info that is neither full nor partial");
        }
        List<Entry> entries = new ArrayList<>();
        for (XmlElement dialog : root.all(prefix + "dialog").toList()) {
            if (entries.size() == DIALOGS_MAX) {
                throw new MalformedMessageException("a dialog-info of more than " + DIALOGS_MAX + " dialogs");
            }
            entries.add(entry(dialog, prefix));
        }
        int version = number(root.required("version"), Integer.MAX_VALUE);
        return new DialogInfo(version, kind.equals("full"), root.required("entity"), entries);
    }

    private static Entry entry(XmlElement dialog, String prefix) throws MalformedMessageException {
        XmlElement state = dialog.first(prefix + "state");
        if (state == null) {
            throw new MalformedMessageException("a dialog without a state");
        }
        String callId = dialog.get("call-id");
        String local = dialog.get("local-tag");
        String remote = dialog.get("remote-tag");
        String direction = dialog.get("direction");
        String event = state.get("event");
        String code = state.get("code");
        return new Entry(
                dialog.required("id"),
                callId == null || local == null || remote == null ? null : new DialogId(callId, local, remote),
                direction == null ? null : of(Direction.values(), direction) == Direction.INITIATOR,
                of(State.values(), state.text().strip()),
                event == null ? null : of(Cause.values(), event),
                code == null ? 0 : number(code, 699),
                identity(dialog, prefix, "local"),
                identity(dialog, prefix, "remote"));
    }

    private static @Nullable String identity(XmlElement dialog, String prefix, String side) {
        XmlElement participant = dialog.first(prefix + side);
        if (participant == null) {
            return null;
        }
        XmlElement identity = participant.first(prefix + "identity");
        XmlElement target = participant.first(prefix + "target");
        return identity != null ? identity.text().strip() : target == null ? null : target.get("uri");
    }

    private static int number(String text, int most) throws MalformedMessageException {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = digits ? Long.parseLong(text) : -1;
        if (number < 0 || number > most) {
            throw new MalformedMessageException("a dialog-info with a number out of range");
        }
        return (int) number;
    }

    private static <E extends Enum<E>> E of(E[] values, String written) throws MalformedMessageException {
        for (E value : values) {
            if (written(value).equals(written)) {
                return value;
            }
        }
        throw new MalformedMessageException("a dialog-info with an unknown word");
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The document as it goes into a NOTIFY. */
    public String write() {
        StringBuilder out = new StringBuilder(512).append("<?xml version=\"1.0\"?>\n<dialog-info");
        attribute(out, "xmlns", NAMESPACE);
        attribute(out, "version", Integer.toString(version));
        attribute(out, "state", full ? "full" : "partial");
        attribute(out, "entity", entity);
        out.append(">\n");
        dialogs.forEach(dialog -> write(dialog, out));
        return out.append("</dialog-info>\n").toString();
    }

    private static void write(Entry entry, StringBuilder out) {
        out.append("<dialog");
        attribute(out, "id", entry.id());
        if (entry.dialog() != null) {
            attribute(out, "call-id", entry.dialog().callId());
            attribute(out, "local-tag", entry.dialog().localTag());
            attribute(out, "remote-tag", entry.dialog().remoteTag());
        }
        if (entry.initiated() != null) {
            attribute(out, "direction", entry.initiated() ? "initiator" : "recipient");
        }
        out.append("><state");
        if (entry.cause() != null) {
            attribute(out, "event", written(entry.cause()));
        }
        if (entry.code() != 0) {
            attribute(out, "code", Integer.toString(entry.code()));
        }
        out.append('>').append(written(entry.state())).append("</state>");
        participant(out, "local", entry.local());
        participant(out, "remote", entry.remote());
        out.append("</dialog>\n");
    }

    private static void participant(StringBuilder out, String side, @Nullable String uri) {
        if (uri != null) {
            out.append('<').append(side).append("><identity>").append(XmlReader.escaped(uri));
            out.append("</identity></").append(side).append('>');
        }
    }

    private static void attribute(StringBuilder out, String name, String value) {
        out.append(' ')
                .append(name)
                .append("=\"")
                .append(XmlReader.escaped(value))
                .append('"');
    }
}
