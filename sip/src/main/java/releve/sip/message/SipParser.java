package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
    /** The largest body, bytes. */
    public static final int BODY_BYTES_MAX = 16 * 1024;

    private final byte[] in;
    private final int end;
    private int at;
    private int lineEnd;

    private SipParser(byte[] in, int from, int end) {
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /**
     * Parses the bytes {@code [offset, offset + length)}; the array may be reused afterwards.
     *
     * @throws MalformedMessageException when the bytes are no SIP/2.0 message within the limits
     */
    public static SipMessage parse(byte[] bytes, int offset, int length) throws MalformedMessageException {
        if (length > DATAGRAM_BYTES_MAX) {
            throw new MalformedMessageException("the datagram is too large");
        }
        return new SipParser(bytes, offset, offset + length).message();
    }

    private SipMessage message() throws MalformedMessageException {
        while (at < end && (in[at] == '\r' || in[at] == '\n')) {
            at++;
        }
        nextLine();
        int startFrom = at;
        int startTo = lineEnd;
        afterLine();
        Headers headers = headers();
        checkAddresses(headers);
        byte[] body = body(headers);
        if (startTo - startFrom > 8 && startsWithVersion(startFrom) && in[startFrom + 7] == ' ') {
            return response(startFrom + 8, startTo, headers, body);
        }
        return request(startFrom, startTo, headers, body);
    }

    /** Finds the end of the line that starts at {@link #at}; a CR must be followed by LF. */
    private void nextLine() throws MalformedMessageException {
        int limit = Math.min(end, at + HEADER_BYTES_MAX + 2);
        for (int i = at; i < limit; i++) {
            if (in[i] == '\n') {
                lineEnd = i > at && in[i - 1] == '\r' ? i - 1 : i;
                return;
            }
        }
        throw new MalformedMessageException(limit == end ? "the header section does not end" : "a line is too long");
    }

    private void afterLine() {
        at = in[lineEnd] == '\r' ? lineEnd + 2 : lineEnd + 1;
    }

    private Headers headers() throws MalformedMessageException {
        Headers.Builder headers = new Headers.Builder();
        int count = 0;
        while (true) {
            nextLine();
            if (lineEnd == at) {
                afterLine();
                return headers.build();
            }
            if (++count > HEADERS_MAX) {
                throw new MalformedMessageException("there are too many header fields");
            }
            header(headers);
        }
    }

    private void header(Headers.Builder headers) throws MalformedMessageException {
        int from = at;
        int colon = from;
        while (colon < lineEnd && Cursor.isTokenChar(in[colon])) {
            colon++;
        }
        int nameEnd = colon;
        while (colon < lineEnd && (in[colon] == ' ' || in[colon] == '\t')) {
            colon++;
        }
        if (nameEnd == from || colon == lineEnd || in[colon] != ':') {
            throw new MalformedMessageException("a header field has no name");
        }
        String value = text(colon + 1, lineEnd);
        afterLine();
        if (at < end && (in[at] == ' ' || in[at] == '\t')) {
            value = unfold(value, from);
        }
        headers.put(HeaderName.canonical(in, from, nameEnd), value);
    }

    /** Joins continuation lines with one space each (RFC 3261 section 7.3.1). */
    private String unfold(String first, int from) throws MalformedMessageException {
        StringBuilder joined = new StringBuilder(first);
        while (at < end && (in[at] == ' ' || in[at] == '\t')) {
            nextLine();
            String more = text(at, lineEnd);
            if (!joined.isEmpty() && !more.isEmpty()) {
                joined.append(' ');
            }
            joined.append(more);
            afterLine();
            if (at - from > HEADER_BYTES_MAX) {
                throw new MalformedMessageException("a header field is too long");
            }
        }
        return joined.toString();
    }

    /** The trimmed text of a line's part. */
    private String text(int from, int to) throws MalformedMessageException {
        int a = from;
        int b = to;
        while (a < b && (in[a] == ' ' || in[a] == '\t')) {
            a++;
        }
        while (b > a && (in[b - 1] == ' ' || in[b - 1] == '\t')) {
            b--;
        }
        for (int i = a; i < b; i++) {
            if (in[i] == '\r') {
                throw new MalformedMessageException("a CR stands within a line");
            }
        }
        return new String(in, a, b - a, StandardCharsets.UTF_8);
    }

    private byte[] body(Headers headers) throws MalformedMessageException {
        int length = end - at;
        if (headers.count(HeaderName.CONTENT_LENGTH) > 1) {
            throw new MalformedMessageException("Content-Length is there twice");
        }
        String declared = headers.first(HeaderName.CONTENT_LENGTH);
        if (declared != null) {
            Cursor c = new Cursor(declared);
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
        return length == 0 ? SipMessage.NO_BODY : Arrays.copyOfRange(in, at, at + length);
    }

    private static void checkAddresses(Headers headers) throws MalformedMessageException {
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (isAddressList(name)
                    && !(name.equals(HeaderName.CONTACT) && headers.value(i).equals("*"))) {
                NameAddr.checkList(headers.value(i));
            } else if (name.equals(HeaderName.MAX_FORWARDS)) {
                Cursor c = new Cursor(headers.value(i));
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

    private boolean startsWithVersion(int from) {
        return (in[from] | 0x20) == 's'
                && (in[from + 1] | 0x20) == 'i'
                && (in[from + 2] | 0x20) == 'p'
                && in[from + 3] == '/'
                && in[from + 4] == '2'
                && in[from + 5] == '.'
                && in[from + 6] == '0';
    }

    private SipResponse response(int from, int to, Headers headers, byte[] body) throws MalformedMessageException {
        if (to - from < 3 || (to - from > 3 && in[from + 3] != ' ')) {
            throw new MalformedMessageException("the status is not three digits");
        }
        int status = 0;
        for (int i = from; i < from + 3; i++) {
            if (in[i] < '0' || in[i] > '9') {
                throw new MalformedMessageException("the status is not three digits");
            }
            status = status * 10 + (in[i] - '0');
        }
        if (status < 100 || status > 699) {
            throw new MalformedMessageException("the status is out of range");
        }
        return new SipResponse(status, text(from + 3, to), headers, body, true);
    }

    /** Method SP Request-URI SP SIP-Version, one space each and nothing after (RFC 3261 section 7.1). */
    private SipRequest request(int from, int to, Headers headers, byte[] body) throws MalformedMessageException {
        String line = new String(in, from, to - from, StandardCharsets.UTF_8);
        int first = line.indexOf(' ');
        int second = line.indexOf(' ', first + 1);
        if (first <= 0 || second < 0 || line.indexOf(' ', second + 1) >= 0) {
            throw new MalformedMessageException("the start line has not three parts");
        }
        String method = line.substring(0, first);
        String uri = line.substring(first + 1, second);
        if (!line.substring(second + 1).equalsIgnoreCase("SIP/2.0")) {
            throw new MalformedMessageException("the version is not SIP/2.0");
        }
        if (!Cursor.isToken(method)) {
            throw new MalformedMessageException("the method is no token");
        }
        SipUri.check(uri);
        if (SipUri.isSip(uri) && !SipUri.parse(uri).headers().isEmpty()) {
            throw new MalformedMessageException("the Request-URI carries headers");
        }
        return new SipRequest(Method.of(method), uri, headers, body, true);
    }
}
