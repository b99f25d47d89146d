package releve.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** The fields of a request's JSON body, each checked for type and length; every fault is one sentence that names it. */
final class RequestFields {
    /** Bytes that a body may have. */
    static final int BODY_MAX = 65_536;

    private final JsonNode object;

    private RequestFields(JsonNode object) {
        this.object = object;
    }

    /** Reads the body; an empty one counts as an object without fields. */
    static RequestFields of(Context ctx) {
        byte[] body;
        try {
            body = ctx.req().getInputStream().readNBytes(BODY_MAX + 1);
        } catch (IOException e) {
            throw Refused.badRequest("The body could not be read.");
        }
        if (body.length > BODY_MAX) {
            throw new Refused(413, "The body is longer than " + BODY_MAX + " bytes.");
        }
        return new RequestFields(Json.readObject(body.length == 0 ? new byte[] {'{', '}'} : body));
    }

    /** A required text of 1 to {@code max} characters. */
    String text(String field, int max) {
        String value = text(field, max, "");
        if (value.isBlank()) {
            throw Refused.badRequest("The field \"" + field + "\" is missing: a text of 1 to " + max + " characters.");
        }
        return value;
    }

    /** A text of up to {@code max} characters, or the default when absent. */
    String text(String field, int max, String otherwise) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw Refused.badRequest("The field \"" + field + "\" must be a text.");
        }
        return bounded(field, value.textValue(), max);
    }

    /** A required whole number within these bounds. */
    int number(String field, int min, int max) {
        JsonNode value = object.get(field);
        if (value == null || !value.isInt() || value.intValue() < min || value.intValue() > max) {
            throw Refused.badRequest("The field \"" + field + "\" must be a number from " + min + " to " + max + ".");
        }
        return value.intValue();
    }

    boolean flag(String field, boolean otherwise) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw Refused.badRequest("The field \"" + field + "\" must be true or false.");
        }
        return value.booleanValue();
    }

    /** 1 to {@code maxSize} different texts of 1 to {@code max} characters. */
    Set<String> texts(String field, int maxSize, int max) {
        JsonNode value = object.get(field);
        if (value == null || !value.isArray() || value.isEmpty() || value.size() > maxSize) {
            throw Refused.badRequest("The field \"" + field + "\" must be a list of 1 to " + maxSize + " texts.");
        }
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode element : value) {
            if (!element.isTextual() || element.textValue().isBlank()) {
                throw Refused.badRequest("Each element of \"" + field + "\" must be a text that is not empty.");
            }
            texts.add(bounded(field, element.textValue(), max));
        }
        return texts;
    }

    private static String bounded(String field, String text, int max) {
        String trimmed = text.strip();
        if (trimmed.length() > max) {
            throw Refused.badRequest("The field \"" + field + "\" has " + trimmed.length() + " characters; at most "
                    + max + " are allowed.");
        }
        if (trimmed.chars().anyMatch(Character::isISOControl)) {
            throw Refused.badRequest("The field \"" + field + "\" contains control characters.");
        }
        return trimmed;
    }
}
