package releve.server.contacts;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A contact list in a CSV file. {@link #open} reads the whole file once to see that it can be read to its end, so that
 * an unreadable file imports nothing; {@link #forEach} reads it again, row by row, in bounded memory.
 */
public final class ContactList {
    /** A row that spans more lines than this holds a quotation mark that was not meant as one. */
    private static final long ROW_LINES_MAX = 20;

    private static final int NAME_LENGTH_MAX = 200;
    private static final int KEY_LENGTH_MAX = 200;

    private final Path file;
    private final ListFormat format;
    private final Columns columns;
    private final PhoneNumbers numbers;
    private final long rows;

    private ContactList(Path file, ListFormat format, Columns columns, PhoneNumbers numbers, long rows) {
        this.file = file;
        this.format = format;
        this.columns = columns;
        this.numbers = numbers;
        this.rows = rows;
    }

    /** Takes the rows of a list in their order. */
    public interface Reader {
        void good(ContactRow row);

        /** The row is not imported. */
        void rejected(long line, String reason, List<String> fields);

        /** The contact is imported, without one of its phones. */
        void phoneLeftOut(long line, String reason, List<String> fields);
    }

    /**
     * Looks at a file.
     *
     * @param encoding what a file that is not UTF-8 is in; null when nobody said
     * @throws UnreadableList when it cannot be imported, with the reason
     */
    public static ContactList open(Path file, @Nullable Charset encoding, PhoneNumbers numbers) {
        if (!Files.isRegularFile(file)) {
            throw new UnreadableList(
                    Files.exists(file) ? file + " is not a file" : "there is no file " + file + "; check its name");
        }
        try {
            ListFormat format = ListFormat.of(file, encoding);
            return survey(file, format, numbers);
        } catch (IOException | UncheckedIOException failed) {
            throw unreadable(file, failed);
        }
    }

    private static ContactList survey(Path file, ListFormat format, PhoneNumbers numbers) throws IOException {
        try (CsvReader<CsvRecord> reader = format.open(file)) {
            Iterator<CsvRecord> records = reader.iterator();
            if (!records.hasNext()) {
                throw new UnreadableList(file + " has no line that names its columns; nothing was imported");
            }
            Columns columns = Columns.of(stripped(records.next().getFields()), file.toString());
            long rows = 0;
            while (records.hasNext()) {
                CsvRecord row = records.next();
                if (row.getFields().stream().mapToLong(ContactList::lineEnds).sum() > ROW_LINES_MAX) {
                    throw new UnreadableList(
                            "%s has a quotation mark in line %d that is not closed in the next %d lines; nothing was imported"
                                    .formatted(file, row.getStartingLineNumber(), ROW_LINES_MAX));
                }
                rows++;
            }
            return new ContactList(file, format, columns, numbers, rows);
        } catch (CsvParseException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new UnreadableList(
                    "%s cannot be read as CSV: %s; nothing was imported".formatted(file, lowered(cause)), failed);
        }
    }

    /** Names of columns that mean nothing here. */
    public List<String> ignoredColumns() {
        return columns.ignored();
    }

    /** The header as the file has it. */
    public List<String> header() {
        return columns.header();
    }

    /** How many rows there are below the header. */
    public long rows() {
        return rows;
    }

    /**
     * Hands out every row.
     *
     * @throws UnreadableList when the file has changed since it was looked at, or cannot be read any more
     */
    public void forEach(Reader reader) {
        try (Lines lines = lines()) {
            while (lines.records.hasNext()) {
                row(lines.records.next(), reader);
            }
        } catch (CsvParseException | UncheckedIOException failed) {
            throw unreadable(file, failed);
        }
    }

    /** Opens the list anew, below its header. */
    Lines lines() {
        try {
            Lines lines = new Lines(format.open(file));
            if (!lines.records.hasNext()
                    || !stripped(lines.records.next().getFields()).equals(columns.header())) {
                lines.close();
                throw new UnreadableList(file + " changed while it was imported; import it again");
            }
            return lines;
        } catch (CsvParseException | IOException failed) {
            throw unreadable(file, failed);
        }
    }

    /** A walk through the rows as they are in the file, forwards only. */
    final class Lines implements AutoCloseable {
        private final CsvReader<CsvRecord> csv;
        private final Iterator<CsvRecord> records;

        private Lines(CsvReader<CsvRecord> csv) {
            this.csv = csv;
            this.records = csv.iterator();
        }

        /** The row that begins in that line, which is beyond those asked for before. */
        List<String> fieldsOf(long line) {
            while (records.hasNext()) {
                CsvRecord row = records.next();
                if (row.getStartingLineNumber() == line) {
                    return row.getFields();
                }
            }
            throw new UnreadableList(file + " changed while it was imported; import it again");
        }

        @Override
        public void close() {
            try {
                csv.close();
            } catch (IOException failed) {
                throw unreadable(file, failed);
            }
        }
    }

    private void row(CsvRecord row, Reader reader) {
        long line = row.getStartingLineNumber();
        if (row.getFieldCount() > columns.header().size()) {
            String reason = "has %d fields where the header names %d columns"
                    .formatted(row.getFieldCount(), columns.header().size());
            reader.rejected(line, reason, row.getFields());
            return;
        }
        String name = field(row, columns.name());
        String key = field(row, columns.externalKey());
        String reason = unfit("the name", name, NAME_LENGTH_MAX);
        if (reason == null) {
            reason = unfit("the id", key, KEY_LENGTH_MAX);
        }
        if (reason != null) {
            reader.rejected(line, reason, row.getFields());
            return;
        }
        Set<String> phones = new LinkedHashSet<>();
        List<String> bad = new ArrayList<>();
        for (int column : columns.phones()) {
            phone(row, column, phones, bad);
        }
        if (phones.isEmpty()) {
            reader.rejected(line, bad.isEmpty() ? "no phone number" : String.join("; ", bad), row.getFields());
            return;
        }
        for (String each : bad) {
            reader.phoneLeftOut(line, each, row.getFields());
        }
        reader.good(new ContactRow(line, key.isEmpty() ? null : key, name, List.copyOf(phones)));
    }

    private void phone(CsvRecord row, int column, Set<String> phones, List<String> bad) {
        String written = field(row, OptionalInt.of(column));
        if (written.isEmpty()) {
            return;
        }
        switch (numbers.read(written)) {
            case PhoneNumbers.Good good -> phones.add(good.e164());
            case PhoneNumbers.Bad problem ->
                bad.add("%s '%s' %s".formatted(columns.header().get(column), shortened(written), problem.why()));
        }
    }

    private static String field(CsvRecord row, OptionalInt column) {
        return column.isPresent() && column.getAsInt() < row.getFieldCount()
                ? row.getField(column.getAsInt()).strip()
                : "";
    }

    private static @Nullable String unfit(String what, String value, int lengthMax) {
        if (value.length() > lengthMax) {
            return what + " is longer than " + lengthMax + " characters";
        }
        return value.chars().anyMatch(Character::isISOControl) ? what + " holds control characters" : null;
    }

    private static List<String> stripped(List<String> fields) {
        return fields.stream().map(String::strip).toList();
    }

    private static long lineEnds(String field) {
        return field.chars().filter(each -> each == '\n').count();
    }

    private static String shortened(String written) {
        return written.length() > 40 ? written.substring(0, 40) + "…" : written;
    }

    private static String lowered(Throwable failed) {
        String message = String.valueOf(failed.getMessage());
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static UnreadableList unreadable(Path file, Exception failed) {
        return new UnreadableList(
                "%s cannot be read: %s; nothing was imported".formatted(file, failed.getMessage()), failed);
    }
}
