package releve.server.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/** Numbers by name, as a JSON column keeps them. */
final class CountsJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CountsJson() {}

    static String write(Map<String, Integer> counts) {
        try {
            return JSON.writeValueAsString(counts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, Integer> read(String json) {
        try {
            return JSON.readValue(json, new TypeReference<TreeMap<String, Integer>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store's counts are no numbers by name: " + json, e);
        }
    }
}
