package releve.server.contacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which column holds what, read from a list's first line. Case, blanks, hyphens and underscores make no difference.
 *
 * @param header as written
 * @param externalKey absent when the list has no keys
 * @param name absent when the list has no names
 * @param phones at least one, best first
 * @param ignored names of columns that mean nothing to us
 */
record Columns(
        List<String> header, OptionalInt externalKey, OptionalInt name, List<Integer> phones, List<String> ignored) {
    private static final List<String> KEY_NAMES =
            List.of("id", "externalkey", "externalid", "key", "contactid", "customerid", "accountnumber");
    private static final List<String> NAME_NAMES = List.of("name", "fullname", "contactname", "customername");
    private static final Pattern PHONE_NAME =
            Pattern.compile("(?:phone|telephone|tel|mobile|phonenumber|number)(\\d{0,2})");
    private static final int PHONES_MAX = 10;
    /** What a file of rejected rows puts before the list's own columns, so that it can be mended and imported as it is. */
    static final List<String> REJECTION = List.of("rejected_line", "rejected_reason");

    /** @throws UnreadableList when there is no phone column, or two columns claim the same place */
    static Columns of(List<String> header, String file) {
        OptionalInt key = OptionalInt.empty();
        OptionalInt name = OptionalInt.empty();
        Integer[] phones = new Integer[PHONES_MAX];
        List<String> ignored = new ArrayList<>();
        for (int column = 0; column < header.size(); column++) {
            String plain = header.get(column).toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
            Matcher phone = PHONE_NAME.matcher(plain);
            if (KEY_NAMES.contains(plain)) {
                key = once(key, column, header, file);
            } else if (NAME_NAMES.contains(plain)) {
                name = once(name, column, header, file);
            } else if (phone.matches() && rank(phone.group(1)) <= PHONES_MAX && rank(phone.group(1)) >= 1) {
                int place = rank(phone.group(1)) - 1;
                once(phones[place] == null ? OptionalInt.empty() : OptionalInt.of(phones[place]), column, header, file);
                phones[place] = column;
            } else if (!REJECTION.contains(header.get(column))) {
                ignored.add(header.get(column));
            }
        }
        List<Integer> found = new ArrayList<>();
        for (Integer phone : phones) {
            if (phone != null) {
                found.add(phone);
            }
        }
        if (found.isEmpty()) {
            throw new UnreadableList(
                    "%s has no phone column: its first line must name the columns, one of them 'phone', and it has: %s; nothing was imported"
                            .formatted(file, shown(header)));
        }
        return new Columns(List.copyOf(header), key, name, List.copyOf(found), List.copyOf(ignored));
    }

    private static int rank(String digits) {
        return digits.isEmpty() ? 1 : Integer.parseInt(digits);
    }

    private static OptionalInt once(OptionalInt before, int column, List<String> header, String file) {
        if (before.isPresent()) {
            throw new UnreadableList("%s has two columns for the same thing, '%s' and '%s'; nothing was imported"
                    .formatted(file, header.get(before.getAsInt()), header.get(column)));
        }
        return OptionalInt.of(column);
    }

    /** The header for a sentence: not without end. */
    private static String shown(List<String> header) {
        String all = String.join(", ", header.stream().limit(12).toList());
        String some = all.length() > 160 ? all.substring(0, 160) + " …" : all;
        return header.size() > 12 ? some + " …" : some;
    }
}
