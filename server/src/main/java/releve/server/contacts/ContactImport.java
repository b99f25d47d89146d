package releve.server.contacts;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import releve.core.common.CampaignId;
import releve.server.store.ContactImportStore;

/**
 * Brings a list into a campaign: good rows in one transaction, the others with line and reason into a file beside the
 * list, which can be mended and imported as it is. Memory is bounded, however long the list.
 */
public final class ContactImport {
    private static final String REJECTED_SUFFIX = ".rejected.csv";

    private final ContactList list;
    private final Path file;
    private final LongConsumer progress;
    private long good;
    private long rejected;
    private long phonesLeftOut;
    private long seen;
    private @Nullable CsvWriter rejects;

    private ContactImport(ContactList list, Path file, LongConsumer progress) {
        this.list = list;
        this.file = file;
        this.progress = progress;
    }

    /**
     * What came of it.
     *
     * @param rows below the header
     * @param imported new contacts
     * @param rejected rows that are no contact, or whose numbers are all bad
     * @param duplicates rows whose contact is already there, in the campaign or on an earlier line
     * @param phonesLeftOut bad further numbers of contacts that were imported
     * @param rejectedFile where each of these is told; null when there are none
     */
    public record Outcome(
            long rows,
            long imported,
            long rejected,
            long duplicates,
            long phonesLeftOut,
            @Nullable Path rejectedFile,
            List<String> ignoredColumns) {}

    /**
     * Imports a list.
     *
     * @param progress told how many rows are done, every now and then
     * @throws UnreadableList when it cannot be read to its end; then nothing was imported
     */
    public static Outcome run(
            ContactList list, Path file, CampaignId campaign, ContactImportStore store, LongConsumer progress)
            throws IOException {
        return new ContactImport(list, file, progress).run(campaign, store);
    }

    private Outcome run(CampaignId campaign, ContactImportStore store) throws IOException {
        Path unfinished = beside(REJECTED_SUFFIX + ".unfinished");
        try {
            long imported = bringIn(campaign, store, unfinished);
            long duplicates = good - imported;
            Path told = beside(REJECTED_SUFFIX);
            boolean anything = rejected + duplicates + phonesLeftOut > 0;
            if (anything) {
                Files.move(unfinished, told, StandardCopyOption.REPLACE_EXISTING);
            } else {
                // What an earlier import left there is no longer true.
                Files.deleteIfExists(told);
            }
            return new Outcome(
                    seen, imported, rejected, duplicates, phonesLeftOut, anything ? told : null, list.ignoredColumns());
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Writes good rows into the store and all others into the file; how many contacts are new. */
    private long bringIn(CampaignId campaign, ContactImportStore store, Path rejectedRows) throws IOException {
        try (ContactImportStore.Import incoming = store.begin(campaign);
                CsvWriter writer = CsvWriter.builder().build(rejectedRows, StandardCharsets.UTF_8)) {
            rejects = writer;
            List<String> header = new ArrayList<>(Columns.REJECTION);
            header.addAll(ownColumns(list.header(), list.header()));
            writer.writeRecord(header);
            list.forEach(new Rows(incoming));
            try (ContactList.Lines lines = list.lines()) {
                return incoming.finish(
                        each -> tell(each.line(), "duplicate: " + each.why(), lines.fieldsOf(each.line())));
            }
        }
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** Fields without the two columns that an earlier file of rejected rows put before the list's own. */
    private static List<String> ownColumns(List<String> header, List<String> fields) {
        List<String> own = new ArrayList<>();
        for (int column = 0; column < fields.size(); column++) {
            if (column >= header.size() || !Columns.REJECTION.contains(header.get(column))) {
                own.add(fields.get(column));
            }
        }
        return own;
    }

    private void tell(long line, String reason, List<String> fields) {
        List<String> row = new ArrayList<>(List.of(Long.toString(line), reason));
        row.addAll(ownColumns(list.header(), fields));
        java.util.Objects.requireNonNull(rejects).writeRecord(row);
    }

    private final class Rows implements ContactList.Reader {
        private final ContactImportStore.Import incoming;

        Rows(ContactImportStore.Import incoming) {
            this.incoming = incoming;
        }

        @Override
        public void good(ContactRow row) {
            good++;
            counted();
            incoming.add(row.line(), row.externalKey(), row.name(), row.phones());
        }

        @Override
        public void rejected(long line, String reason, List<String> fields) {
            rejected++;
            counted();
            tell(line, reason, fields);
        }

        @Override
        public void phoneLeftOut(long line, String reason, List<String> fields) {
            phonesLeftOut++;
            tell(line, reason + "; imported without it", fields);
        }

        private void counted() {
            seen++;
            progress.accept(seen);
        }
    }
}
