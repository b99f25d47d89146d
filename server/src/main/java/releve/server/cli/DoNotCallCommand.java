package releve.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import releve.server.contacts.PhoneNumbers;
import releve.server.store.DoNotCallStore;

/** The numbers that no campaign dials. */
@Command(
        name = "do-not-call",
        mixinStandardHelpOptions = true,
        description = {
            "Keeps the list of numbers that no campaign dials.",
            "",
            "The numbers of customers who opted out in an IVR, or of whom an agent said 'do not call', enter it by"
                    + " themselves. A contact one of whose phones is listed is closed, with the result 'do not call',"
                    + " when it comes up for dialing.",
            "",
        },
        subcommands = {
            DoNotCallCommand.Add.class,
            DoNotCallCommand.Remove.class,
            DoNotCallCommand.Check.class,
            DoNotCallCommand.Import.class,
            DoNotCallCommand.Export.class
        },
        footer = {"", "Example:", "  releve do-not-call add +12025550143"})
public final class DoNotCallCommand extends CommandGroup {

    private abstract static class WithRegion extends CommandOnStore {
        @Option(
                names = "--region",
                paramLabel = "CC",
                defaultValue = "US",
                description = "The country of numbers without a country code (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private String region;

        PhoneNumbers numbers() {
            return new PhoneNumbers(region.toUpperCase(Locale.ROOT));
        }
    }

    private abstract static class OfNumber extends WithRegion {
        @Parameters(paramLabel = "NUMBER", description = "The phone number.")
        @SuppressWarnings("NullAway.Init")
        private String number;

        String phone() {
            return switch (numbers().read(number)) {
                case PhoneNumbers.Good good -> good.e164();
                case PhoneNumbers.Bad bad -> throw new Refusal("'%s' %s.".formatted(number, bad.why()));
            };
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Lists a number.",
            footer = {"", "Example:", "  releve do-not-call add +12025550143"})
    static final class Add extends OfNumber {
        @Override
        protected int run(OpenStore store) {
            String phone = phone();
            boolean added = new DoNotCallStore(store.pool()).add(List.of(phone)) > 0;
            print(
                    JsonOutput.object("phone", phone, "added", added),
                    added ? phone + " will not be dialed." : phone + " was on the list already.");
            return CommandLines.DONE;
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Takes a number off the list; contacts that were closed for it stay closed.",
            footer = {"", "Example:", "  releve do-not-call remove +12025550143"})
    static final class Remove extends OfNumber {
        @Override
        protected int run(OpenStore store) {
            String phone = phone();
            if (!new DoNotCallStore(store.pool()).remove(phone)) {
                throw new Refusal(phone + " is not on the do-not-call list.");
            }
            print(JsonOutput.object("phone", phone, "removed", true), phone + " may be dialed again.");
            return CommandLines.DONE;
        }
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Says whether a number may be dialed, and if not, why.",
            footer = {"", "Example:", "  releve do-not-call check 202-555-0143"})
    static final class Check extends OfNumber {
        @Override
        protected int run(OpenStore store) {
            String phone = phone();
            Optional<DoNotCallStore.Entry> entry = new DoNotCallStore(store.pool()).find(phone);
            print(
                    JsonOutput.object(
                            "phone", phone,
                            "listed", entry.isPresent(),
                            "entry", entry.map(DoNotCallCommand::json).orElse(null)),
                    entry.map(DoNotCallCommand::why).orElse(phone + " is not on the do-not-call list."));
            return CommandLines.DONE;
        }
    }

    private static Map<String, @Nullable Object> json(DoNotCallStore.Entry entry) {
        return JsonOutput.object(
                "phone", entry.phone(),
                "source", entry.source(),
                "call", callOf(entry),
                "addedAt", entry.addedAt());
    }

    private static String callOf(DoNotCallStore.Entry entry) {
        return entry.attempt() == null ? "" : entry.attempt().toString();
    }

    private static String why(DoNotCallStore.Entry entry) {
        String how = switch (entry.source()) {
            case "AGENT" -> "its customer told an agent so in call " + entry.attempt();
            case "IVR" -> "its customer opted out in call " + entry.attempt();
            default -> "an operator listed it";
        };
        return "%s is not dialed: %s, %s.".formatted(entry.phone(), how, Times.dayAndClock(entry.addedAt()));
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Lists the numbers of a file in UTF-8, one a line; what follows a comma, semicolon or tab is ignored.",
                "",
                "A file with a line that is no number lists nothing.",
                "",
            },
            footer = {"", "Example:", "  releve do-not-call import screened.csv"})
    static final class Import extends WithRegion {
        private static final int AT_ONCE = 10_000;

        @Parameters(paramLabel = "FILE", description = "The list.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Override
        protected int run(OpenStore store) throws IOException {
            List<String> phones = read();
            DoNotCallStore list = new DoNotCallStore(store.pool());
            int added = 0;
            for (int from = 0; from < phones.size(); from += AT_ONCE) {
                added += list.add(phones.subList(from, Math.min(phones.size(), from + AT_ONCE)));
            }
            print(
                    JsonOutput.object("file", file.toString(), "numbers", phones.size(), "added", added),
                    String.format(
                            Locale.ROOT,
                            "%,d numbers read, %,d of them were not on the do-not-call list before.",
                            phones.size(),
                            added));
            return CommandLines.DONE;
        }

        private List<String> read() throws IOException {
            PhoneNumbers numbers = numbers();
            List<String> phones = new ArrayList<>();
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                int at = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    at++;
                    String number = line.split("[,;\t]", 2)[0].strip().replace("\"", "");
                    boolean header = at == 1 && number.equalsIgnoreCase("phone");
                    if (!number.isEmpty() && !header) {
                        phones.add(checked(numbers, number, at));
                    }
                }
            } catch (NoSuchFileException missing) {
                throw new Refusal("there is no file %s.".formatted(file));
            } catch (MalformedInputException wrong) {
                throw new Refusal("%s is not in UTF-8.".formatted(file));
            }
            return phones;
        }

        private String checked(PhoneNumbers numbers, String number, int line) {
            return switch (numbers.read(number)) {
                case PhoneNumbers.Good good -> good.e164();
                case PhoneNumbers.Bad bad ->
                    throw new Refusal(
                            "%s, line %d: '%s' %s; nothing was listed.".formatted(file, line, number, bad.why()));
            };
        }
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Prints the list as CSV: phone, source (LIST, AGENT, IVR), call, time.",
            footer = {"", "Example:", "  releve do-not-call export > do-not-call.csv"})
    static final class Export extends CommandOnStore {
        private static final int AT_ONCE = 10_000;

        @Override
        protected int run(OpenStore store) {
            DoNotCallStore list = new DoNotCallStore(store.pool());
            List<DoNotCallStore.Entry> page = list.page("", AT_ONCE);
            if (json()) {
                exportJson(list, page);
                return CommandLines.DONE;
            }
            out().println("phone,source,call,added");
            while (!page.isEmpty()) {
                for (DoNotCallStore.Entry entry : page) {
                    out().println(String.join(
                            ",",
                            entry.phone(),
                            entry.source(),
                            callOf(entry),
                            entry.addedAt().toString()));
                }
                page = list.page(page.getLast().phone(), AT_ONCE);
            }
            return CommandLines.DONE;
        }

        private void exportJson(DoNotCallStore list, List<DoNotCallStore.Entry> first) {
            List<Map<String, @Nullable Object>> all = new ArrayList<>();
            for (List<DoNotCallStore.Entry> page = first;
                    !page.isEmpty();
                    page = list.page(page.getLast().phone(), AT_ONCE)) {
                page.stream().map(DoNotCallCommand::json).forEach(all::add);
            }
            out().println(JsonOutput.of(all));
        }
    }
}
