package releve.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session description (RFC 8866), as far as calls need it: origin, addresses, media, directions; other attributes
 * are kept, other lines are not. Immutable; {@link #toString()} is the text to send.
 *
 * @param user the origin's user name, - when none
 * @param sessionId the origin's session id, digits
 * @param version the origin's version, raised by one with each change (RFC 3264 section 8)
 * @param originAddress the origin's address, without its type
 * @param sessionName the s= line, - when none
 * @param address the session's c= address, or null when each stream has its own
 * @param attributes session-level a= values in order, without direction
 * @param direction the session-level direction, or null
 * @param media the streams in order
 */
public record Sdp(
        String user,
        String sessionId,
        long version,
        String originAddress,
        String sessionName,
        @Nullable String address,
        List<String> attributes,
        @Nullable Direction direction,
        List<SdpMedia> media) {
    /** The MIME type of a session description. */
    public static final String CONTENT_TYPE = "application/sdp";
    /** The most lines in a description. */
    public static final int LINES_MAX = 500;
    /** The most streams in a description. */
    public static final int MEDIA_MAX = 32;

    public Sdp {
        attributes = List.copyOf(attributes);
        media = List.copyOf(media);
    }

    /** @throws MalformedSdpException when the text is no session description within the limits */
    public static Sdp parse(String text) throws MalformedSdpException {
        return new SdpReader().read(text);
    }

    /**
     * An offer of PCMU, PCMA and telephone-event (RFC 4733) at 8000 Hz in one audio stream.
     *
     * @param address IPv4 or IPv6 address literal on which RTP is received
     * @param port its port
     * @param sessionId 0 or above, chosen at random by the caller
     */
    public static Sdp audio(String address, int port, long sessionId) {
        List<String> attributes = List.of(
                "rtpmap:0 PCMU/8000",
                "rtpmap:8 PCMA/8000",
                "rtpmap:101 telephone-event/8000",
                "fmtp:101 0-15",
                "ptime:20");
        SdpMedia audio =
                new SdpMedia("audio", port, "RTP/AVP", List.of("0", "8", "101"), null, attributes, Direction.SENDRECV);
        return new Sdp("-", Long.toString(sessionId), 1, address, "-", address, List.of(), null, List.of(audio));
    }

    /**
     * The answer to this offer (RFC 3264 section 6): the first audio stream that offers PCMU or PCMA is taken with the
     * offerer's preferred of the two and its telephone-event, every other stream is refused.
     *
     * @param ownAddress address literal on which RTP is received
     * @param ownPort its port
     * @param ownSessionId the answerer's session id
     * @return the answer, or null when the offer has nothing to take (488)
     */
    public @Nullable Sdp answer(String ownAddress, int ownPort, long ownSessionId) {
        List<SdpMedia> answers = new ArrayList<>(media.size());
        boolean taken = false;
        for (SdpMedia offered : media) {
            SdpMedia accepted = taken ? null : accept(offered, ownPort);
            taken |= accepted != null;
            answers.add(accepted != null ? accepted : offered.refused());
        }
        if (!taken) {
            return null;
        }
        String id = Long.toString(ownSessionId);
        return new Sdp("-", id, 1, ownAddress, "-", ownAddress, List.of(), null, answers);
    }

    private @Nullable SdpMedia accept(SdpMedia offered, int ownPort) {
        if (!offered.isAudio() || offered.port() == 0 || !offered.protocol().equals("RTP/AVP")) {
            return null;
        }
        int pcmu = offered.payloadOf("PCMU");
        int pcma = offered.payloadOf("PCMA");
        if (pcmu < 0 && pcma < 0) {
            return null;
        }
        boolean takeMu = pcma < 0
                || (pcmu >= 0
                        && offered.formats().indexOf(Integer.toString(pcmu))
                                < offered.formats().indexOf(Integer.toString(pcma)));
        int payload = takeMu ? pcmu : pcma;
        List<String> formats = new ArrayList<>(List.of(Integer.toString(payload)));
        List<String> lines = new ArrayList<>(List.of("rtpmap:" + payload + (takeMu ? " PCMU/8000" : " PCMA/8000")));
        int events = offered.payloadOf("telephone-event");
        if (events >= 0) {
            formats.add(Integer.toString(events));
            lines.add("rtpmap:" + events + " telephone-event/8000");
            lines.add("fmtp:" + events + " 0-15");
        }
        return new SdpMedia(
                "audio",
                ownPort,
                "RTP/AVP",
                formats,
                null,
                lines,
                directionOf(offered).answer());
    }

    /** The first audio stream that is not refused, or null. */
    public @Nullable SdpMedia firstAudio() {
        for (SdpMedia m : media) {
            if (m.isAudio() && m.port() != 0) {
                return m;
            }
        }
        return null;
    }

    /** The address to which a stream's packets go: its own, else the session's, else null. */
    public @Nullable String addressOf(SdpMedia stream) {
        return stream.address() != null ? stream.address() : address;
    }

    /** The direction of a stream: its own, else the session's, else sendrecv. */
    public Direction directionOf(SdpMedia stream) {
        return Objects.requireNonNullElse(
                stream.direction(), Objects.requireNonNullElse(direction, Direction.SENDRECV));
    }

    /** A new version of this description with every stream in this direction: hold is sendonly or inactive. */
    public Sdp with(Direction newDirection) {
        List<SdpMedia> changed = media.stream().map(m -> m.with(newDirection)).toList();
        return new Sdp(user, sessionId, version + 1, originAddress, sessionName, address, attributes, null, changed);
    }

    static void appendConnection(StringBuilder out, String address) {
        out.append("c=IN ").append(typeOf(address)).append(' ').append(address).append("\r\n");
    }

    private static String typeOf(String address) {
        return address.indexOf(':') >= 0 ? "IP6" : "IP4";
    }

    /** The text to send, lines ended by CRLF. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(320)
                .append("v=0\r\no=")
                .append(user)
                .append(' ')
                .append(sessionId);
        out.append(' ')
                .append(version)
                .append(" IN ")
                .append(typeOf(originAddress))
                .append(' ');
        out.append(originAddress).append("\r\ns=").append(sessionName).append("\r\n");
        if (address != null) {
            appendConnection(out, address);
        }
        out.append("t=0 0\r\n");
        attributes.forEach(a -> out.append("a=").append(a).append("\r\n"));
        if (direction != null) {
            out.append("a=").append(direction.attribute()).append("\r\n");
        }
        media.forEach(m -> m.appendTo(out));
        return out.toString();
    }
}
