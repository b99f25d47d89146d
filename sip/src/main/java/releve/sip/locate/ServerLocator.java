package releve.sip.locate;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the servers of URIs (RFC 3263) for many askers at once, as a pure machine: URIs, answers of the DNS and the time go
 * in, questions and locations come out. What was learnt is kept for as long as it holds.
 *
 * <p>After each input the caller drains {@link #nextQuestion()} and {@link #nextResult()}, and calls {@link #advance} when
 * {@link #nextDeadlineMs()} has come. Not thread-safe.
 */
public final class ServerLocator {
    /** The most searches under way; a further one fails at once. */
    public static final int SEARCHES_MAX = 10_000;

    /** The most answers kept. */
    public static final int ANSWERS_MAX = 4_096;

    /** How long a search may take, ms: a call that does not know where to go by then should go elsewhere. */
    public static final long SEARCH_MS_MAX = 5_000;

    /** The most rounds of questions; a chain of NAPTR, SRV and addresses takes three. */
    private static final int ROUNDS_MAX = 6;

    private final LocatePolicy policy;
    private final RandomGenerator random;
    private final AnswerCache cache = new AnswerCache(ANSWERS_MAX);
    private final Map<Long, Open> searches = new LinkedHashMap<>();
    private final Map<Question, Set<Long>> waiting = new HashMap<>();
    private final ArrayDeque<Question> questions = new ArrayDeque<>();
    private final ArrayDeque<Result> results = new ArrayDeque<>();
    private long lastSearch;

    /**
     * What became of a search.
     *
     * @param search the number {@link #locate} gave
     * @param location found or nowhere
     */
    public record Result(long search, Location location) {}

    private static final class Open {
        final String uri;
        final long deadlineMs;
        /** Answers this search has seen: they hold for it even where their TTL is over or the cache was full. */
        final Map<Question, Answer> seen = new HashMap<>();

        final Set<Question> open = new HashSet<>();
        int rounds;

        Open(String uri, long deadlineMs) {
            this.uri = uri;
            this.deadlineMs = deadlineMs;
        }
    }

    /** @param random draws the order of servers of one priority */
    public ServerLocator(LocatePolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
    }

    /**
     * What is known of a URI without asking: settled for literal addresses and for names whose answers are kept.
     *
     * @return null when the DNS has to be asked first
     */
    public @Nullable Location known(String uri, long nowMs) {
        Location location = Search.of(uri, policy, question -> cache.get(question, nowMs), random);
        return location instanceof Location.Unsettled ? null : location;
    }

    /**
     * Starts a search. Its result comes by {@link #nextResult()}, at once if nothing has to be asked, after
     * {@value #SEARCH_MS_MAX} ms at the latest.
     *
     * @return its number
     */
    public long locate(String uri, long nowMs) {
        long number = ++lastSearch;
        if (searches.size() >= SEARCHES_MAX) {
            results.add(new Result(number, new Location.Nowhere("Too many searches for SIP servers are under way.")));
            return number;
        }
        Open open = new Open(uri, nowMs + SEARCH_MS_MAX);
        searches.put(number, open);
        proceed(number, open, nowMs);
        return number;
    }

    /** The next question to ask the DNS, each once however many searches wait for it; or null. */
    public @Nullable Question nextQuestion() {
        return questions.poll();
    }

    /** The DNS has answered, or its client has given up. An answer to nothing asked is ignored. */
    public void answer(Question question, Answer answer, long nowMs) {
        Set<Long> askers = waiting.remove(question);
        if (askers == null) {
            return;
        }
        cache.put(question, answer, nowMs);
        for (Long number : List.copyOf(askers)) {
            Open open = searches.get(number);
            if (open != null) {
                open.seen.put(question, answer);
                open.open.remove(question);
                if (open.open.isEmpty()) {
                    proceed(number, open, nowMs);
                }
            }
        }
    }

    private void proceed(long number, Open open, long nowMs) {
        Location location = Search.of(open.uri, policy, question -> seenOrKept(open, question, nowMs), random);
        if (!(location instanceof Location.Unsettled unsettled)) {
            finish(number, location);
        } else if (++open.rounds > ROUNDS_MAX) {
            finish(number, new Location.Nowhere(open.uri + " leads nowhere: its DNS records lead on and on."));
        } else {
            for (Question question : unsettled.questions()) {
                open.open.add(question);
                Set<Long> askers = waiting.get(question);
                if (askers == null) {
                    askers = new HashSet<>();
                    waiting.put(question, askers);
                    questions.add(question);
                }
                askers.add(number);
            }
        }
    }

    private @Nullable Answer seenOrKept(Open open, Question question, long nowMs) {
        Answer seen = open.seen.get(question);
        if (seen != null) {
            return seen;
        }
        Answer kept = cache.get(question, nowMs);
        if (kept != null) {
            open.seen.put(question, kept);
        }
        return kept;
    }

    private void finish(long number, Location location) {
        Open open = searches.remove(number);
        if (open != null) {
            for (Question question : open.open) {
                Set<Long> askers = waiting.get(question);
                if (askers != null && askers.remove(number) && askers.isEmpty()) {
                    waiting.remove(question);
                    questions.remove(question);
                }
            }
        }
        results.add(new Result(number, location));
    }

    /** The next search that is over, or null. */
    public @Nullable Result nextResult() {
        return results.poll();
    }

    /** Ends the searches whose time is over. */
    public void advance(long nowMs) {
        // Searches are kept in the order in which they were started, which is that of their deadlines.
        while (nextDeadlineMs() <= nowMs) {
            var oldest = searches.entrySet().iterator().next();
            String uri = oldest.getValue().uri;
            finish(oldest.getKey(), new Location.Nowhere(uri + " was not found: the DNS did not answer in time."));
        }
    }

    /** When {@link #advance} has to be called next, or {@link Long#MAX_VALUE}. */
    public long nextDeadlineMs() {
        return searches.isEmpty()
                ? Long.MAX_VALUE
                : searches.values().iterator().next().deadlineMs;
    }

    /** Searches under way. */
    public int searches() {
        return searches.size();
    }

    /** Answers kept. */
    public int answers() {
        return cache.size();
    }
}
