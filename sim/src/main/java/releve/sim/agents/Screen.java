package releve.sim.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What an agent does about what his desktop shows: answers offers, and says what came of calls. Each offer and each call is
 * decided once; the request may be repeated when it was not heard. Used by the desktop's thread only.
 */
final class Screen {
    private final DeskHabits habits;
    private final DeskScript script;
    private final SplittableRandom random;
    private final Tally tally;
    private String decidedOffer = "";
    private OfferAnswer answer = OfferAnswer.WAIT;
    private long answerAtNs;
    private String decidedCall = "";
    private boolean leaves;

    Screen(DeskHabits habits, DeskScript script, SplittableRandom random, Tally tally) {
        this.habits = habits;
        this.script = script;
        this.random = random;
        this.tally = tally;
    }

    /** Something to send to the product. */
    record Request(String path, ObjectNode body, AtomicLong counted) {}

    boolean watched() {
        return habits.watches() || !script.isEmpty();
    }

    /** Whether he has decided to go. */
    boolean leaves() {
        return leaves;
    }

    /** The answer to the offer on the screen, once the agent has thought about it; empty when there is nothing to say. */
    Optional<Request> answer(JsonNode state, long nowNs) {
        JsonNode offer = state.path("offer");
        String id = offer.path("id").asText("");
        if (!state.path("state").asText().equals("PREVIEW") || id.isEmpty()) {
            return Optional.empty();
        }
        if (!id.equals(decidedOffer)) {
            decidedOffer = id;
            OfferAnswer byHabit = habits.answer(random);
            int thinkMs = habits.think().draw(random);
            answer = script.nextOffer(firstPhone(offer)).orElse(byHabit);
            answerAtNs = nowNs + thinkMs * 1_000_000L;
        }
        if (answer == OfferAnswer.WAIT || nowNs < answerAtNs) {
            return Optional.empty();
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("offer", id);
        body.put("answer", answer.word());
        return Optional.of(new Request("/offer", body, tally.offersAnswered));
    }

    /** What came of the call on the screen; empty when there is nothing to say, or it has been said. */
    Optional<Request> disposition(JsonNode state) {
        String attempt = state.path("attempt").asText("");
        JsonNode call = state.path("call");
        if (attempt.isEmpty() || !call.isObject() || attempt.equals(decidedCall)) {
            return Optional.empty();
        }
        decidedCall = attempt;
        Verdict byHabit = habits.verdict(random, call.path("personalCallbacks").asBoolean());
        Verdict verdict = script.nextCall(firstPhone(call)).orElse(habits.watches() ? byHabit : Verdict.NONE);
        leaves |= verdict.leaves();
        if (verdict.result() == 0) {
            return Optional.empty();
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("attempt", attempt);
        body.put("result", verdict.result());
        if (verdict.result() == Verdict.CALLBACK) {
            body.put(
                    "callbackAt",
                    Instant.now().plusSeconds(verdict.callbackInSeconds()).toString());
            body.put("personal", verdict.personal());
        }
        return Optional.of(new Request("/disposition", body, tally.dispositions));
    }

    private static String firstPhone(JsonNode contact) {
        return contact.path("phones").path(0).asText("");
    }
}
