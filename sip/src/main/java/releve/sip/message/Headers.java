package releve.sip.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message in their order, names canonical, values unfolded. Immutable. Of a received message the
 * values are places in its text until somebody reads them, for most are never read.
 */
public final class Headers {
    /** No header at all. */
    public static final Headers EMPTY = new Headers(new String[0], 0, "", new char[0]);

    /** Name, value, name, value …; a value is null until it is read. */
    private final @Nullable String[] fields;

    private final int size;
    private final String text;
    /** Where each value begins and ends in the text, which no datagram makes longer than that: from, to, from, to …. */
    private final char[] places;

    /** The arrays are not copied. */
    private Headers(@Nullable String[] fields, int size, String text, char[] places) {
        this.fields = fields;
        this.size = size;
        this.text = text;
        this.places = places;
    }

    /** The number of header fields. */
    public int size() {
        return size;
    }

    /** @param index 0 to {@link #size()}-1 */
    public String name(int index) {
        return Objects.requireNonNull(fields[2 * index]);
    }

    /** @param index 0 to {@link #size()}-1 */
    public String value(int index) {
        String known = fields[2 * index + 1];
        if (known == null) {
            known = text.substring(places[2 * index], places[2 * index + 1]);
            fields[2 * index + 1] = known;
        }
        return known;
    }

    /** Brings the cursor to a value, which needs no text of its own to be read once. */
    Cursor read(Cursor c, int index) {
        String known = fields[2 * index + 1];
        return known != null ? c.to(known, 0, known.length()) : c.to(text, places[2 * index], places[2 * index + 1]);
    }

    /** Takes the other's text for a field that has not been read, if it is the same. */
    void share(Headers other, String name) {
        int mine = indexOf(name);
        int theirs = other.indexOf(name);
        if (mine < 0 || theirs < 0 || fields[2 * mine + 1] != null) {
            return;
        }
        String known = other.value(theirs);
        int from = places[2 * mine];
        if (places[2 * mine + 1] - from == known.length() && text.startsWith(known, from)) {
            fields[2 * mine + 1] = known;
        }
    }

    private boolean is(int index, String name) {
        return name(index).equalsIgnoreCase(name);
    }

    /** The place of the first field of that name, or -1. */
    int indexOf(String name) {
        for (int i = 0; i < size; i++) {
            if (is(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /** The first field of that name as it came (possibly a comma-separated list), or null. */
    public @Nullable String first(String name) {
        int index = indexOf(name);
        return index < 0 ? null : value(index);
    }

    public boolean has(String name) {
        return indexOf(name) >= 0;
    }

    /** How many fields of that name there are. */
    public int count(String name) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (is(i, name)) {
                count++;
            }
        }
        return count;
    }

    /** All values of that name over all fields, comma-separated lists taken apart (RFC 3261 section 7.3.1). */
    public List<String> values(String name) {
        if (indexOf(name) < 0) {
            return List.of();
        }
        List<String> all = new ArrayList<>(2);
        for (int i = 0; i < size; i++) {
            if (is(i, name)) {
                split(value(i), all);
            }
        }
        return all;
    }

    /** Every field of that name as it came, lists not taken apart. */
    public List<String> fields(String name) {
        List<String> all = new ArrayList<>(2);
        for (int i = 0; i < size; i++) {
            if (is(i, name)) {
                all.add(value(i));
            }
        }
        return all;
    }

    /** Splits at commas outside quotes and angle brackets. */
    private static void split(String value, List<String> into) {
        int from = 0;
        boolean quoted = false;
        boolean bracketed = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '<') {
                bracketed = true;
            } else if (c == '>') {
                bracketed = false;
            } else if (c == ',' && !bracketed) {
                into.add(value.substring(from, i).strip());
                from = i + 1;
            }
        }
        into.add(value.substring(from).strip());
    }

    /** Collects header fields in order. */
    public static final class Builder {
        private static final int FIELDS = 10;
        private static final char[] NO_PLACES = new char[0];

        private @Nullable String[] fields;
        private int size;
        private String text = "";
        private char[] places = NO_PLACES;

        public Builder() {
            this(FIELDS);
        }

        /** @param count how many fields there will be, about */
        public Builder(int count) {
            this.fields = new String[2 * count];
        }

        /** Begins with fields whose values are places in that text. */
        void begin(String newText) {
            text = newText;
            places = places.length == 0 ? new char[fields.length] : places;
        }

        /** Forgets all fields, to be used again. */
        public void clear() {
            Arrays.fill(fields, 0, 2 * size, null);
            size = 0;
            text = "";
        }

        /** Adds a field. @throws IllegalArgumentException as {@link Header} does */
        public Builder add(Header header) {
            return put(header.name(), header.value());
        }

        /** Adds a field. @throws IllegalArgumentException as {@link Header} does */
        public Builder add(String name, String value) {
            return add(new Header(name, value));
        }

        public Builder addAll(List<Header> headers) {
            for (int i = 0; i < headers.size(); i++) {
                add(headers.get(i));
            }
            return this;
        }

        /** Copies every field of that name. */
        public Builder copy(Headers from, String name) {
            for (int i = 0; i < from.size; i++) {
                if (from.is(i, name)) {
                    put(from.name(i), from.value(i));
                }
            }
            return this;
        }

        /** Adds a field whose name is canonical and whose value is known to hold no line break. */
        Builder put(String name, @Nullable String value) {
            if (2 * size == fields.length) {
                fields = Arrays.copyOf(fields, 2 * fields.length + 2);
                places = places.length == 0 ? places : Arrays.copyOf(places, fields.length);
            }
            fields[2 * size] = name;
            fields[2 * size + 1] = value;
            size++;
            return this;
        }

        /** Adds a field whose name is canonical and whose value is in {@code [from, to)} of the text. */
        void put(String name, int from, int to) {
            put(name, null);
            places[2 * size - 2] = (char) from;
            places[2 * size - 1] = (char) to;
        }

        /** The fields so far, apart from the builder, which may be used again. */
        public Headers copy() {
            char[] kept = text.isEmpty() ? NO_PLACES : Arrays.copyOf(places, 2 * size);
            return size == 0 ? EMPTY : new Headers(Arrays.copyOf(fields, 2 * size), size, text, kept);
        }

        /** The fields so far; the builder must not be used again. */
        public Headers build() {
            return size == 0 ? EMPTY : new Headers(fields, size, text, places);
        }
    }
}
