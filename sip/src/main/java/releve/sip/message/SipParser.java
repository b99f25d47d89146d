package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parses one datagram into a message (RFC 3261 sections 7, 18.3 and 25).
 *
 * <p>Tolerant where peers differ and nothing is lost: bare LF line ends, white space around colons and separators,
 * folding, compact forms, bytes after the body, an absent Content-Length. Strict where a guess could be wrong:
 * start lines, mandatory and repeated headers, numbers, quotes, brackets, a Content-Length beyond the datagram.
 * Every malformed input ends in {@link MalformedMessageException} and nothing else.
 */
public final class SipParser {
    /** The largest datagram, bytes. */
    public static final int DATAGRAM_BYTES_MAX = 65_535;
    /** The most header fields in a message. */
    public static final int HEADERS_MAX = 200;
    /** The longest header field, name and folds included, bytes. */
    public static final int HEADER_BYTES_MAX = 8 * 1024;
    /** Lines that a header section may have: folded fields have several. */
    private static final int LINES_MAX = 4 * HEADERS_MAX;

    private static final String VERSION = "SIP/2.0";

    /** The largest body, bytes. */
    public static final int BODY_BYTES_MAX = 16 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private final Cursor reader = new Cursor("");
    private final Headers.Builder fields = new Headers.Builder();
    private byte[] in = NOTHING;
    private int end;
    private int at;

    /** Parses one message; whoever has many keeps a parser for them. */
    public static SipMessage parse(byte[] bytes, int offset, int length) throws MalformedMessageException {
        return new SipParser().read(bytes, offset, length);
    }

    /**
     * Parses the bytes {@code [offset, offset + length)}; the array may be reused afterwards.
     *
     * @throws MalformedMessageException when the bytes are no SIP/2.0 message within the limits
     */
    public SipMessage read(byte[] bytes, int offset, int length) throws MalformedMessageException {
        if (length > DATAGRAM_BYTES_MAX) {
            throw new MalformedMessageException("the datagram is too large");
        }
        in = bytes;
        at = offset;
        end = offset + length;
        try {
            return message();
        } finally {
            in = NOTHING;
            reader.to("", 0, 0);
            fields.clear();
        }
    }

    /** The start line and the header section become one text, in which the values stay until they are read. */
    private SipMessage message() throws MalformedMessageException {
        while (at < end && (in[at] == '\r' || in[at] == '\n')) {
            at++;
        }
        int from = at;
        int lines = findBody();
        String text = new String(in, from, at - from, StandardCharsets.UTF_8);
        int lineFeed = text.indexOf('\n');
        int startTo = lineEnd(text, lineFeed);
        Headers headers = headers(text, lineFeed + 1, lines - 1);
        checkAddresses(headers);
        int length = bodyLength(headers);
        String sdp = length > 0 && isDescription(headers) ? description(length) : null;
        byte[] body = length == 0 || sdp != null ? null : Arrays.copyOfRange(in, at, at + length);
        if (startTo > 8 && text.regionMatches(true, 0, VERSION, 0, VERSION.length()) && text.charAt(7) == ' ') {
            return response(text, 8, startTo, headers, body, sdp);
        }
        return request(text.substring(0, startTo), headers, body, sdp);
    }

    /** Goes to the first byte of the body, minding the limits. @return the number of lines before the empty one */
    private int findBody() throws MalformedMessageException {
        int lines = 0;
        int lineFrom = at;
        int fieldFrom = at;
        for (int i = at; i < end; i++) {
            if (in[i] == '\n') {
                int lineTo = i > lineFrom && in[i - 1] == '\r' ? i - 1 : i;
                if (lineTo == lineFrom) {
                    at = i + 1;
                    return lines;
                }
                boolean continues = lines > 1 && Cursor.isSpace(in[lineFrom]);
                fieldFrom = continues ? fieldFrom : lineFrom;
                if (lineTo - fieldFrom > HEADER_BYTES_MAX) {
                    throw new MalformedMessageException(
                            continues ? "a header field is too long" : "a line is too long");
                }
                lines++;
                lineFrom = i + 1;
            } else if (in[i] == '\r' && (i + 1 == end || in[i + 1] != '\n')) {
                throw new MalformedMessageException("a CR stands within a line");
            } else if (i - lineFrom > HEADER_BYTES_MAX) {
                throw new MalformedMessageException("a line is too long");
            }
        }
        throw new MalformedMessageException("the header section does not end");
    }

    /** Where the line that this line feed ends has its last character. */
    private static int lineEnd(String text, int lineFeed) {
        return lineFeed > 0 && text.charAt(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
    }

    /** @param lines how many there are before the empty one, continuation lines among them */
    private Headers headers(String text, int from, int lines) throws MalformedMessageException {
        if (lines > LINES_MAX) {
            throw new MalformedMessageException("there are too many header fields");
        }
        fields.begin(text);
        int count = 0;
        int lineFrom = from;
        for (int left = lines; left > 0; left--) {
            int lineFeed = text.indexOf('\n', lineFrom);
            int lineTo = lineEnd(text, lineFeed);
            int colon = lineFrom;
            while (colon < lineTo && Cursor.isTokenChar(text.charAt(colon))) {
                colon++;
            }
            int nameTo = colon;
            while (colon < lineTo && Cursor.isSpace(text.charAt(colon))) {
                colon++;
            }
            if (nameTo == lineFrom || colon == lineTo || text.charAt(colon) != ':') {
                throw new MalformedMessageException("a header field has no name");
            }
            if (++count > HEADERS_MAX) {
                throw new MalformedMessageException("there are too many header fields");
            }
            String name = HeaderName.canonical(text, lineFrom, nameTo);
            int folds = folds(text, lineFeed + 1, left - 1);
            if (folds == 0) {
                int valueFrom = skipSpace(text, colon + 1, lineTo);
                fields.put(name, valueFrom, trimSpace(text, valueFrom, lineTo));
            } else {
                fields.put(name, unfold(text, colon + 1, folds));
                left -= folds;
                for (int i = 0; i < folds; i++) {
                    lineFeed = text.indexOf('\n', lineFeed + 1);
                }
            }
            lineFrom = lineFeed + 1;
        }
        return fields.copy();
    }

    /** How many continuation lines begin there, of so many lines that are left. */
    private static int folds(String text, int from, int left) {
        int folds = 0;
        int lineFrom = from;
        while (folds < left && Cursor.isSpace(text.charAt(lineFrom))) {
            folds++;
            lineFrom = text.indexOf('\n', lineFrom) + 1;
        }
        return folds;
    }

    /** Joins continuation lines with one space each (RFC 3261 section 7.3.1). */
    private static String unfold(String text, int from, int folds) {
        StringBuilder joined = new StringBuilder();
        int lineFrom = from;
        for (int i = 0; i <= folds; i++) {
            int lineFeed = text.indexOf('\n', lineFrom);
            int lineTo = lineEnd(text, lineFeed);
            int valueFrom = skipSpace(text, lineFrom, lineTo);
            int valueTo = trimSpace(text, valueFrom, lineTo);
            if (!joined.isEmpty() && valueTo > valueFrom) {
                joined.append(' ');
            }
            joined.append(text, valueFrom, valueTo);
            lineFrom = lineFeed + 1;
        }
        return joined.toString();
    }

    private static int skipSpace(String text, int from, int to) {
        int first = from;
        while (first < to && Cursor.isSpace(text.charAt(first))) {
            first++;
        }
        return first;
    }

    private static int trimSpace(String text, int from, int to) {
        int last = to;
        while (last > from && Cursor.isSpace(text.charAt(last - 1))) {
            last--;
        }
        return last;
    }

    private int bodyLength(Headers headers) throws MalformedMessageException {
        int length = end - at;
        if (headers.count(HeaderName.CONTENT_LENGTH) > 1) {
            throw new MalformedMessageException("Content-Length is there twice");
        }
        int declared = headers.indexOf(HeaderName.CONTENT_LENGTH);
        if (declared >= 0) {
            Cursor c = headers.read(reader, declared);
            long n = c.number(DATAGRAM_BYTES_MAX, "Content-Length");
            c.expectEnd("Content-Length");
            if (n > length) {
                throw new MalformedMessageException("Content-Length goes beyond the datagram");
            }
            length = (int) n;
        }
        if (length > BODY_BYTES_MAX) {
            throw new MalformedMessageException("the body is too large");
        }
        return length;
    }

    private boolean isDescription(Headers headers) {
        int type = headers.indexOf(HeaderName.CONTENT_TYPE);
        if (type < 0) {
            return false;
        }
        Cursor c = headers.read(reader, type);
        boolean starts = c.text.regionMatches(true, c.at, SipMessage.SDP, 0, SipMessage.SDP.length());
        int after = c.at + SipMessage.SDP.length();
        return starts && (after == c.end || c.text.charAt(after) == ';');
    }

    /** The body as the text it is, which need not be kept as bytes; null when it is no UTF-8 and has to stay as it came. */
    private @Nullable String description(int length) {
        String text = new String(in, at, length, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') >= 0 ? null : text;
    }

    private void checkAddresses(Headers headers) throws MalformedMessageException {
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (isAddressList(name)) {
                Cursor c = headers.read(reader, i);
                boolean star = c.peek() == '*' && c.end - c.at == 1;
                if (!star || !name.equals(HeaderName.CONTACT)) {
                    NameAddr.checkList(c);
                }
            } else if (name.equals(HeaderName.MAX_FORWARDS)) {
                Cursor c = headers.read(reader, i);
                c.number(255, "Max-Forwards");
                c.expectEnd("Max-Forwards");
            }
        }
        if (headers.count(HeaderName.MAX_FORWARDS) > 1 || headers.count(HeaderName.CONTENT_TYPE) > 1) {
            throw new MalformedMessageException("a header field is there twice");
        }
    }

    private static boolean isAddressList(String name) {
        return name.equals(HeaderName.CONTACT) || name.equals(HeaderName.RECORD_ROUTE) || name.equals(HeaderName.ROUTE);
    }

    private SipResponse response(
            String text, int from, int to, Headers headers, byte @Nullable [] body, @Nullable String sdp)
            throws MalformedMessageException {
        if (to - from < 3 || (to - from > 3 && text.charAt(from + 3) != ' ')) {
            throw new MalformedMessageException("the status is not three digits");
        }
        int status = 0;
        for (int i = from; i < from + 3; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw new MalformedMessageException("the status is not three digits");
            }
            status = status * 10 + (c - '0');
        }
        if (status < 100 || status > 699) {
            throw new MalformedMessageException("the status is out of range");
        }
        int phraseFrom = skipSpace(text, from + 3, to);
        int phraseTo = trimSpace(text, phraseFrom, to);
        String usual = Status.phrase(status);
        boolean isUsual = usual.length() == phraseTo - phraseFrom && text.startsWith(usual, phraseFrom);
        String phrase = isUsual ? usual : text.substring(phraseFrom, phraseTo);
        return new SipResponse(status, phrase, headers, body, sdp, reader);
    }

    /** Method SP Request-URI SP SIP-Version, one space each and nothing after (RFC 3261 section 7.1). */
    private SipRequest request(String line, Headers headers, byte @Nullable [] body, @Nullable String sdp)
            throws MalformedMessageException {
        int first = line.indexOf(' ');
        int second = line.indexOf(' ', first + 1);
        if (first <= 0 || second < 0 || line.indexOf(' ', second + 1) >= 0) {
            throw new MalformedMessageException("the start line has not three parts");
        }
        String method = line.substring(0, first);
        String uri = line.substring(first + 1, second);
        if (!line.substring(second + 1).equalsIgnoreCase(VERSION)) {
            throw new MalformedMessageException("the version is not SIP/2.0");
        }
        if (!Cursor.isToken(method)) {
            throw new MalformedMessageException("the method is no token");
        }
        SipUri.check(uri);
        if (SipUri.isSip(uri) && !SipUri.parse(uri).headers().isEmpty()) {
            throw new MalformedMessageException("the Request-URI carries headers");
        }
        return new SipRequest(Method.of(method), uri, headers, body, sdp, reader);
    }
}
