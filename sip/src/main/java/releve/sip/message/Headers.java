package releve.sip.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header fields of one message in their order, names canonical, values unfolded. Immutable. */
public final class Headers {
    /** No header at all. */
    public static final Headers EMPTY = new Headers(new String[0], 0);

    private final String[] fields;
    private final int size;

    /** @param fields name, value, name, value …; not copied */
    private Headers(String[] fields, int size) {
        this.fields = fields;
        this.size = size;
    }

    /** The number of header fields. */
    public int size() {
        return size;
    }

    /** @param index 0 to {@link #size()}-1 */
    public String name(int index) {
        return fields[2 * index];
    }

    /** @param index 0 to {@link #size()}-1 */
    public String value(int index) {
        return fields[2 * index + 1];
    }

    private boolean is(int index, String name) {
        String n = fields[2 * index];
        return n.equalsIgnoreCase(name);
    }

    /** The first field of that name as it came (possibly a comma-separated list), or null. */
    public @Nullable String first(String name) {
        for (int i = 0; i < size; i++) {
            if (is(i, name)) {
                return value(i);
            }
        }
        return null;
    }

    public boolean has(String name) {
        return first(name) != null;
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
        private String[] fields = new String[32];
        private int size;

        /** Adds a field. @throws IllegalArgumentException as {@link Header} does */
        public Builder add(Header header) {
            return put(header.name(), header.value());
        }

        /** Adds a field. @throws IllegalArgumentException as {@link Header} does */
        public Builder add(String name, String value) {
            return add(new Header(name, value));
        }

        public Builder addAll(List<Header> headers) {
            headers.forEach(this::add);
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
        Builder put(String name, String value) {
            if (2 * size == fields.length) {
                fields = Arrays.copyOf(fields, 2 * fields.length);
            }
            fields[2 * size] = name;
            fields[2 * size + 1] = value;
            size++;
            return this;
        }

        /** The fields so far; the builder must not be used again. */
        public Headers build() {
            return size == 0 ? EMPTY : new Headers(fields, size);
        }
    }
}
