package releve.sip.transport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * SIP over WebSocket (RFC 7118 section 5, RFC 6455 section 5): one message of SIP in one message of WebSocket, text or
 * binary, in one frame or several. A client masks what it sends and a server does not; whoever breaks that, or any other
 * rule, is told a close code and loses its connection.
 */
final class WebSocketFraming implements Framing {
    /** The largest message, all its fragments together, bytes. */
    static final int MESSAGE_BYTES_MAX = 64 * 1024;

    static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int TOO_BIG = 1009;

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;
    private static final int CONTROL_BYTES_MAX = 125;
    private static final int FIRST_BYTES = 2 * 1024;
    private static final int KEPT_BYTES_MAX = 8 * 1024;
    private static final byte[] NONE = {};
    private static final byte[] KEEP_ALIVE = {'\r', '\n', '\r', '\n'};
    private static final byte[] KEEP_ALIVE_ANSWER = {'\r', '\n'};

    private final @Nullable RandomGenerator masks;
    private byte[] buffer = NONE;
    private int start;
    private int end;
    private byte[] fragments = NONE;
    private boolean fragmented;
    private boolean closed;

    /** @param masks what a client draws its masks from; null for a server */
    WebSocketFraming(@Nullable RandomGenerator masks) {
        this.masks = masks;
    }

    private boolean isClient() {
        return masks != null;
    }

    @Override
    public void arrived(ByteBuffer bytes, Sink sink) throws FramingException {
        append(bytes);
        while (!closed && next(sink)) {
            // each turn takes one frame
        }
        if (start == end) {
            start = 0;
            end = 0;
            if (buffer.length > KEPT_BYTES_MAX) {
                buffer = NONE;
            }
        }
    }

    private void append(ByteBuffer bytes) {
        int more = bytes.remaining();
        int held = end - start;
        if (end + more > buffer.length) {
            byte[] target = held + more <= buffer.length
                    ? buffer
                    : new byte[Math.max(FIRST_BYTES, Integer.highestOneBit(held + more) * 2)];
            System.arraycopy(buffer, start, target, 0, held);
            buffer = target;
            start = 0;
            end = held;
        }
        bytes.get(buffer, end, more);
        end += more;
    }

    private boolean next(Sink sink) throws FramingException {
        int held = end - start;
        if (held < 2) {
            return false;
        }
        int first = buffer[start] & 0xff;
        int second = buffer[start + 1] & 0xff;
        boolean masked = (second & 0x80) != 0;
        check((first & 0x70) == 0, "a reserved bit is set");
        check(masked != isClient(), masked ? "a server masks" : "a client does not mask");
        int lengthCode = second & 0x7f;
        int headerBytes = 2 + (lengthCode == 126 ? 2 : lengthCode == 127 ? 8 : 0) + (masked ? 4 : 0);
        if (held < headerBytes) {
            return false;
        }
        long length = payloadBytes(lengthCode);
        if (length > MESSAGE_BYTES_MAX) {
            throw new FramingException(TOO_BIG, "a frame is too large");
        }
        if (held < headerBytes + length) {
            return false;
        }
        int from = start + headerBytes;
        if (masked) {
            unmask(from, (int) length);
        }
        start = from + (int) length;
        frame((first & 0x80) != 0, first & 0xf, from, (int) length, sink);
        return true;
    }

    private static void check(boolean kept, String rule) throws FramingException {
        if (!kept) {
            throw new FramingException(PROTOCOL_ERROR, rule);
        }
    }

    private long payloadBytes(int lengthCode) {
        ByteBuffer view = ByteBuffer.wrap(buffer);
        return switch (lengthCode) {
            case 126 -> view.getShort(start + 2) & 0xffffL;
            case 127 -> view.getLong(start + 2) & Long.MAX_VALUE;
            default -> lengthCode;
        };
    }

    private void unmask(int from, int length) {
        for (int i = 0; i < length; i++) {
            buffer[from + i] ^= buffer[from - 4 + (i & 3)];
        }
    }

    private void frame(boolean last, int opcode, int from, int length, Sink sink) throws FramingException {
        switch (opcode) {
            case CONTINUATION -> {
                check(fragmented, "a continuation continues nothing");
                fragment(last, from, length, sink);
            }
            case TEXT, BINARY -> {
                check(!fragmented, "a message begins within another");
                if (last) {
                    message(buffer, from, length, sink);
                } else {
                    fragmented = true;
                    fragment(false, from, length, sink);
                }
            }
            case CLOSE, PING, PONG -> {
                check(last && length <= CONTROL_BYTES_MAX, "a control frame is fragmented or too long");
                control(opcode, from, length, sink);
            }
            default -> throw new FramingException(PROTOCOL_ERROR, "an opcode is unknown");
        }
    }

    private void fragment(boolean last, int from, int length, Sink sink) throws FramingException {
        if (fragments.length + length > MESSAGE_BYTES_MAX) {
            throw new FramingException(TOO_BIG, "a message is too large");
        }
        int before = fragments.length;
        fragments = Arrays.copyOf(fragments, before + length);
        System.arraycopy(buffer, from, fragments, before, length);
        if (last) {
            byte[] whole = fragments;
            fragments = NONE;
            fragmented = false;
            message(whole, 0, whole.length, sink);
        }
    }

    private void message(byte[] bytes, int from, int length, Sink sink) {
        if (Arrays.equals(bytes, from, from + length, KEEP_ALIVE, 0, KEEP_ALIVE.length)) {
            sink.reply(wrap(KEEP_ALIVE_ANSWER));
            sink.pinged();
        } else if (length > 0) {
            sink.message(bytes, from, length);
        }
    }

    private void control(int opcode, int from, int length, Sink sink) throws FramingException {
        switch (opcode) {
            case PING -> {
                sink.reply(write(PONG, Arrays.copyOfRange(buffer, from, from + length)));
                sink.pinged();
            }
            case PONG -> sink.pong();
            default -> {
                closed = true;
                throw new FramingException(NORMAL, "the peer said goodbye");
            }
        }
    }

    @Override
    public byte[] wrap(byte[] message) {
        return write(isText(message) ? TEXT : BINARY, message);
    }

    /** Whether the bytes may go as text: whole UTF-8 (RFC 6455 section 5.6). */
    private static boolean isText(byte[] message) {
        for (byte b : message) {
            if (b < 0) {
                try {
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message));
                    return true;
                } catch (CharacterCodingException _) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public byte[] ping() {
        return write(PING, NONE);
    }

    @Override
    public byte[] goodbye(int closeCode) {
        return write(CLOSE, new byte[] {(byte) (closeCode >> 8), (byte) closeCode});
    }

    private byte[] write(int opcode, byte[] payload) {
        int length = payload.length;
        ByteBuffer out = ByteBuffer.allocate(length + 14);
        out.put((byte) (0x80 | opcode));
        int maskBit = isClient() ? 0x80 : 0;
        if (length < 126) {
            out.put((byte) (maskBit | length));
        } else if (length <= 0xffff) {
            out.put((byte) (maskBit | 126)).putShort((short) length);
        } else {
            out.put((byte) (maskBit | 127)).putLong(length);
        }
        if (masks != null) {
            int mask = masks.nextInt();
            out.putInt(mask);
            for (int i = 0; i < length; i++) {
                out.put((byte) (payload[i] ^ (mask >> (24 - 8 * (i & 3)))));
            }
        } else {
            out.put(payload);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    @Override
    public boolean isIncomplete() {
        return end > start || fragmented;
    }
}
