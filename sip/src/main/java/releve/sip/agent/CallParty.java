package releve.sip.agent;

import org.jspecify.annotations.Nullable;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipUri;
import releve.sip.message.TelUri;
import releve.sip.message.UriComparison;

/**
 * Whom a URI means, however it is written: by RFC 3261 section 19.1.4, or as a telephone number by RFC 3966 section 4. What
 * a sip URI says of the request, its headers and its method, is left out.
 *
 * @param sip the sip or sips URI, or null
 * @param tel the telephone number, or null
 */
record CallParty(@Nullable SipUri sip, @Nullable TelUri tel) {
    private static final CallParty NOBODY = new CallParty(null, null);

    static CallParty of(String uri) {
        try {
            if (!SipUri.isSip(uri)) {
                return new CallParty(null, TelUri.parse(uri));
            }
            SipUri full = SipUri.parse(uri);
            SipUri bare = new SipUri(
                    full.scheme(),
                    full.user(),
                    full.host(),
                    full.port(),
                    full.params().without("method"),
                    "");
            return new CallParty(bare, number(full));
        } catch (MalformedMessageException _) {
            return NOBODY;
        }
    }

    /** The user of a sip URI is a telephone number when it says so, or is one as the whole world has it. */
    private static @Nullable TelUri number(SipUri uri) {
        String user = uri.user();
        boolean said = "phone".equalsIgnoreCase(uri.params().get("user"));
        if (user == null || !(said || user.startsWith("+"))) {
            return null;
        }
        try {
            return TelUri.parse("tel:" + UriComparison.unescape(user));
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    boolean isSameAs(CallParty other) {
        boolean sameNumber = tel != null && other.tel != null && tel.isEquivalentTo(other.tel);
        return sameNumber || (sip != null && other.sip != null && UriComparison.areEquivalent(sip, other.sip));
    }
}
