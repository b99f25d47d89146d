package releve.sip.dialog;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import releve.sip.message.MalformedMessageException;

/**
 * An element of a small XML document.
 *
 * @param name as it stands there, with its prefix
 * @param attributes by name, with their prefixes
 * @param text its own text, without that of its children
 */
record XmlElement(String name, Map<String, String> attributes, List<XmlElement> children, String text) {
    @Nullable
    String get(String attribute) {
        return attributes.get(attribute);
    }

    /** @throws MalformedMessageException when the attribute is missing */
    String required(String attribute) throws MalformedMessageException {
        String value = attributes.get(attribute);
        if (value == null) {
            throw new MalformedMessageException("an element without its " + attribute);
        }
        return value;
    }

    /** The children of that name, with its prefix, in order. */
    Stream<XmlElement> all(String child) {
        return children.stream().filter(element -> element.name().equals(child));
    }

    /** The first of them, or null. */
    @Nullable
    XmlElement first(String child) {
        return all(child).findFirst().orElse(null);
    }
}
