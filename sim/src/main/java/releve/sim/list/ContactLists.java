package releve.sim.list;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import releve.sim.list.FictionalNumbers.Country;

/** Makes contact lists from a seed: the same seed and count give the same list, and no number comes twice in one. */
public final class ContactLists {
    /** The share of contacts with a second number, while there are numbers enough. */
    private static final double SECOND_PHONE_SHARE = 0.25;
    /** Of ten contacts five are in the US, three in the UK, two in France, few in Australia. */
    private static final Map<Country, Double> WEIGHTS =
            Map.of(Country.US, 0.5, Country.UK, 0.3, Country.FR, 0.199, Country.AU, 0.001);

    /** The resource that holds the sample: 5,000 contacts, seed 1. */
    private static final String SAMPLE = "/releve/sim/sample-contacts.csv";

    private final SplittableRandom random;
    private final Map<Country, Deque<String>> free = new EnumMap<>(Country.class);
    private int left;

    private ContactLists(long seed) {
        random = new SplittableRandom(seed);
        for (Country country : Country.values()) {
            Deque<String> numbers = new ArrayDeque<>(FictionalNumbers.shuffled(country, random));
            free.put(country, numbers);
            left += numbers.size();
        }
    }

    /**
     * Makes a list.
     *
     * @param count 1 to {@link FictionalNumbers#count()}
     * @throws IllegalArgumentException when there are not that many fictional numbers; the message says how many
     */
    public static List<FictionalContact> generate(long seed, int count) {
        int most = FictionalNumbers.count();
        if (count < 1 || count > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "A list of %,d contacts cannot be made: the ranges reserved for fiction hold %,d numbers, and each "
                            + "contact needs one of its own, so ask for 1 to %,d.",
                    count,
                    most,
                    most));
        }
        ContactLists lists = new ContactLists(seed);
        List<FictionalContact> contacts = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            contacts.add(lists.contact(i, count - i));
        }
        return contacts;
    }

    private FictionalContact contact(int number, int stillToCome) {
        String name = Names.draw(random);
        Country country = country();
        String phone = take(country);
        boolean second = random.nextDouble() < SECOND_PHONE_SHARE && left > stillToCome;
        String phone2 = second ? take(country) : null;
        return new FictionalContact(String.format(Locale.ROOT, "C%06d", number), name, phone, phone2);
    }

    private Country country() {
        double drawn = random.nextDouble();
        for (Country country : Country.values()) {
            drawn -= WEIGHTS.getOrDefault(country, 0.0);
            if (drawn < 0) {
                return country;
            }
        }
        return Country.US;
    }

    /** A free number of that country, or of another one when it has no more. */
    private String take(Country wanted) {
        String number = free(wanted).poll();
        for (Country country : Country.values()) {
            number = number == null ? free(country).poll() : number;
        }
        if (number == null) {
            throw new IllegalStateException("no fictional number is left");
        }
        left--;
        return number;
    }

    private Deque<String> free(Country country) {
        @Nullable Deque<String> numbers = free.get(country);
        if (numbers == null) {
            throw new IllegalStateException("no numbers of " + country);
        }
        return numbers;
    }

    /** Writes the header and one line a contact, ended by line feeds. */
    public static void write(List<FictionalContact> contacts, Writer out) throws IOException {
        out.write(FictionalContact.CSV_HEADER);
        out.write('\n');
        for (FictionalContact contact : contacts) {
            out.write(contact.toCsv());
            out.write('\n');
        }
    }

    /** The shipped sample as CSV in UTF-8: 5,000 contacts. */
    public static byte[] sample() {
        try (InputStream in = ContactLists.class.getResourceAsStream(SAMPLE)) {
            if (in == null) {
                throw new IllegalStateException("the sample list " + SAMPLE + " is missing in the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
