package releve.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.util.Map;

/** JSON in and out: times as ISO 8601 in UTC, input bounded in depth and length. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(65_536)
                            .maxNumberLength(32)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    private Json() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of " + value.getClass().getName() + " has no JSON form", e);
        }
    }

    /** As {@link #write}, in ASCII only: for a header. */
    static String ascii(Object value) {
        try {
            return MAPPER.writer()
                    .with(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature())
                    .writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of " + value.getClass().getName() + " has no JSON form", e);
        }
    }

    static String error(String sentence) {
        return write(Map.of("error", sentence));
    }

    /**
     * Reads one JSON object.
     *
     * @throws Refused with 400 and where it stops being JSON
     */
    static JsonNode readObject(byte[] text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || !node.isObject()) {
                throw Refused.badRequest("The body must be a JSON object, such as {\"reason\": \"break\"}.");
            }
            return node;
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw Refused.badRequest(
                    where == null
                            ? "The body is not valid JSON."
                            : "The body is not valid JSON: it breaks off or goes wrong at line %d, column %d."
                                    .formatted(where.getLineNr(), where.getColumnNr()));
        } catch (java.io.IOException e) {
            throw Refused.badRequest("The body could not be read.");
        }
    }
}
