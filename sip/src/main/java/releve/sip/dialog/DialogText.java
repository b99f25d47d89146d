package releve.sip.dialog;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.NameAddr;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/**
 * A dialog as one line of text, for a store from which another process adopts it. Fields are separated by spaces, each
 * percent-encoded; {@code -} stands for an absent one, the first is the version of the form, routes come last:
 *
 * <pre>
 * 1 call-id local-tag remote-tag local remote local-cseq remote-cseq target transport address port domain
 *   ours|theirs confirmed|early local-sdp remote-sdp route…
 * </pre>
 *
 * The connection is left out: it means nothing in another process.
 */
public final class DialogText {
    /** The longest text that is read, in characters. */
    public static final int LENGTH_MAX = 65_536;

    private static final String VERSION = "1";
    private static final String ABSENT = "-";
    private static final int FIXED_FIELDS = 17;

    private DialogText() {}

    public static String write(Dialog dialog) {
        Hop peer = dialog.peer();
        List<String> fields = new ArrayList<>(List.of(
                VERSION,
                encode(dialog.id().callId()),
                encode(dialog.id().localTag()),
                encode(dialog.id().remoteTag()),
                encode(dialog.local().toString()),
                encode(dialog.remote().toString()),
                Integer.toString(dialog.localCSeq()),
                Integer.toString(dialog.remoteCSeq()),
                encode(dialog.remoteTarget()),
                peer.transport().name(),
                encode(peer.address().getAddress().getHostAddress()),
                Integer.toString(peer.address().getPort()),
                encode(peer.domain()),
                dialog.callIdOurs() ? "ours" : "theirs",
                dialog.confirmed() ? "confirmed" : "early",
                encode(dialog.localSdp()),
                encode(dialog.remoteSdp())));
        dialog.routeSet().forEach(route -> fields.add(encode(route)));
        return String.join(" ", fields);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException when it is no such text, or one of a version we do not know; the message says which
     */
    public static Dialog parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "the text of a dialog has " + text.length() + " characters, more than " + LENGTH_MAX);
        }
        String[] fields = text.split(" ", -1);
        if (!fields[0].equals(VERSION)) {
            throw new IllegalArgumentException("the text of a dialog is not of version " + VERSION);
        }
        if (fields.length < FIXED_FIELDS) {
            throw new IllegalArgumentException(
                    "the text of a dialog has " + fields.length + " fields, fewer than " + FIXED_FIELDS);
        }
        return new Dialog(
                new DialogId(
                        word(required(fields[1], "Call-ID"), "Call-ID"),
                        word(orEmpty(fields[2]), "local tag"),
                        word(orEmpty(fields[3]), "remote tag")),
                address(fields[4], "local address"),
                address(fields[5], "remote address"),
                number(fields[6], 0, Integer.MAX_VALUE, "local CSeq"),
                number(fields[7], -1, Integer.MAX_VALUE, "remote CSeq"),
                Arrays.stream(fields, FIXED_FIELDS, fields.length)
                        .map(DialogText::route)
                        .toList(),
                target(fields[8]),
                hop(fields),
                either(fields[13], "ours", "theirs"),
                either(fields[14], "confirmed", "early"),
                decode(fields[15]),
                decode(fields[16]));
    }

    private static String word(String value, String what) {
        if (value.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("the " + what + " in the text of a dialog is not one word");
        }
        return value;
    }

    private static String target(String field) {
        String target = required(field, "remote target");
        address(encode("<" + target + ">"), "remote target");
        return target;
    }

    private static String route(String field) {
        address(field, "route");
        String route = required(field, "route");
        if (route.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a route in the text of a dialog has a control character");
        }
        return route;
    }

    private static Hop hop(String[] fields) {
        int port = number(fields[11], 0, 65_535, "peer's port");
        String address = required(fields[10], "peer's address");
        try {
            Transport transport = Transport.valueOf(fields[9]);
            return new Hop(
                    transport, new InetSocketAddress(InetAddress.ofLiteral(address), port), 0, orEmpty(fields[12]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the peer of a dialog is wrong in its text: '" + fields[9] + "' '" + address + "'", e);
        }
    }

    private static NameAddr address(String field, String what) {
        try {
            return NameAddr.parse(required(field, what));
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException(
                    "the " + what + " in the text of a dialog is no SIP address: " + e.getMessage(), e);
        }
    }

    private static int number(String field, int least, int most, String what) {
        try {
            int number = Integer.parseInt(field);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the " + what + " in the text of a dialog is no number", e);
        }
        throw new IllegalArgumentException("the " + what + " in the text of a dialog is out of range: " + field);
    }

    private static boolean either(String field, String yes, String no) {
        if (!field.equals(yes) && !field.equals(no)) {
            throw new IllegalArgumentException(
                    "the text of a dialog says '" + field + "' where it should say " + yes + " or " + no);
        }
        return field.equals(yes);
    }

    private static String required(String field, String what) {
        String value = decode(field);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the " + what + " is missing in the text of a dialog");
        }
        return value;
    }

    private static String orEmpty(String field) {
        String value = decode(field);
        return value == null ? "" : value;
    }

    private static String encode(@Nullable String value) {
        if (value == null) {
            return ABSENT;
        }
        String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
        return encoded.equals(ABSENT) ? "%2D" : encoded;
    }

    private static @Nullable String decode(String field) {
        if (field.equals(ABSENT)) {
            return null;
        }
        try {
            return URLDecoder.decode(field, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a field in the text of a dialog is not percent-encoded", e);
        }
    }
}
