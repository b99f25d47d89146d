package releve.sip.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * TLS between a connection's socket and its framing: records in, bytes out, and the other way. Its handshake's costly
 * tasks are given to somebody else and {@link #proceed} is called when they are done.
 */
final class TlsLayer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final Consumer<ByteBuffer> wire;
    private final Consumer<Runnable> tasks;
    private ByteBuffer held = NOTHING;
    private boolean tasksRun;
    private boolean established;

    /**
     * @param wire takes records to be sent; the buffer is its own
     * @param tasks runs costly tasks elsewhere, in order
     */
    TlsLayer(SSLEngine engine, Consumer<ByteBuffer> wire, Consumer<Runnable> tasks) {
        this.engine = engine;
        this.wire = wire;
        this.tasks = tasks;
    }

    /** What takes decrypted bytes. */
    interface Plain {
        void arrived(ByteBuffer bytes) throws FramingException;
    }

    void start() throws SSLException {
        engine.beginHandshake();
    }

    /** Whether the handshake is done, so that messages may pass. */
    boolean isEstablished() {
        return established;
    }

    /** Whether a record has begun and not ended. */
    boolean isIncomplete() {
        return held.hasRemaining();
    }

    SSLSession session() {
        return engine.getSession();
    }

    /** Takes records that came. @param scratch room for what is decrypted, of {@link #plainBytes()} at least */
    void arrived(ByteBuffer records, ByteBuffer scratch, Plain plain) throws SSLException, FramingException {
        if (held.hasRemaining()) {
            ByteBuffer joined = ByteBuffer.allocate(held.remaining() + records.remaining());
            joined.put(held).put(records).flip();
            held = joined;
        } else {
            held = records;
        }
        proceed(scratch, plain);
        if (held == records) {
            held = held.hasRemaining() ? ByteBuffer.wrap(rest(records)) : NOTHING;
        }
    }

    private static byte[] rest(ByteBuffer from) {
        byte[] rest = new byte[from.remaining()];
        from.get(rest);
        return rest;
    }

    /** Goes on as far as it can without more bytes. */
    void proceed(ByteBuffer scratch, Plain plain) throws SSLException, FramingException {
        while (!tasksRun) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    if (!wrap(NOTHING, scratch)) {
                        return;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
                    if (!unwrap(scratch, plain)) {
                        return;
                    }
                }
            }
        }
    }

    private void runTasks() throws SSLException {
        Runnable task = engine.getDelegatedTask();
        if (task == null) {
            throw new SSLException("the engine wants a task done and has none");
        }
        tasksRun = true;
        tasks.accept(() -> {
            for (Runnable next = task; next != null; next = engine.getDelegatedTask()) {
                next.run();
            }
        });
    }

    /** The tasks given away are done: to be called on the loop before {@link #proceed}. */
    void tasksDone() {
        tasksRun = false;
    }

    /** Whether there may be more to do. */
    private boolean unwrap(ByteBuffer scratch, Plain plain) throws SSLException, FramingException {
        scratch.clear();
        SSLEngineResult result = engine.unwrap(held, scratch);
        note(result.getHandshakeStatus());
        scratch.flip();
        if (scratch.hasRemaining()) {
            plain.arrived(scratch);
        }
        return switch (result.getStatus()) {
            case OK ->
                result.bytesConsumed() > 0
                        || result.getHandshakeStatus() == HandshakeStatus.NEED_TASK
                        || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            case BUFFER_UNDERFLOW -> false;
            case BUFFER_OVERFLOW -> throw new SSLException("a record is too large");
            case CLOSED -> throw new FramingException(WebSocketFraming.NORMAL, "the peer closed the connection");
        };
    }

    private void note(HandshakeStatus status) {
        if (status == HandshakeStatus.FINISHED) {
            established = true;
        }
    }

    /** Encrypts and sends. */
    void send(byte[] plain, ByteBuffer scratch) throws SSLException {
        ByteBuffer bytes = ByteBuffer.wrap(plain);
        while (bytes.hasRemaining() && wrap(bytes, scratch)) {
            // one record each turn
        }
    }

    private boolean wrap(ByteBuffer plain, ByteBuffer scratch) throws SSLException {
        scratch.clear();
        SSLEngineResult result = engine.wrap(plain, scratch);
        note(result.getHandshakeStatus());
        if (result.bytesProduced() > 0) {
            wire.accept(ByteBuffer.wrap(Arrays.copyOf(scratch.array(), scratch.position())));
        }
        return switch (result.getStatus()) {
            case OK -> true;
            case BUFFER_OVERFLOW -> throw new SSLException("a record is too large to be sent");
            case BUFFER_UNDERFLOW, CLOSED -> false;
        };
    }

    /** Says goodbye, as far as the engine still can. */
    void close(ByteBuffer scratch) {
        engine.closeOutbound();
        try {
            while (!engine.isOutboundDone() && wrap(NOTHING, scratch)) {
                // the alert
            }
        } catch (SSLException _) {
            // The peer will see the end of the stream instead.
        }
    }

    /** Room that one record needs at most, encrypted or not, bytes. */
    static final int RECORD_BYTES_MAX = 33 * 1024;
}
