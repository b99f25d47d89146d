package releve.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One media description (RFC 8866 section 5.14).
 *
 * @param type audio, video …
 * @param port 0 to 65535; 0 refuses or ends the stream (RFC 3264 section 6)
 * @param protocol RTP/AVP …
 * @param formats payload types in order of preference
 * @param address the stream's own c= address, or null when the session's holds
 * @param attributes a= values in order, without direction
 * @param direction the stream's own direction, or null when the session's holds
 */
public record SdpMedia(
        String type,
        int port,
        String protocol,
        List<String> formats,
        @Nullable String address,
        List<String> attributes,
        @Nullable Direction direction) {
    public SdpMedia {
        formats = List.copyOf(formats);
        attributes = List.copyOf(attributes);
    }

    public boolean isAudio() {
        return type.equals("audio");
    }

    /** The payload type mapped to this encoding at 8000 Hz, statically or by rtpmap; -1 when it is not offered. */
    public int payloadOf(String encoding) {
        for (String format : formats) {
            if (encoding.equalsIgnoreCase(encodingOf(format))) {
                return Integer.parseInt(format);
            }
        }
        return -1;
    }

    private @Nullable String encodingOf(String format) {
        String prefix = "rtpmap:" + format + " ";
        for (String attribute : attributes) {
            if (attribute.startsWith(prefix)) {
                String encoding = attribute.substring(prefix.length()).strip();
                int slash = encoding.indexOf('/');
                String rate = slash < 0 ? "" : encoding.substring(slash + 1);
                boolean narrowband = rate.equals("8000") || rate.equals("8000/1");
                return narrowband && format.chars().allMatch(Character::isDigit) && format.length() < 4
                        ? encoding.substring(0, slash)
                        : null;
            }
        }
        return switch (format) {
            case "0" -> "PCMU";
            case "8" -> "PCMA";
            default -> null;
        };
    }

    /** A copy with another direction. */
    public SdpMedia with(Direction newDirection) {
        return new SdpMedia(type, port, protocol, formats, address, attributes, newDirection);
    }

    /** A copy that refuses or ends the stream. */
    public SdpMedia refused() {
        return new SdpMedia(type, 0, protocol, formats, null, List.of(), null);
    }

    void appendTo(StringBuilder out) {
        out.append("m=").append(type).append(' ').append(port).append(' ').append(protocol);
        formats.forEach(format -> out.append(' ').append(format));
        out.append("\r\n");
        if (address != null) {
            Sdp.appendConnection(out, address);
        }
        List<String> lines = new ArrayList<>(attributes);
        if (direction != null) {
            lines.add(direction.attribute());
        }
        lines.forEach(line -> out.append("a=").append(line).append("\r\n"));
    }
}
