package releve.sim.agents;

import java.util.stream.Stream;

/** What an agent makes of a contact that is offered to him. */
enum OfferAnswer {
    ACCEPT("accept"),
    SKIP("skip"),
    REJECT("reject"),
    SKIP_CLOSE("skip-close"),
    REJECT_CLOSE("reject-close"),
    /** He does not react, and lets the time run out. */
    WAIT("wait");

    private final String word;

    OfferAnswer(String word) {
        this.word = word;
    }

    /** As scripts and the product's API write it. */
    String word() {
        return word;
    }

    /**
     * The answer with that word.
     *
     * @throws IllegalArgumentException with one sentence when there is none
     */
    static OfferAnswer of(String word) {
        return Stream.of(values())
                .filter(answer -> answer.word.equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "'" + word
                                        + "' is no answer to an offer; there are accept, skip, reject, skip-close, reject-close, wait."));
    }
}
