package releve.sim.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContactListsTest {
    /** The reserved ranges, written down again and apart from the generator's own tables. */
    private static final Pattern RESERVED = Pattern.compile("\\+1[2-9]\\d\\d55501\\d\\d"
            + "|\\+44(7700900|2079460|1(13|14|15|16|17|18|21|31|41|51|61)4960|1914980|1632960|2920180|2896496)\\d{3}"
            + "|\\+33(19900|26191|35301|46571|53649|63998)\\d{4}"
            + "|\\+61491570(006|110|156|157|158|159|313|737)");

    private static List<String> phones(List<FictionalContact> contacts) {
        return contacts.stream()
                .flatMap(c -> Stream.of(c.phone(), c.phone2() == null ? "" : c.phone2()))
                .filter(p -> !p.isEmpty())
                .toList();
    }

    @Test
    void shouldDrawNumbersOnlyFromReservedRangesAndNoneTwice() {
        List<FictionalContact> contacts = ContactLists.generate(7, 20_000);
        List<String> phones = phones(contacts);
        assertThat(contacts).hasSize(20_000);
        assertThat(phones)
                .hasSizeGreaterThan(20_000)
                .allMatch(p -> RESERVED.matcher(p).matches());
        assertThat(new HashSet<>(phones)).hasSameSizeAs(phones);
        assertThat(contacts.stream().map(FictionalContact::id)).doesNotHaveDuplicates();
    }

    @Test
    void shouldReserveWhatItCounts() {
        List<String> all = new ArrayList<>();
        for (FictionalNumbers.Country country : FictionalNumbers.Country.values()) {
            all.addAll(FictionalNumbers.of(country));
        }
        assertThat(all)
                .hasSize(FictionalNumbers.count())
                .allMatch(p -> RESERVED.matcher(p).matches());
        assertThat(new HashSet<>(all)).hasSameSizeAs(all);
    }

    @Test
    void shouldGiveEachContactANumberUpToTheLastFictionalOne() {
        List<FictionalContact> contacts = ContactLists.generate(3, FictionalNumbers.count());
        assertThat(new HashSet<>(phones(contacts))).hasSize(FictionalNumbers.count());
    }

    @Test
    void shouldSayHowManyContactsArePossibleWhenAskedForMore() {
        int tooMany = FictionalNumbers.count() + 1;
        assertThatThrownBy(() -> ContactLists.generate(1, tooMany))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reserved for fiction")
                .hasMessageContaining(String.format("1 to %,d", FictionalNumbers.count()));
        assertThatThrownBy(() -> ContactLists.generate(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldMakeTheSameListFromTheSameSeedOnly() {
        assertThat(ContactLists.generate(5, 300)).isEqualTo(ContactLists.generate(5, 300));
        assertThat(ContactLists.generate(5, 300)).isNotEqualTo(ContactLists.generate(6, 300));
    }

    @Test
    void shouldShipTheListThatSeedOneMakes() throws Exception {
        StringWriter made = new StringWriter();
        ContactLists.write(ContactLists.generate(1, 5_000), made);
        assertThat(new String(ContactLists.sample(), StandardCharsets.UTF_8)).isEqualTo(made.toString());
    }

    @Test
    void shouldNeedNoQuotesInAnyField() {
        assertThat(ContactLists.generate(2, 10_000))
                .allSatisfy(c -> assertThat(c.toCsv().split(",", -1)).hasSize(4))
                .noneMatch(c -> c.toCsv().contains("\""));
    }
}
