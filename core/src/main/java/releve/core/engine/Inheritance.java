package releve.core.engine;

import java.time.Instant;
import java.util.List;
import releve.core.campaign.Contact;
import releve.core.store.DialerStore.Elsewhere;

/**
 * What a dialer finds when it gets the right to dial.
 *
 * @param elsewhere what other processes of the pair have under way
 * @param contacts cached ones that came with the right
 * @param usedUntil until when another may have started calls; long ago when the former holder's own deadline had passed
 */
public record Inheritance(Elsewhere elsewhere, List<Contact> contacts, Instant usedUntil) {
    public static final Inheritance NOTHING = new Inheritance(Elsewhere.NOTHING, List.of(), Instant.MIN);

    public Inheritance {
        contacts = List.copyOf(contacts);
    }
}
