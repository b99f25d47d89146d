package releve.server.contacts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A good row of a list.
 *
 * @param line where it begins in the file, from 1
 * @param externalKey the list owner's own key of the contact
 * @param name empty when the list has none
 * @param phones one to ten numbers in E.164, best first, each once
 */
public record ContactRow(long line, @Nullable String externalKey, String name, List<String> phones) {
    public ContactRow {
        phones = List.copyOf(phones);
    }
}
