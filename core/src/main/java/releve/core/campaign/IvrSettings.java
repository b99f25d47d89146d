package releve.core.campaign;

import org.jspecify.annotations.Nullable;

/**
 * The IVR of a campaign.
 *
 * @param ports calls that it takes at once, 0 to 10000
 * @param uri its SIP address; null when there is none
 */
public record IvrSettings(int ports, @Nullable String uri) {
    public static final IvrSettings NONE = new IvrSettings(0, null);
}
