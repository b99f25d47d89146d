package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies of several parts: {@code multipart/mixed} (RFC 2046 section 5.1.3), as RFC 5621 has it for SIP. */
public final class Multipart {
    /** More parts than these are no message that anybody sends us for a good reason. */
    public static final int PARTS_MAX = 8;

    private static final String MIXED = "multipart/mixed";
    /** Never in a description or in a gateway's analysis, both of which are lines of {@code name=value}. */
    private static final String BOUNDARY = "--releve-part";

    private Multipart() {}

    /** Whether a Content-Type announces several parts. */
    static boolean isMultipart(String contentType) {
        return contentType.regionMatches(true, 0, "multipart/", 0, 10);
    }

    /** The Content-Type of what {@link #write} makes. */
    public static String contentType() {
        return MIXED + ";boundary=" + BOUNDARY;
    }

    /** Several parts as one body of the type {@link #contentType}. */
    public static byte[] write(List<BodyPart> parts) {
        StringBuilder body = new StringBuilder(512);
        for (BodyPart part : parts) {
            String head = "--" + BOUNDARY + "\r\nContent-Type: " + part.contentType() + "\r\n";
            if (part.disposition() != null) {
                head += "Content-Disposition: " + part.disposition() + "\r\n";
            }
            body.append(characters((head + "\r\n").getBytes(StandardCharsets.UTF_8)));
            body.append(characters(part.content())).append("\r\n");
        }
        body.append("--").append(BOUNDARY).append("--\r\n");
        return body.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** ISO 8859-1 keeps bytes and characters one to one, whatever a part's own characters are. */
    private static String characters(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    /**
     * The parts of a body; preamble and epilogue are passed over.
     *
     * @throws MalformedMessageException when the boundary is not named, the body has no part, no end, or too many parts
     */
    public static List<BodyPart> parse(String contentType, byte[] body) throws MalformedMessageException {
        String boundary = MediaType.parse(contentType).params().get("boundary");
        if (boundary == null || boundary.isEmpty()) {
            throw new MalformedMessageException("a multipart body names no boundary");
        }
        String text = characters(body);
        String delimiter = "--" + boundary;
        List<BodyPart> parts = new ArrayList<>();
        int at = next(text, delimiter, 0);
        while (at >= 0 && !text.startsWith("--", at + delimiter.length())) {
            int begin = text.indexOf('\n', at + delimiter.length()) + 1;
            int end = begin == 0 ? -1 : next(text, delimiter, begin);
            if (end < 0 || parts.size() == PARTS_MAX) {
                throw new MalformedMessageException(
                        "a multipart body has no end, or more than " + PARTS_MAX + " parts");
            }
            parts.add(part(text.substring(begin, withoutLineEnd(text, begin, end))));
            at = end;
        }
        if (parts.isEmpty()) {
            throw new MalformedMessageException("a multipart body has no part");
        }
        return List.copyOf(parts);
    }

    /** Where a line begins with the delimiter; negative when none does. */
    private static int next(String text, String delimiter, int from) {
        int at = text.indexOf(delimiter, from);
        while (at > 0 && text.charAt(at - 1) != '\n') {
            at = text.indexOf(delimiter, at + 1);
        }
        return at;
    }

    /** The line end before a delimiter belongs to the delimiter. */
    private static int withoutLineEnd(String text, int begin, int end) {
        int last = end > begin && text.charAt(end - 1) == '\n' ? end - 1 : end;
        return last > begin && text.charAt(last - 1) == '\r' ? last - 1 : last;
    }

    private static BodyPart part(String text) throws MalformedMessageException {
        String contentType = "text/plain";
        @Nullable String disposition = null;
        int at = 0;
        while (true) {
            int lineEnd = text.indexOf('\n', at);
            if (lineEnd < 0) {
                throw new MalformedMessageException("a part of a body has no empty line before its content");
            }
            String line = text.substring(at, lineEnd).strip();
            at = lineEnd + 1;
            if (line.isEmpty()) {
                return new BodyPart(contentType, disposition, text.substring(at).getBytes(StandardCharsets.ISO_8859_1));
            }
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon).strip();
            if (name.equalsIgnoreCase("Content-Type")) {
                contentType = line.substring(colon + 1).strip();
            } else if (name.equalsIgnoreCase("Content-Disposition")) {
                disposition = line.substring(colon + 1).strip();
            }
        }
    }
}
