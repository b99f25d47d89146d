package releve.sip.dialog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import releve.sip.message.MalformedMessageException;

/**
 * Reads the little of XML 1.0 that bodies of notifications need: elements, attributes, text, comments, character references.
 * There are no document types, so no entities but the five that are built in, and nothing outside the text is ever read.
 * Everything has a limit; at it the document is refused.
 */
final class XmlReader {
    static final int CHARS_MAX = 65_536;
    static final int DEPTH_MAX = 16;
    static final int ELEMENTS_MAX = 4_096;
    static final int ATTRIBUTES_MAX = 32;

    private final String text;
    private int at;
    private int elements;

    private XmlReader(String text) {
        this.text = text;
    }

    /** @throws MalformedMessageException when the text is no such document, or too large */
    static XmlElement read(String text) throws MalformedMessageException {
        if (text.length() > CHARS_MAX) {
            throw new MalformedMessageException("an XML document of more than " + CHARS_MAX + " characters");
        }
        XmlReader reader = new XmlReader(text);
        reader.skip("\uFEFF");
        if (reader.skip("<?xml")) {
            reader.until("?>");
        }
        reader.skipBetween();
        XmlElement root = reader.element(1);
        reader.skipBetween();
        if (reader.at < text.length()) {
            throw reader.malformed("something after its end");
        }
        return root;
    }

    private MalformedMessageException malformed(String what) {
        return new MalformedMessageException("an XML document with " + what + " at " + at);
    }

    private boolean skip(String expected) {
        boolean there = text.startsWith(expected, at);
        at += there ? expected.length() : 0;
        return there;
    }

    private void expect(String expected) throws MalformedMessageException {
        if (!skip(expected)) {
            throw malformed("no '" + expected + "'");
        }
    }

    private String until(String end) throws MalformedMessageException {
        int found = text.indexOf(end, at);
        if (found < 0) {
            throw malformed("no '" + end + "' to come");
        }
        String before = text.substring(at, found);
        at = found + end.length();
        return before;
    }

    private boolean skipSpace() {
        int before = at;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at > before;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** Space and comments around the root element. */
    private void skipBetween() throws MalformedMessageException {
        skipSpace();
        while (skip("<!--")) {
            until("-->");
            skipSpace();
        }
    }

    private String name() throws MalformedMessageException {
        int from = at;
        while (at < text.length() && isOfName(text.charAt(at), at == from)) {
            at++;
        }
        if (at == from) {
            throw malformed("no name");
        }
        return text.substring(from, at);
    }

    private static boolean isOfName(char c, boolean first) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
        return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'));
    }

    private XmlElement element(int depth) throws MalformedMessageException {
        expect("<");
        if (depth > DEPTH_MAX || ++elements > ELEMENTS_MAX) {
            throw malformed("too many elements");
        }
        String name = name();
        Map<String, String> attributes = attributes();
        if (skip("/>")) {
            return new XmlElement(name, attributes, List.of(), "");
        }
        expect(">");
        List<XmlElement> children = new ArrayList<>();
        StringBuilder own = new StringBuilder();
        while (!skip("</")) {
            if (skip("<!--")) {
                until("-->");
            } else if (text.startsWith("<", at)) {
                children.add(element(depth + 1));
            } else {
                characters('<', own);
            }
        }
        if (!name().equals(name)) {
            throw malformed("an end of another element");
        }
        skipSpace();
        expect(">");
        return new XmlElement(name, attributes, List.copyOf(children), own.toString());
    }

    private Map<String, String> attributes() throws MalformedMessageException {
        Map<String, String> attributes = new LinkedHashMap<>();
        while (skipSpace() && !text.startsWith(">", at) && !text.startsWith("/>", at)) {
            String name = name();
            skipSpace();
            expect("=");
            skipSpace();
            char quote = at < text.length() ? text.charAt(at) : 0;
            if (quote != '"' && quote != '\'') {
                throw malformed("an attribute without quotes");
            }
            at++;
            StringBuilder value = new StringBuilder();
            characters(quote, value);
            expect(String.valueOf(quote));
            if (attributes.size() == ATTRIBUTES_MAX || attributes.put(name, value.toString()) != null) {
                throw malformed("too many attributes, or one twice");
            }
        }
        return attributes;
    }

    /** Text up to a character, which is not taken. */
    private void characters(char end, StringBuilder into) throws MalformedMessageException {
        while (at < text.length() && text.charAt(at) != end) {
            char c = text.charAt(at++);
            if (c == '&') {
                into.appendCodePoint(reference(until(";")));
            } else if (c == '<' || (c < ' ' && !isSpace(c))) {
                throw malformed("a character that may not be there");
            } else {
                into.append(c);
            }
        }
        if (at == text.length()) {
            throw malformed("its end missing");
        }
    }

    private int reference(String name) throws MalformedMessageException {
        return switch (name) {
            case "amp" -> '&';
            case "lt" -> '<';
            case "gt" -> '>';
            case "quot" -> '"';
            case "apos" -> '\'';
            default -> numeric(name);
        };
    }

    private int numeric(String name) throws MalformedMessageException {
        boolean hex = name.startsWith("#x");
        String digits = name.startsWith("#") ? name.substring(hex ? 2 : 1) : "";
        boolean wellFormed = !digits.isEmpty()
                && digits.length() <= 7
                && digits.chars().allMatch(c -> Character.digit(c, hex ? 16 : 10) >= 0 && c < 0x80);
        int point = wellFormed ? Integer.parseInt(digits, hex ? 16 : 10) : 0;
        boolean allowed = point == '\t' || point == '\n' || point == '\r' || point >= ' ';
        if (!allowed || !Character.isValidCodePoint(point) || (point >= 0xD800 && point <= 0xDFFF)) {
            throw malformed("an unknown reference");
        }
        return point;
    }

    /** Text as it stands in an element or a quoted attribute. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\t', '\n', '\r' -> out.append("&#").append((int) c).append(';');
                default -> out.append(c < ' ' ? ' ' : c);
            }
        }
        return out.toString();
    }
}
