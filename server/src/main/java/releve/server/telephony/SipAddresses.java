package releve.server.telephony;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import releve.sip.sdp.MalformedSdpException;
import releve.sip.sdp.Sdp;
import releve.sip.sdp.SdpMedia;

/** Where a SIP URI with a literal address leads, and whether two descriptions send media to the same place. */
final class SipAddresses {
    private static final int SIP_PORT = 5060;
    private static final Pattern LITERAL =
            Pattern.compile("sip:(?:[^@]+@)?(\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+])(?::(\\d{1,5}))?(?:;.*)?");

    private SipAddresses() {}

    /** The address behind a URI; null when its host is no literal address. Names are not looked up: that could block. */
    static @Nullable InetSocketAddress destination(String uri) {
        Matcher matcher = LITERAL.matcher(uri);
        if (!matcher.matches()) {
            return null;
        }
        try {
            String port = matcher.group(2);
            int number = port == null ? SIP_PORT : Integer.parseInt(port);
            return number > 65_535 ? null : new InetSocketAddress(InetAddress.getByName(matcher.group(1)), number);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether the first audio of both descriptions is received at the same place, in the same direction. */
    static boolean sameMedia(@Nullable String one, String other) {
        if (one == null) {
            return false;
        }
        try {
            Sdp a = Sdp.parse(one);
            Sdp b = Sdp.parse(other);
            SdpMedia audioA = a.firstAudio();
            SdpMedia audioB = b.firstAudio();
            if (audioA == null || audioB == null) {
                return audioA == audioB;
            }
            return audioA.port() == audioB.port()
                    && Objects.equals(a.addressOf(audioA), b.addressOf(audioB))
                    && audioA.formats().equals(audioB.formats())
                    && a.directionOf(audioA) == b.directionOf(audioB);
        } catch (MalformedSdpException e) {
            return false;
        }
    }
}
