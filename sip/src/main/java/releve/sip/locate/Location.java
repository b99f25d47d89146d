package releve.sip.locate;

import java.util.List;
import java.util.Set;
import releve.sip.transaction.Hop;

/** How far the search for a URI's servers has come. */
public sealed interface Location {
    /**
     * It goes on with the answers to these.
     *
     * @param questions none of them answered yet; all may be asked at once
     */
    record Unsettled(Set<Question> questions) implements Location {
        public Unsettled {
            questions = Set.copyOf(questions);
        }
    }

    /**
     * Servers to try, best first; the next one when a server answers 503, does not answer, or cannot be reached (RFC 3263
     * section 4.3).
     *
     * @param hops at least one
     */
    record Found(List<Hop> hops) implements Location {
        public Found {
            hops = List.copyOf(hops);
        }
    }

    /**
     * There is none.
     *
     * @param reason in one sentence
     */
    record Nowhere(String reason) implements Location {}
}
