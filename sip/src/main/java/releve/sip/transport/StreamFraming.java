package releve.sip.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import releve.sip.message.SipParser;

/**
 * SIP over a stream (RFC 3261 section 18.3): a header section, an empty line, and as many bytes as Content-Length says,
 * which is mandatory here. Between messages line ends are keep-alives: two ask for one (RFC 5626 section 4.4.1).
 */
final class StreamFraming implements Framing {
    /** The longest header section, bytes. */
    static final int HEADER_SECTION_BYTES_MAX = 32 * 1024;

    private static final int CLOSE_CODE = 1002;
    private static final int FIRST_BYTES = 2 * 1024;
    private static final int KEPT_BYTES_MAX = 8 * 1024;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] PING = {'\r', '\n', '\r', '\n'};
    private static final byte[] NONE = {};
    private static final byte[] LONG_NAME = "content-length".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SHORT_NAME = {'l'};
    private static final int UNKNOWN = -1;

    private byte[] buffer = NONE;
    private int start;
    private int end;
    /** Before this place no header section ends. */
    private int scanned;
    /** Where the body of the message at {@link #start} begins, once its header section is whole. */
    private int bodyAt = UNKNOWN;

    private int bodyBytes;
    private int lineEnds;

    @Override
    public void arrived(ByteBuffer bytes, Sink sink) throws FramingException {
        append(bytes);
        while (next(sink)) {
            // each turn takes one message
        }
        if (start == end) {
            start = 0;
            end = 0;
            scanned = 0;
            if (buffer.length > KEPT_BYTES_MAX) {
                buffer = NONE;
            }
        }
    }

    private void append(ByteBuffer bytes) {
        int more = bytes.remaining();
        if (end + more > buffer.length) {
            int held = end - start;
            byte[] target = held + more <= buffer.length
                    ? buffer
                    : new byte[Math.max(FIRST_BYTES, Integer.highestOneBit(held + more) * 2)];
            System.arraycopy(buffer, start, target, 0, held);
            scanned = Math.max(0, scanned - start);
            bodyAt = bodyAt == UNKNOWN ? UNKNOWN : bodyAt - start;
            buffer = target;
            start = 0;
            end = held;
        }
        bytes.get(buffer, end, more);
        end += more;
    }

    private boolean next(Sink sink) throws FramingException {
        if (bodyAt == UNKNOWN && !header(sink)) {
            return false;
        }
        if (end - bodyAt < bodyBytes) {
            return false;
        }
        int length = bodyAt + bodyBytes - start;
        int from = start;
        start += length;
        scanned = start;
        bodyAt = UNKNOWN;
        sink.message(buffer, from, length);
        return true;
    }

    /** Whether the header section of the next message is whole. */
    private boolean header(Sink sink) throws FramingException {
        if (scanned <= start) {
            skipLineEnds(sink);
        }
        int at = Math.max(start, scanned);
        for (; at < end; at++) {
            if (buffer[at] == '\n' && endsSection(at)) {
                break;
            }
        }
        if (at - start > HEADER_SECTION_BYTES_MAX) {
            throw new FramingException(CLOSE_CODE, "a header section is too long");
        }
        scanned = at;
        if (at == end) {
            return false;
        }
        bodyBytes = contentLength(start, at);
        bodyAt = at + 1;
        return true;
    }

    private void skipLineEnds(Sink sink) {
        while (start < end && (buffer[start] == '\r' || buffer[start] == '\n')) {
            if (buffer[start++] == '\n') {
                lineEnd(sink);
            }
        }
        if (start < end) {
            lineEnds = 0;
        }
    }

    private void lineEnd(Sink sink) {
        if (sink.awaitsPong()) {
            sink.pong();
        } else if (++lineEnds == 2) {
            lineEnds = 0;
            sink.reply(CRLF);
            sink.pinged();
        }
    }

    /** Whether the LF there is that of an empty line. */
    private boolean endsSection(int at) {
        int before = at - 1;
        if (before > start && buffer[before] == '\r') {
            before--;
        }
        return before > start && buffer[before] == '\n';
    }

    private int contentLength(int from, int to) throws FramingException {
        int found = UNKNOWN;
        int line = from;
        for (int at = from; at <= to; at++) {
            if (buffer[at] == '\n') {
                int value = lengthIn(line, at);
                if (value != UNKNOWN && found != UNKNOWN) {
                    throw new FramingException(CLOSE_CODE, "Content-Length is there twice");
                }
                found = value != UNKNOWN ? value : found;
                line = at + 1;
            }
        }
        if (found == UNKNOWN) {
            throw new FramingException(CLOSE_CODE, "Content-Length is missing");
        }
        return found;
    }

    /** The number in that line when it is a Content-Length, else {@link #UNKNOWN}. */
    private int lengthIn(int from, int to) throws FramingException {
        int at = afterName(from, to, LONG_NAME);
        at = at == UNKNOWN ? afterName(from, to, SHORT_NAME) : at;
        at = at == UNKNOWN ? UNKNOWN : skipSpace(at, to);
        if (at == UNKNOWN || buffer[at] != ':') {
            return UNKNOWN;
        }
        at = skipSpace(at + 1, to);
        int digits = at;
        int value = 0;
        while (at < to && buffer[at] >= '0' && buffer[at] <= '9') {
            value = value * 10 + (buffer[at++] - '0');
            if (value > SipParser.BODY_BYTES_MAX) {
                throw new FramingException(1009, "a body is too large");
            }
        }
        int valueEnd = at;
        at = skipSpace(at, to);
        if (valueEnd == digits || (at < to && buffer[at] != '\r')) {
            throw new FramingException(CLOSE_CODE, "Content-Length is no number");
        }
        return value;
    }

    private int afterName(int from, int to, byte[] name) {
        if (to - from <= name.length) {
            return UNKNOWN;
        }
        for (int i = 0; i < name.length; i++) {
            byte b = buffer[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != name[i]) {
                return UNKNOWN;
            }
        }
        return from + name.length;
    }

    private int skipSpace(int from, int to) {
        int at = from;
        while (at < to && (buffer[at] == ' ' || buffer[at] == '\t')) {
            at++;
        }
        return at;
    }

    @Override
    public byte[] wrap(byte[] message) {
        return message;
    }

    @Override
    public byte[] ping() {
        return Arrays.copyOf(PING, PING.length);
    }

    @Override
    public byte[] goodbye(int closeCode) {
        return NONE;
    }

    @Override
    public boolean isIncomplete() {
        return end > start;
    }
}
