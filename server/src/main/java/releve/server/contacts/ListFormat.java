package releve.server.contacts;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a list's bytes are to be read: found by looking at the file, never guessed where a guess could be wrong unseen.
 *
 * @param bomBytes length of the byte-order mark to skip
 * @param separator a comma, a semicolon or a tab
 */
record ListFormat(Charset charset, int bomBytes, char separator) {
    private static final int CHUNK_BYTES = 1 << 16;
    /** One field can hardly be longer; a quotation mark that is never closed would otherwise swallow the memory. */
    private static final int FIELD_CHARACTERS_MAX = 1 << 18;

    /**
     * Looks at the whole file's encoding and the first line's separator.
     *
     * @param declared the encoding that the caller says it has, for a file that is not UTF-8
     * @throws UnreadableList when it is not text, or not in that encoding, with the first bad line
     */
    static ListFormat of(Path file, @Nullable Charset declared) throws IOException {
        byte[] start = start(file);
        refuseBinary(start, file);
        ListFormat marked = byMark(start);
        ListFormat chosen;
        if (marked != null) {
            chosen = marked;
            refuse(file, chosen, firstBadLine(file, chosen));
        } else {
            chosen = new ListFormat(StandardCharsets.UTF_8, 0, ',');
            long badLine = firstBadLine(file, chosen);
            if (badLine > 0 && declared != null) {
                chosen = new ListFormat(declared, 0, ',');
                badLine = firstBadLine(file, chosen);
            }
            refuse(file, chosen, badLine);
        }
        return new ListFormat(chosen.charset, chosen.bomBytes, separator(file, chosen));
    }

    /** A reader that starts at the header. The caller closes it. */
    CsvReader<CsvRecord> open(Path file) throws IOException {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowUnclosedQuote(false)
                .allowExtraCharsAfterClosingQuote(true)
                .maxBufferSize(FIELD_CHARACTERS_MAX)
                .ofCsvRecord(characters(file));
    }

    private BufferedReader characters(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        try {
            bytes.skipNBytes(bomBytes);
            return new BufferedReader(new InputStreamReader(bytes, charset), CHUNK_BYTES);
        } catch (IOException failed) {
            bytes.close();
            throw failed;
        }
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return bytes.readNBytes(CHUNK_BYTES);
        }
    }

    private static void refuseBinary(byte[] start, Path file) {
        if (start.length == 0) {
            throw new UnreadableList(file + " is empty; nothing was imported");
        }
        if (start.length > 3 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4) {
            throw new UnreadableList(
                    file + " is a spreadsheet or an archive, not CSV: save the sheet as CSV; nothing was imported");
        }
        boolean wide = byMark(start) instanceof ListFormat marked && marked.charset != StandardCharsets.UTF_8;
        for (byte each : start) {
            if (each == 0 && !wide) {
                throw new UnreadableList(file + " is not text: it holds NUL bytes; nothing was imported");
            }
        }
    }

    private static @Nullable ListFormat byMark(byte[] start) {
        if (start.length >= 3 && start[0] == (byte) 0xEF && start[1] == (byte) 0xBB && start[2] == (byte) 0xBF) {
            return new ListFormat(StandardCharsets.UTF_8, 3, ',');
        }
        if (start.length >= 2 && start[0] == (byte) 0xFE && start[1] == (byte) 0xFF) {
            return new ListFormat(StandardCharsets.UTF_16BE, 2, ',');
        }
        if (start.length >= 2 && start[0] == (byte) 0xFF && start[1] == (byte) 0xFE) {
            return new ListFormat(StandardCharsets.UTF_16LE, 2, ',');
        }
        return null;
    }

    private static void refuse(Path file, ListFormat format, long badLine) {
        if (badLine > 0) {
            throw new UnreadableList(
                    "%s is not %s: line %d has bytes that mean nothing in it; name its encoding with --encoding, such as windows-1252; nothing was imported"
                            .formatted(file, format.charset.displayName(), badLine));
        }
    }

    /** The first line, from 1, that is not in the encoding; 0 when all are. */
    private static long firstBadLine(Path file, ListFormat format) throws IOException {
        CharsetDecoder decoder = format.charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES);
        CharBuffer characters = CharBuffer.allocate(CHUNK_BYTES);
        Lines lines = new Lines();
        try (InputStream input = Files.newInputStream(file)) {
            input.skipNBytes(format.bomBytes);
            boolean atEnd = false;
            while (!atEnd) {
                int read = input.read(bytes.array(), bytes.position(), bytes.remaining());
                atEnd = read < 0;
                bytes.position(bytes.position() + Math.max(read, 0)).flip();
                CoderResult result;
                do {
                    result = decoder.decode(bytes, characters, atEnd);
                    lines.count(characters.flip());
                    characters.clear();
                } while (result.isOverflow());
                if (result.isError()) {
                    return lines.ended + 1;
                }
                bytes.compact();
            }
        }
        return 0;
    }

    /** Counts line ends of all kinds: LF, CR LF and CR. */
    private static final class Lines {
        private long ended;
        private char last;

        void count(CharBuffer characters) {
            while (characters.hasRemaining()) {
                char next = characters.get();
                if (next == '\r' || (next == '\n' && last != '\r')) {
                    ended++;
                }
                last = next;
            }
        }
    }

    /** The separator that the first line has most of, outside quotation marks; a comma when it has none. */
    private static char separator(Path file, ListFormat format) throws IOException {
        String first;
        try (BufferedReader reader = format.characters(file)) {
            char[] start = new char[FIELD_CHARACTERS_MAX];
            int length = reader.read(start);
            first = length < 0
                    ? ""
                    : new String(start, 0, length)
                            .lines()
                            .filter(line -> !line.isBlank())
                            .findFirst()
                            .orElse("");
        }
        char best = ',';
        int most = 0;
        for (char candidate : new char[] {',', ';', '\t'}) {
            int count = 0;
            boolean quoted = false;
            for (char each : first.toCharArray()) {
                quoted ^= each == '"';
                count += !quoted && each == candidate ? 1 : 0;
            }
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }
}
