package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request or a response whose mandatory header fields (RFC 3261 section 8.1.1) are there and well-formed. Any
 * other field is kept as it came. Immutable; the body array must not be changed.
 */
public abstract sealed class SipMessage permits SipRequest, SipResponse {
    static final byte[] NO_BODY = new byte[0];

    private static final String SDP = "application/sdp";
    private static final NameAddr NO_CONTACT = NameAddr.of("");

    private final Headers headers;
    private final byte[] body;
    private @Nullable Via topVia;
    private @Nullable NameAddr from;
    private @Nullable NameAddr to;
    private @Nullable CSeq cseq;
    private @Nullable NameAddr contact;
    private @Nullable String sdp;

    /** @param checked whether the mandatory fields may be malformed; our own are not, and are read when asked for */
    SipMessage(Headers headers, byte[] body, boolean checked) throws MalformedMessageException {
        this.headers = headers;
        this.body = body;
        int callId = single(headers, HeaderName.CALL_ID);
        int via = required(headers, HeaderName.VIA);
        int fromIndex = single(headers, HeaderName.FROM);
        int toIndex = single(headers, HeaderName.TO);
        int cseqIndex = single(headers, HeaderName.CSEQ);
        if (!headers.cursor(callId).isOneWord()) {
            throw new MalformedMessageException("Call-ID is not one word");
        }
        if (checked) {
            this.topVia = Via.parseFirst(headers.cursor(via));
            NameAddr.check(headers.cursor(fromIndex));
            NameAddr.check(headers.cursor(toIndex));
            this.cseq = CSeq.parse(headers.cursor(cseqIndex));
        }
    }

    /** Reads a field that is known to be well-formed. */
    private interface Reading<T> {
        T read(String value) throws MalformedMessageException;
    }

    private <T> T read(String name, Reading<T> reading) {
        try {
            return reading.read(headers.value(required(headers, name)));
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(
                    "a field that was checked is malformed: " + name + ": " + e.getMessage(), e);
        }
    }

    private static int required(Headers headers, String name) throws MalformedMessageException {
        int index = headers.indexOf(name);
        if (index < 0) {
            throw new MalformedMessageException(name + " is missing");
        }
        return index;
    }

    private static int single(Headers headers, String name) throws MalformedMessageException {
        if (headers.count(name) > 1) {
            throw new MalformedMessageException(name + " is there twice");
        }
        return required(headers, name);
    }

    public final Headers headers() {
        return headers;
    }

    /** The body, possibly empty; not copied. */
    public final byte[] body() {
        return body;
    }

    public final Via topVia() {
        Via known = topVia;
        if (known == null) {
            known = read(HeaderName.VIA, value -> Via.parseFirst(new Cursor(value)));
            topVia = known;
        }
        return known;
    }

    public final NameAddr from() {
        NameAddr known = from;
        if (known == null) {
            known = read(HeaderName.FROM, NameAddr::parse);
            from = known;
        }
        return known;
    }

    public final NameAddr to() {
        NameAddr known = to;
        if (known == null) {
            known = read(HeaderName.TO, NameAddr::parse);
            to = known;
        }
        return known;
    }

    public final String callId() {
        return headers.value(headers.indexOf(HeaderName.CALL_ID));
    }

    public final CSeq cseq() {
        CSeq known = cseq;
        if (known == null) {
            known = read(HeaderName.CSEQ, CSeq::parse);
            cseq = known;
        }
        return known;
    }

    /** The first Contact, or null when there is none, or only a star, or one that cannot be read. */
    public final @Nullable NameAddr contact() {
        if (contact == null) {
            contact = firstContact();
        }
        return contact == NO_CONTACT ? null : contact;
    }

    private NameAddr firstContact() {
        String value = headers.first(HeaderName.CONTACT);
        if (value == null || value.equals("*")) {
            return NO_CONTACT;
        }
        try {
            return NameAddr.parseList(value).getFirst();
        } catch (MalformedMessageException _) {
            return NO_CONTACT;
        }
    }

    /** The body as a session description text, or null when the message has none. */
    public final @Nullable String sdp() {
        if (body.length == 0) {
            return null;
        }
        String type = headers.first(HeaderName.CONTENT_TYPE);
        if (type == null) {
            return null;
        }
        if (Multipart.isMultipart(type)) {
            for (BodyPart part : parts()) {
                if (part.is(SDP)) {
                    return new String(part.content(), StandardCharsets.UTF_8);
                }
            }
            return null;
        }
        if (!MediaType.matches(type, SDP)) {
            return null;
        }
        String known = sdp;
        if (known == null) {
            known = new String(body, StandardCharsets.UTF_8);
            sdp = known;
        }
        return known;
    }

    /** The parts of the body: itself, as a rule; none when there is no body, or one that cannot be taken apart. */
    public final List<BodyPart> parts() {
        String type = body.length == 0 ? null : headers.first(HeaderName.CONTENT_TYPE);
        if (type == null) {
            return List.of();
        }
        try {
            return Multipart.isMultipart(type)
                    ? Multipart.parse(type, body)
                    : List.of(new BodyPart(type, headers.first("Content-Disposition"), body));
        } catch (MalformedMessageException _) {
            return List.of();
        }
    }
}
