package releve.sip.locate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers for as long as they hold: by their TTL, between one second and one day; failures for two seconds, so that a dead
 * server is not asked for every call. The least recently used goes when there is no room.
 */
final class AnswerCache {
    private static final long TTL_MIN_MS = 1_000;
    private static final long TTL_MAX_MS = 86_400_000;
    private static final long FAILURE_MS = 2_000;

    private final int entriesMax;
    private final Map<Question, Entry> entries;

    private record Entry(Answer answer, long untilMs) {}

    AnswerCache(int entriesMax) {
        this.entriesMax = entriesMax;
        this.entries = new LinkedHashMap<>(16, 0.75f, true);
    }

    @Nullable
    Answer get(Question question, long nowMs) {
        Entry entry = entries.get(question);
        if (entry == null) {
            return null;
        }
        if (entry.untilMs <= nowMs) {
            entries.remove(question);
            return null;
        }
        return entry.answer;
    }

    void put(Question question, Answer answer, long nowMs) {
        long ttlMs = switch (answer) {
            case Answer.Found found -> Math.clamp(found.ttlMs(), TTL_MIN_MS, TTL_MAX_MS);
            case Answer.Absent absent -> Math.clamp(absent.ttlMs(), TTL_MIN_MS, TTL_MAX_MS);
            case Answer.Failed _ -> FAILURE_MS;
        };
        entries.put(question, new Entry(answer, nowMs + ttlMs));
        if (entries.size() > entriesMax) {
            var oldest = entries.entrySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    int size() {
        return entries.size();
    }
}
