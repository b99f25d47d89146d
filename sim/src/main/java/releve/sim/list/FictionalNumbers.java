package releve.sim.list;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Phone numbers that regulators keep free for fiction, so that no list made here can ever ring a real phone.
 *
 * <p>Sources: 555-0100 to 555-0199 in each area code (North American Numbering Plan Administration); 'Telephone numbers
 * for use in TV and radio drama programmes' (Ofcom); the numbers for audio-visual works in the numbering plan of
 * Arcep, decision 2018-0881; the numbers for use in creative works (ACMA).
 */
public final class FictionalNumbers {
    /** The country of a number. */
    public enum Country {
        US,
        UK,
        FR,
        AU
    }

    /**
     * Numbers that share their beginning.
     *
     * @param prefix E.164 with its plus, without the last digits
     * @param digits how many digits follow, 2 to 4
     */
    record Range(String prefix, int digits) {
        int size() {
            return (int) Math.pow(10, digits);
        }

        String number(int index) {
            String tail = Integer.toString(index);
            return prefix + "0".repeat(digits - tail.length()) + tail;
        }
    }

    private static final List<Integer> US_AREAS = List.of(
            201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 225, 228, 229, 231,
            234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305,
            307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 334, 336, 337, 347,
            351, 352, 360, 361, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423,
            425, 432, 434, 435, 440, 443, 469, 478, 479, 480, 484, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512,
            513, 515, 516, 517, 518, 520, 530, 540, 541, 559, 561, 562, 563, 570, 571, 573, 574, 580, 585, 586, 601,
            602, 603, 605, 606, 607, 608, 609, 610, 612, 614, 615, 616, 617, 618, 619, 620, 626, 630, 631, 636, 641,
            646, 650, 651, 660, 661, 662, 678, 682, 701, 702, 703, 704, 706, 707, 708, 712, 713, 714, 715, 716, 717,
            718, 719, 720, 724, 727, 731, 732, 734, 740, 754, 757, 760, 763, 765, 770, 772, 773, 774, 775, 781, 785,
            786, 801, 802, 803, 804, 805, 806, 808, 810, 812, 813, 814, 815, 816, 817, 818, 828, 830, 831, 832, 843,
            845, 847, 848, 850, 856, 857, 858, 859, 860, 862, 863, 864, 865, 870, 901, 903, 904, 906, 907, 908, 909,
            910, 912, 913, 914, 915, 916, 917, 918, 919, 920, 925, 928, 931, 936, 937, 940, 941, 949, 951, 952, 954,
            956, 970, 971, 972, 973, 978, 979, 980, 985, 989);

    private static final List<String> UK_PREFIXES = List.of(
            "+447700900",
            "+442079460",
            "+441134960",
            "+441144960",
            "+441154960",
            "+441164960",
            "+441174960",
            "+441184960",
            "+441214960",
            "+441314960",
            "+441414960",
            "+441514960",
            "+441614960",
            "+441914980",
            "+441632960",
            "+442920180",
            "+442896496");

    private static final List<String> FR_PREFIXES =
            List.of("+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998");

    /** Only these of +61 491 570 xxx are reserved. */
    private static final List<String> AU_NUMBERS = List.of(
            "+61491570006",
            "+61491570110",
            "+61491570156",
            "+61491570157",
            "+61491570158",
            "+61491570159",
            "+61491570313",
            "+61491570737");

    private FictionalNumbers() {}

    /** All reserved numbers of that country that are used here, in order, E.164. */
    public static List<String> of(Country country) {
        return switch (country) {
            case US ->
                numbers(US_AREAS.stream()
                        .map(a -> new Range("+1" + a + "55501", 2))
                        .toList());
            case UK -> numbers(UK_PREFIXES.stream().map(p -> new Range(p, 3)).toList());
            case FR -> numbers(FR_PREFIXES.stream().map(p -> new Range(p, 4)).toList());
            case AU -> AU_NUMBERS;
        };
    }

    /** How many reserved numbers there are in all countries. */
    public static int count() {
        int count = 0;
        for (Country country : Country.values()) {
            count += of(country).size();
        }
        return count;
    }

    /** The reserved numbers of a country in a random order. */
    static List<String> shuffled(Country country, SplittableRandom random) {
        List<String> numbers = new ArrayList<>(of(country));
        for (int i = numbers.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            String held = numbers.get(i);
            numbers.set(i, numbers.get(j));
            numbers.set(j, held);
        }
        return numbers;
    }

    private static List<String> numbers(List<Range> ranges) {
        List<String> numbers = new ArrayList<>();
        for (Range range : ranges) {
            for (int i = 0; i < range.size(); i++) {
                numbers.add(range.number(i));
            }
        }
        return numbers;
    }
}
