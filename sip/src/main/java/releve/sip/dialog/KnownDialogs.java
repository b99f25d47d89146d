package releve.sip.dialog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the documents of a subscription have told so far (RFC 4235 section 4.3).
 *
 * @param version of the latest document; -1 before the first
 * @param dialogs those that are not over, by their id; at most {@link DialogInfo#DIALOGS_MAX}
 */
public record KnownDialogs(int version, Map<String, DialogInfo.Entry> dialogs) {
    public static final KnownDialogs NONE = new KnownDialogs(-1, Map.of());

    public KnownDialogs {
        dialogs = Map.copyOf(dialogs);
    }

    /** What a document adds to what is known. */
    public sealed interface Taken {
        /** @param changed dialogs that are new, different or over, in their last state */
        record News(KnownDialogs known, List<DialogInfo.Entry> changed) implements Taken {}

        /** The document is older than what is known, or the same. */
        record Stale() implements Taken {}

        /** A document before this one is missing, or it tells of too many dialogs: the whole state is needed. */
        record Gap() implements Taken {}
    }

    /** The same dialogs, told by a new subscription: its versions begin anew. */
    public KnownDialogs anew() {
        return new KnownDialogs(-1, dialogs);
    }

    public Taken take(DialogInfo document) {
        if (document.version() <= version) {
            return new Taken.Stale();
        }
        if (!document.full() && (version < 0 || document.version() != version + 1)) {
            return new Taken.Gap();
        }
        Map<String, DialogInfo.Entry> next = document.full() ? new LinkedHashMap<>() : new LinkedHashMap<>(dialogs);
        List<DialogInfo.Entry> changed = new ArrayList<>();
        for (DialogInfo.Entry entry : document.dialogs()) {
            boolean over = entry.state() == DialogInfo.State.TERMINATED;
            if (over) {
                next.remove(entry.id());
            } else {
                next.put(entry.id(), entry);
            }
            if (!entry.equals(dialogs.get(entry.id()))) {
                changed.add(entry);
            }
        }
        if (document.full()) {
            changed.addAll(gone(document));
        }
        return next.size() > DialogInfo.DIALOGS_MAX
                ? new Taken.Gap()
                : new Taken.News(new KnownDialogs(document.version(), next), List.copyOf(changed));
    }

    /** Dialogs that the whole state does not name any more are over, whatever ended them. */
    private List<DialogInfo.Entry> gone(DialogInfo document) {
        List<DialogInfo.Entry> gone = new ArrayList<>();
        for (DialogInfo.Entry entry : dialogs.values()) {
            if (document.dialogs().stream().noneMatch(told -> told.id().equals(entry.id()))) {
                gone.add(entry.terminated(null, 0));
            }
        }
        return gone;
    }
}
