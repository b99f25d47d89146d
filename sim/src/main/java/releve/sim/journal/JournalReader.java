package releve.sim.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a journal back, call by call. */
public final class JournalReader {
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private int tornLines;
    private int lineNumber;

    private JournalReader() {}

    /**
     * A journal's content.
     *
     * @param calls in the order of their INVITEs, one for each Call-ID
     * @param tornLines lines cut off by the death of the writer; more than one death leaves more than one
     * @param problems one sentence for each fact that contradicts the others; a sound journal has none
     */
    public record Contents(List<JournalCall> calls, int tornLines, List<String> problems) {}

    /**
     * Reads the whole file, also while it is being written.
     *
     * @throws IOException when it cannot be read
     */
    public static Contents read(Path path) throws IOException {
        JournalReader reader = new JournalReader();
        // A stream reader replaces the half of a letter that a torn line may end with; Files' own reader throws.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.line(line);
            }
        }
        List<JournalCall> calls =
                reader.drafts.values().stream().map(Draft::toCall).toList();
        return new Contents(calls, reader.tornLines, List.copyOf(reader.problems));
    }

    private void line(String line) {
        lineNumber++;
        if (line.isBlank()) {
            return;
        }
        try {
            JsonNode node = mapper.readTree(line);
            fact(Instant.parse(text(node, "at")), text(node, "fact"), text(node, "callId"), node);
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException _) {
            tornLines++;
        }
    }

    private void fact(Instant at, String fact, String callId, JsonNode node) {
        if (fact.equals("invite")) {
            Draft draft = new Draft(callId, text(node, "to"), text(node, "from"), text(node, "source"), at);
            if (drafts.putIfAbsent(callId, draft) != null) {
                problem("a second INVITE of the call " + callId);
            }
            return;
        }
        Draft call = drafts.get(callId);
        if (call == null) {
            problem("'" + fact + "' of the call " + callId + ", which has no INVITE");
            return;
        }
        if (call.end != null) {
            problem("'" + fact + "' of the call " + callId + " after its end");
            return;
        }
        switch (fact) {
            case "ringing" -> call.ringingAt = call.ringingAt == null ? at : call.ringingAt;
            case "answered" -> call.answeredAt = at;
            case "reinvited" -> call.reinvites++;
            case "ended" -> call.end = end(at, node);
            default -> problem("the unknown fact '" + fact + "'");
        }
    }

    private static JournalCall.End end(Instant at, JsonNode node) {
        return new JournalCall.End(
                at,
                Outcome.ofWord(text(node, "outcome")),
                node.path("status").asInt(),
                Party.ofWord(text(node, "endedBy")),
                node.path("talkMs").asLong());
    }

    private void problem(String what) {
        problems.add("Line " + lineNumber + " tells of " + what + ".");
    }

    /** @throws IllegalArgumentException when the line lacks that field */
    private static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("no " + field);
        }
        return value.textValue();
    }

    /** A call while its facts are read. */
    private static final class Draft {
        final String callId;
        final String to;
        final String from;
        final String source;
        final Instant invitedAt;

        @Nullable
        Instant ringingAt;

        @Nullable
        Instant answeredAt;

        int reinvites;
        JournalCall.@Nullable End end;

        Draft(String callId, String to, String from, String source, Instant invitedAt) {
            this.callId = callId;
            this.to = to;
            this.from = from;
            this.source = source;
            this.invitedAt = invitedAt;
        }

        JournalCall toCall() {
            return new JournalCall(callId, to, from, source, invitedAt, ringingAt, answeredAt, reinvites, end);
        }
    }
}
