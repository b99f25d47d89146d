package releve.server.trunk;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** One level of fields of a YAML text; whatever is wrong with one is said with its path. */
final class YamlFields {
    private final JsonNode node;
    private final String source;
    private final String path;

    private YamlFields(JsonNode node, String source, String path) {
        this.node = node;
        this.source = source;
        this.path = path;
    }

    /** @param source what to call the text in errors */
    static YamlFields parse(String yaml, String source) throws UnusableTrunks {
        ObjectMapper mapper = new ObjectMapper(YAMLFactory.builder().build());
        mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        try {
            JsonNode tree = mapper.readTree(yaml);
            if (tree == null || !tree.isObject()) {
                throw new UnusableTrunks(source + ": it holds no fields; it begins with 'trunks:'.");
            }
            return new YamlFields(tree, source, "");
        } catch (JsonProcessingException wrong) {
            int line = wrong.getLocation() == null ? 0 : wrong.getLocation().getLineNr();
            String what = wrong.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
            throw new UnusableTrunks("%s, line %d: this is not YAML: %s.".formatted(source, line, what));
        }
    }

    boolean has(String field) {
        return node.has(field);
    }

    /** Refuses fields that nobody would look at. */
    void knowOnly(String... names) throws UnusableTrunks {
        List<String> known = List.of(names);
        for (Iterator<String> fields = node.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!known.contains(field)) {
                throw wrong(field, "is unknown here; known are " + String.join(", ", known));
            }
        }
    }

    String text(String field) throws UnusableTrunks {
        return textIfAny(field).orElseThrow(() -> wrong(field, "is missing"));
    }

    Optional<String> textIfAny(String field) throws UnusableTrunks {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isValueNode() || value.asText().isBlank()) {
            throw wrong(field, "is one value, and not an empty one");
        }
        return Optional.of(value.asText().strip());
    }

    double number(String field, double least, double most, double otherwise) throws UnusableTrunks {
        return has(field) ? number(field, least, most) : otherwise;
    }

    double number(String field, double least, double most) throws UnusableTrunks {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            throw wrong(field, "is missing");
        }
        if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
            throw wrong(field, "is a number from %s to %s, not '%s'".formatted(plain(least), plain(most), said(value)));
        }
        return value.asDouble();
    }

    int whole(String field, int least, int most, int otherwise) throws UnusableTrunks {
        double figure = number(field, least, most, otherwise);
        if (figure != Math.rint(figure)) {
            throw wrong(field, "is a whole number, not " + figure);
        }
        return (int) figure;
    }

    boolean flag(String field, boolean otherwise) throws UnusableTrunks {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw wrong(field, "is true or false, not '" + said(value) + "'");
        }
        return value.asBoolean(otherwise);
    }

    /** The fields below one; none at all when it is absent. */
    YamlFields within(String field) throws UnusableTrunks {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isObject()) {
            throw wrong(field, "is a set of fields, not '" + said(value) + "'");
        }
        return new YamlFields(value, source, path + field + ".");
    }

    List<YamlFields> list(String field, int most) throws UnusableTrunks {
        List<YamlFields> found = new ArrayList<>();
        for (JsonNode each : entries(field, most)) {
            YamlFields fields = new YamlFields(each, source, "%s%s[%d].".formatted(path, field, found.size() + 1));
            if (!each.isObject()) {
                throw wrong(field + "[" + (found.size() + 1) + "]", "is a set of fields, not '" + said(each) + "'");
            }
            found.add(fields);
        }
        return found;
    }

    List<String> texts(String field, int most) throws UnusableTrunks {
        List<String> found = new ArrayList<>();
        for (JsonNode each : entries(field, most)) {
            if (!each.isValueNode()) {
                throw wrong(field, "is a list of single values");
            }
            found.add(each.asText().strip());
        }
        return found;
    }

    private JsonNode entries(String field, int most) throws UnusableTrunks {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isArray()) {
            throw wrong(field, "is a list: each entry begins with '- '");
        }
        if (value.size() > most) {
            throw wrong(field, "has " + value.size() + " entries; the most are " + most);
        }
        return value;
    }

    UnusableTrunks wrong(String field, String what) {
        return new UnusableTrunks(source + ": '" + path + field + "' " + what + ".");
    }

    private static String said(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static String plain(double figure) {
        return figure == Math.rint(figure) ? Long.toString((long) figure) : Double.toString(figure);
    }
}
