package releve.sim.list;

import org.jspecify.annotations.Nullable;

/**
 * A contact who does not exist.
 *
 * @param id unique in its list
 * @param phone E.164, of a range reserved for fiction
 * @param phone2 another such number, or null
 */
public record FictionalContact(
        String id, String name, String phone, @Nullable String phone2) {
    /** The first line of a list. */
    public static final String CSV_HEADER = "id,name,phone,phone2";

    /** The contact's line, without line break (RFC 4180; no field needs quotes). */
    public String toCsv() {
        return id + "," + name + "," + phone + "," + (phone2 == null ? "" : phone2);
    }
}
