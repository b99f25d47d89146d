package releve.sim.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only file of facts, one JSON line each, written at least every 100 ms and at the end. What was written
 * survives the death of this process; a death in mid-write leaves a torn line, which the next run ends and readers skip.
 */
public final class Journal implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final long FLUSH_EVERY_MS = 100;
    /** Beyond this the one who adds a fact writes the buffer out himself. */
    private static final int BUFFER_BYTES_MAX = 256 * 1024;

    private static final DateTimeFormatter UTC_MS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonFactory json = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    private final InstantSource clock;
    private final FileChannel file;
    private final Object lock = new Object();
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER_BYTES_MAX + 4096);
    private final Thread flusher;
    private @Nullable IOException failure;
    private boolean closed;

    private Journal(FileChannel file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        flusher = Thread.ofPlatform().name("journal").daemon().unstarted(this::flushUntilClosed);
    }

    /**
     * Opens a journal for appending and makes it, with its directory, when it is not there.
     *
     * @throws IOException when the file cannot be written
     */
    public static Journal open(Path path, InstantSource clock) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            endTornLine(file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        Journal journal = new Journal(file, clock);
        journal.flusher.start();
        return journal;
    }

    private static void endTornLine(FileChannel file) throws IOException {
        long size = file.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        if (size > 0 && file.read(last, size - 1) == 1 && last.get(0) != '\n') {
            file.write(ByteBuffer.wrap(new byte[] {'\n'}), size);
        }
        file.position(file.size());
    }

    /** Adds a fact that happened now. After {@link #close()} it is dropped. */
    public void add(Fact fact) {
        synchronized (lock) {
            if (closed || failure != null) {
                return;
            }
            append(clock.instant(), fact);
            if (buffer.size() > BUFFER_BYTES_MAX) {
                writeOut();
            }
        }
    }

    /** Writes everything out now. */
    public void flush() {
        synchronized (lock) {
            writeOut();
        }
    }

    /** Why the file could not be written, or null: from then on facts are lost and the journal is no witness. */
    public @Nullable IOException failure() {
        synchronized (lock) {
            return failure;
        }
    }

    /** Writes the rest out and closes the file. @throws IOException when facts were lost */
    @Override
    public void close() throws IOException {
        synchronized (lock) {
            if (!closed) {
                writeOut();
                closed = true;
                lock.notifyAll();
                file.force(true);
                file.close();
            }
            if (failure != null) {
                throw new IOException("The journal is not complete: " + failure.getMessage(), failure);
            }
        }
    }

    private void flushUntilClosed() {
        synchronized (lock) {
            while (!closed) {
                writeOut();
                try {
                    lock.wait(FLUSH_EVERY_MS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void writeOut() {
        if (buffer.size() == 0 || failure != null || closed) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer.toByteArray());
        buffer.reset();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            failure = e;
            LOG.error("The journal cannot be written: {}", e.getMessage());
        }
    }

    private void append(Instant at, Fact fact) {
        try (JsonGenerator line = json.createGenerator(buffer)) {
            line.writeStartObject();
            line.writeStringField("at", UTC_MS.format(at));
            switch (fact) {
                case Fact.Invite invite -> {
                    head(line, "invite", fact);
                    line.writeStringField("to", invite.to());
                    line.writeStringField("from", invite.from());
                    line.writeStringField("source", invite.source());
                }
                case Fact.Ringing ringing -> {
                    head(line, "ringing", fact);
                    line.writeNumberField("status", ringing.status());
                }
                case Fact.Answered _ -> head(line, "answered", fact);
                case Fact.Reinvited _ -> head(line, "reinvited", fact);
                case Fact.Ended ended -> {
                    head(line, "ended", fact);
                    line.writeStringField("outcome", ended.outcome().word());
                    line.writeNumberField("status", ended.status());
                    line.writeStringField("endedBy", ended.endedBy().word());
                    line.writeNumberField("talkMs", ended.talkMs());
                }
            }
            line.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the target is memory
        }
        buffer.write('\n');
    }

    private static void head(JsonGenerator line, String name, Fact fact) throws IOException {
        line.writeStringField("fact", name);
        line.writeStringField("callId", fact.callId());
    }
}
