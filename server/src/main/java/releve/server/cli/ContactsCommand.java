package releve.server.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import releve.core.campaign.Campaign;
import releve.server.contacts.ContactImport;
import releve.server.contacts.ContactList;
import releve.server.contacts.PhoneNumbers;
import releve.server.store.CampaignStore;
import releve.server.store.ContactImportStore;

/** Contact lists. */
@Command(
        name = "contacts",
        mixinStandardHelpOptions = true,
        description = "Brings contact lists into campaigns.",
        subcommands = ContactsCommand.Import.class,
        footer = {"", "Example:", "  releve contacts import spring.csv --campaign spring"})
public final class ContactsCommand extends CommandGroup {

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Imports a CSV file into a campaign.",
                "",
                "The first line names the columns, in any order: 'phone' and, if you have them, 'phone2' to 'phone10',"
                        + " 'name' and 'id' (your own key of the contact). Other columns are ignored. Comma, semicolon"
                        + " and tab are recognised as separators.",
                "",
                "A file that cannot be read to its end imports nothing. Rows with bad numbers and duplicates (the same"
                        + " phones or the same id, in the file or in the campaign) are left out and written, with line"
                        + " and reason, to FILE.rejected.csv, which can be mended and imported as it is. Importing a"
                        + " file again imports nothing twice.",
                "",
            },
            footer = {
                "",
                "Examples:",
                "  releve contacts import spring.csv --campaign spring",
                "  releve contacts import liste.csv --campaign printemps --region FR --encoding windows-1252",
            })
    static final class Import extends CommandOnStore {
        private static final long PROGRESS_EVERY_NANOS = 250_000_000;

        @Parameters(paramLabel = "FILE", description = "The list.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(names = "--campaign", paramLabel = "NAME", required = true, description = "Where the contacts go.")
        @SuppressWarnings("NullAway.Init")
        private String campaignName;

        @Option(
                names = "--region",
                paramLabel = "CC",
                defaultValue = "US",
                description = "The country of numbers without a country code (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private String region;

        @Option(
                names = "--encoding",
                paramLabel = "NAME",
                description = "What the file is in if it is not UTF-8, such as windows-1252.")
        private @Nullable Charset encoding;

        @Override
        protected int run(OpenStore store) throws IOException {
            CampaignStore campaigns = new CampaignStore(store.pool());
            Campaign campaign =
                    campaigns.find(campaignName).orElseThrow(() -> CampaignCommand.noCampaign(campaigns, campaignName));
            PhoneNumbers numbers = new PhoneNumbers(region.toUpperCase(Locale.ROOT));
            ContactList list = ContactList.open(file, encoding, numbers);
            if (!list.ignoredColumns().isEmpty()) {
                err().println("ignored, because these columns mean nothing here: "
                        + String.join(", ", list.ignoredColumns()));
                err().flush();
            }
            ContactImport.Outcome outcome = ContactImport.run(
                    list, file, campaign.id(), new ContactImportStore(store.address()), progress(list.rows()));
            print(
                    JsonOutput.object(
                            "campaign", campaignName,
                            "file", file.toString(),
                            "rows", outcome.rows(),
                            "imported", outcome.imported(),
                            "rejected", outcome.rejected(),
                            "duplicates", outcome.duplicates(),
                            "phonesLeftOut", outcome.phonesLeftOut(),
                            "rejectedFile",
                                    outcome.rejectedFile() == null
                                            ? null
                                            : outcome.rejectedFile().toString(),
                            "ignoredColumns", outcome.ignoredColumns()),
                    summary(outcome));
            return CommandLines.DONE;
        }

        private String summary(ContactImport.Outcome outcome) {
            StringBuilder text = new StringBuilder(written(
                    "%,d of %,d rows imported into campaign %s", outcome.imported(), outcome.rows(), campaignName));
            if (outcome.duplicates() > 0) {
                text.append(written(", %,d duplicates left out", outcome.duplicates()));
            }
            if (outcome.rejected() > 0) {
                text.append(written(", %,d rejected", outcome.rejected()));
            }
            if (outcome.phonesLeftOut() > 0) {
                text.append(written(", %,d bad further numbers left out", outcome.phonesLeftOut()));
            }
            text.append('.');
            if (outcome.rejectedFile() != null) {
                text.append(" Lines and reasons: ").append(outcome.rejectedFile());
            }
            return text.toString();
        }

        private static String written(String format, Object... values) {
            return String.format(Locale.ROOT, format, values);
        }

        /** A line that counts up, on a terminal only. */
        private LongConsumer progress(long rows) {
            if (json() || !Terminal.isTerminal()) {
                return done -> {};
            }
            long[] nextAtNanos = {System.nanoTime() + PROGRESS_EVERY_NANOS};
            return done -> {
                if (done % 256 == 0 && System.nanoTime() - nextAtNanos[0] > 0) {
                    nextAtNanos[0] = System.nanoTime() + PROGRESS_EVERY_NANOS;
                    Terminal.overwrite(err(), written("%,d of %,d rows (%d %%)", done, rows, done * 100 / rows));
                } else if (done == rows) {
                    Terminal.overwrite(err(), "");
                }
            };
        }
    }
}
