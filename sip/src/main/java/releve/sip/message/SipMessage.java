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
    private final String callId;
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
        this.callId = single(headers, HeaderName.CALL_ID);
        if (callId.isEmpty() || callId.indexOf(' ') >= 0 || callId.indexOf('\t') >= 0) {
            throw new MalformedMessageException("Call-ID is not one word");
        }
        String via = required(headers, HeaderName.VIA);
        String fromValue = single(headers, HeaderName.FROM);
        String toValue = single(headers, HeaderName.TO);
        String cseqValue = single(headers, HeaderName.CSEQ);
        if (checked) {
            this.topVia = Via.parseFirst(via);
            NameAddr.check(fromValue);
            NameAddr.check(toValue);
            this.cseq = CSeq.parse(cseqValue);
        }
    }

    /** Reads a field that is known to be well-formed. */
    private interface Reading<T> {
        T read(String value) throws MalformedMessageException;
    }

    private <T> T read(String name, Reading<T> reading) {
        try {
            return reading.read(required(headers, name));
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(
                    "a field that was checked is malformed: " + name + ": " + e.getMessage(), e);
        }
    }

    private static String required(Headers headers, String name) throws MalformedMessageException {
        String value = headers.first(name);
        if (value == null) {
            throw new MalformedMessageException(name + " is missing");
        }
        return value;
    }

    private static String single(Headers headers, String name) throws MalformedMessageException {
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
            known = read(HeaderName.VIA, Via::parseFirst);
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
        return callId;
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
