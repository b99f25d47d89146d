package releve.sip.dialog;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.sip.message.SipUri;
import releve.sip.transaction.Hop;

/**
 * {@link Locator#literal} that remembers hops by what follows the user: a dialer's peers are a few trunks and some phones, and
 * each request in a dialog asks for one.
 */
public final class LiteralHops implements Locator {
    /** Hops that are known at most; beyond that all are forgotten and found anew. */
    static final int KNOWN_MAX = 1024;

    private final Map<String, Hop> known = new HashMap<>();

    @Override
    public Locator forOne() {
        return new LiteralHops();
    }

    @Override
    public @Nullable Hop locate(String uri) {
        if (!SipUri.isSip(uri) || uri.charAt(3) != ':') {
            return Locator.literal(uri);
        }
        int user = uri.indexOf('@');
        String place = user < 0 ? uri : uri.substring(user + 1);
        Hop found = known.get(place);
        if (found == null) {
            found = Locator.literal(uri);
            if (found != null) {
                if (known.size() >= KNOWN_MAX) {
                    known.clear();
                }
                known.put(place, found);
            }
        }
        return found;
    }

    /** How many are remembered. */
    int size() {
        return known.size();
    }
}
