package releve.server.contacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContactListTest {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    @TempDir
    private Path folder;

    private record Rejected(long line, String reason, List<String> fields) {}

    /** Keeps what a list hands out. */
    private static final class Kept implements ContactList.Reader {
        final List<ContactRow> good = new ArrayList<>();
        final List<Rejected> rejected = new ArrayList<>();
        final List<Rejected> leftOut = new ArrayList<>();

        @Override
        public void good(ContactRow row) {
            good.add(row);
        }

        @Override
        public void rejected(long line, String reason, List<String> fields) {
            rejected.add(new Rejected(line, reason, fields));
        }

        @Override
        public void phoneLeftOut(long line, String reason, List<String> fields) {
            leftOut.add(new Rejected(line, reason, fields));
        }
    }

    @Test
    void shouldFindColumnsByTheirNamesInAnyOrder() throws Exception {
        Kept kept = read("Phone 2,Full-Name,PHONE,ID\n+442079460001,Ann Other,+12025550143,k1\n");

        assertThat(kept.good)
                .containsExactly(new ContactRow(2, "k1", "Ann Other", List.of("+12025550143", "+442079460001")));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void shouldFindTheSeparator(String separator) throws Exception {
        Kept kept = read("name%sphone\n\"Last, First; x\"%s+12025550143\n".replace("%s", separator));

        assertThat(kept.good).containsExactly(new ContactRow(2, null, "Last, First; x", List.of("+12025550143")));
    }

    @Test
    void shouldNameTheColumnsThatMeanNothing() throws Exception {
        ContactList list = open(file("phone,shoe size,phone11\n+12025550143,43,x\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(list.ignoredColumns()).containsExactly("shoe size", "phone11");
    }

    @Test
    void shouldRefuseAListWithoutAPhoneColumn() {
        assertUnreadable("name,shoe size\nAnn,43\n", "no phone column", "name, shoe size", "nothing was imported");
    }

    @Test
    void shouldRefuseTwoColumnsForTheSameThing() {
        assertUnreadable("phone,name,Phone1\n1,2,3\n", "two columns for the same thing", "'phone'", "'Phone1'");
    }

    @Test
    void shouldRefuseAnEmptyFileASpreadsheetAndAMissingFile() {
        assertUnreadable("", "is empty");
        assertUnreadable("PK\u0003\u0004rest", "spreadsheet");
        assertUnreadable("phone\n\u0000\n", "NUL");
        assertThatThrownBy(() -> open(folder.resolve("none.csv")))
                .isInstanceOf(UnreadableList.class)
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(UnreadableList.class)
                .hasMessageContaining("not a file");
    }

    @Test
    void shouldNameTheFirstLineThatIsNotUtf8() throws Exception {
        StringBuilder text = new StringBuilder("name,phone\r\n");
        text.append("Anné,+12025550143\r\n".repeat(20_000));
        byte[] good = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] bad = "Zoë,+12025550144\r\n".getBytes(WINDOWS);
        byte[] all = new byte[good.length + bad.length];
        System.arraycopy(good, 0, all, 0, good.length);
        System.arraycopy(bad, 0, all, good.length, bad.length);
        Path file = file(all);

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(UnreadableList.class)
                .hasMessageContaining("line 20002")
                .hasMessageContaining("--encoding")
                .hasMessageContaining("nothing was imported");
    }

    @Test
    void shouldReadTheDeclaredEncodingOnlyWhenTheFileIsNotUtf8() throws Exception {
        Path windows = file("name,phone\nZoë,+12025550144\n".getBytes(WINDOWS));
        Path unicode = file("name,phone\nZoë,+12025550144\n".getBytes(StandardCharsets.UTF_8));

        for (Path file : List.of(windows, unicode)) {
            Kept kept = new Kept();
            ContactList.open(file, WINDOWS, new PhoneNumbers("US")).forEach(kept);
            assertThat(kept.good).singleElement().extracting(ContactRow::name).isEqualTo("Zoë");
        }
    }

    @Test
    void shouldReadByteOrderMarks() throws Exception {
        String text = "\uFEFFphone,name\n+12025550143,Zoë\n";

        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Kept kept = new Kept();
            open(file(text.getBytes(charset))).forEach(kept);
            assertThat(kept.good)
                    .as(charset.name())
                    .containsExactly(new ContactRow(2, null, "Zoë", List.of("+12025550143")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1 202-555-0143",
                "(202) 555-0143",
                "2025550143",
                "1-202-555-0143",
                "+44 7700 900123",
                "+44 20 7946 0001",
                "011 44 7700 900123",
                "+33 1 99 00 12 34",
                "tel:+1-202-555-0143"
            })
    void shouldTakeNumbersAsPeopleWriteThemAndThoseReservedForFiction(String written) {
        assertThat(new PhoneNumbers("US").read(written))
                .isInstanceOfSatisfying(
                        PhoneNumbers.Good.class, good -> assertThat(good.e164()).matches("\\+[1-9]\\d{7,14}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "555-0143",
                "+1 202 555",
                "123",
                "n/a",
                "+999 12345678",
                "+1 202 555 0143 99",
                "2025550143 x12",
                "-"
            })
    void shouldSayWhatIsWrongWithANumber(String written) throws Exception {
        Kept kept = read("phone,name\n\"" + written + "\",Ann\n");

        assertThat(kept.good).isEmpty();
        assertThat(kept.rejected).singleElement().satisfies(rejected -> {
            assertThat(rejected.line()).isEqualTo(2);
            assertThat(rejected.reason()).startsWith("phone '" + written + "' ");
            assertThat(rejected.fields()).containsExactly(written, "Ann");
        });
    }

    @Test
    void shouldReadNationalNumbersOfTheRegion() {
        assertThat(new PhoneNumbers("GB").read("07700 900123")).isEqualTo(new PhoneNumbers.Good("+447700900123"));
        assertThat(new PhoneNumbers("FR").read("0033 1 99 00 12 34")).isEqualTo(new PhoneNumbers.Good("+33199001234"));
        assertThatThrownBy(() -> new PhoneNumbers("XX"))
                .hasMessageContaining("'XX'")
                .hasMessageContaining("US");
    }

    @Test
    void shouldKeepAContactWhoseSecondPhoneIsBad() throws Exception {
        Kept kept = read("phone,phone2,phone3\n+12025550143,12,2025550143\n");

        assertThat(kept.good).containsExactly(new ContactRow(2, null, "", List.of("+12025550143")));
        assertThat(kept.leftOut).singleElement().extracting(Rejected::reason).isEqualTo("phone2 '12' is too short");
        assertThat(kept.rejected).isEmpty();
    }

    @Test
    void shouldRejectRowsThatDoNotFitAndGoOn() throws Exception {
        Kept kept = read("""
                phone,name
                +12025550143,Ann,43
                ,Ben

                +12025550144
                +12025550145,%s
                +12025550146,"two
                lines"
                +12025550147,Eve
                """.formatted("x".repeat(201)));

        assertThat(kept.good).extracting(ContactRow::line).containsExactly(5L, 9L);
        assertThat(kept.rejected).extracting(Rejected::line).containsExactly(2L, 3L, 6L, 7L);
        assertThat(kept.rejected)
                .extracting(Rejected::reason)
                .containsExactly(
                        "has 3 fields where the header names 2 columns",
                        "no phone number",
                        "the name is longer than 200 characters",
                        "the name holds control characters");
    }

    @Test
    void shouldRefuseAFileWithAQuotationMarkThatIsNeverClosed() {
        assertUnreadable(
                "phone,name\n+12025550143,\"Ann\n" + "+12025550144,Ben\n".repeat(100),
                "cannot be read as CSV",
                "nothing was imported");
        assertUnreadable(
                "phone,name\n+12025550143,\"Ann\n" + "+12025550144,Ben\n".repeat(100) + "+12025550144,\"Eve\n",
                "quotation mark in line 2",
                "nothing was imported");
    }

    @Test
    void shouldReadItsOwnFileOfRejectedRows() throws Exception {
        ContactList list = open(file("rejected_line,rejected_reason,phone,name\n2,too short,+12025550143,Ann\n"
                .getBytes(StandardCharsets.UTF_8)));

        assertThat(list.ignoredColumns()).isEmpty();
    }

    private void assertUnreadable(String text, String... words) {
        assertThatThrownBy(() -> open(file(text.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(UnreadableList.class)
                .hasMessageContainingAll(words);
    }

    private Kept read(String text) throws IOException {
        Kept kept = new Kept();
        open(file(text.getBytes(StandardCharsets.UTF_8))).forEach(kept);
        return kept;
    }

    private static ContactList open(Path file) {
        return ContactList.open(file, null, new PhoneNumbers("US"));
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(Files.createTempFile(folder, "list", ".csv"), content);
    }
}
