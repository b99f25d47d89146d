package releve.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one session description line by line (RFC 8866 section 5). */
final class SdpReader {
    private static final Pattern SPACES = Pattern.compile(" +");

    private String[] origin = new String[0];
    private boolean versionSeen;
    private String sessionName = "-";
    private @Nullable String address;
    private @Nullable Direction direction;
    private final List<String> attributes = new ArrayList<>();
    private final List<SdpMedia> media = new ArrayList<>();
    private @Nullable SdpMedia current;
    private List<String> currentAttributes = new ArrayList<>();

    Sdp read(String text) throws MalformedSdpException {
        int from = 0;
        int count = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int to = end < 0 ? text.length() : end;
            int trimmed = to > from && text.charAt(to - 1) == '\r' ? to - 1 : to;
            if (trimmed > from) {
                line(text.substring(from, trimmed), count++);
            }
            from = to + 1;
        }
        closeMedia();
        if (!versionSeen || origin.length == 0) {
            throw new MalformedSdpException("v= or o= is missing");
        }
        long version = number(origin[2], Long.MAX_VALUE, "the version of o=");
        return new Sdp(origin[0], origin[1], version, origin[5], sessionName, address, attributes, direction, media);
    }

    private void line(String line, int index) throws MalformedSdpException {
        if (index >= Sdp.LINES_MAX || line.length() < 2 || line.charAt(1) != '=') {
            throw new MalformedSdpException(index >= Sdp.LINES_MAX ? "too many lines" : "a line is not <type>=<value>");
        }
        if ((index == 0) != (line.charAt(0) == 'v')) {
            throw new MalformedSdpException("v= is not the first line");
        }
        String value = line.substring(2);
        switch (line.charAt(0)) {
            case 'v' -> version(value);
            case 'o' -> origin = fields(value, 6, "o=");
            case 's' -> sessionName = value;
            case 'c' -> connection(value);
            case 'm' -> media(value);
            case 'a' -> attribute(value);
            default -> {
                // i=, u=, e=, p=, b=, t=, r=, z=, k= do not change what a call does with its media.
            }
        }
    }

    private void version(String value) throws MalformedSdpException {
        if (!value.strip().equals("0")) {
            throw new MalformedSdpException("the version is not 0");
        }
        versionSeen = true;
    }

    private static String[] fields(String value, int least, String where) throws MalformedSdpException {
        String[] fields = SPACES.split(value.strip());
        if (fields.length < least) {
            throw new MalformedSdpException(where + " has too few fields");
        }
        return fields;
    }

    private void connection(String value) throws MalformedSdpException {
        String found = fields(value, 3, "c=")[2];
        int slash = found.indexOf('/');
        String bare = slash < 0 ? found : found.substring(0, slash);
        SdpMedia m = current;
        if (m == null) {
            address = bare;
        } else {
            current = new SdpMedia(m.type(), m.port(), m.protocol(), m.formats(), bare, List.of(), m.direction());
        }
    }

    private void media(String value) throws MalformedSdpException {
        closeMedia();
        if (media.size() >= Sdp.MEDIA_MAX) {
            throw new MalformedSdpException("too many media");
        }
        String[] f = fields(value, 4, "m=");
        int slash = f[1].indexOf('/');
        int port = (int) number(slash < 0 ? f[1] : f[1].substring(0, slash), 65535, "the port of m=");
        List<String> formats = List.of(f).subList(3, f.length);
        current = new SdpMedia(f[0], port, f[2], formats, null, List.of(), null);
    }

    private void closeMedia() {
        SdpMedia m = current;
        if (m != null) {
            media.add(new SdpMedia(
                    m.type(), m.port(), m.protocol(), m.formats(), m.address(), currentAttributes, m.direction()));
            currentAttributes = new ArrayList<>();
        }
    }

    private void attribute(String value) {
        for (Direction d : Direction.values()) {
            if (d.attribute().equals(value.strip())) {
                if (current == null) {
                    direction = d;
                } else {
                    current = current.with(d);
                }
                return;
            }
        }
        (current == null ? attributes : currentAttributes).add(value);
    }

    private static long number(String digits, long max, String where) throws MalformedSdpException {
        // Session ids and versions beyond a long occur (they are "numeric strings"); only the version is computed with.
        if (digits.isEmpty() || digits.length() > 20 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedSdpException(where + " is no number");
        }
        long n = digits.length() > 18 ? Long.MAX_VALUE >> 1 : Long.parseLong(digits);
        if (n > max) {
            throw new MalformedSdpException(where + " is too large");
        }
        return n;
    }
}
