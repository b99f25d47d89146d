package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request or a response whose mandatory header fields (RFC 3261 section 8.1.1) are there and well-formed. Any
 * other field is kept as it came. Immutable; the body array must not be changed.
 */
public abstract sealed class SipMessage permits SipRequest, SipResponse {
    static final byte[] NO_BODY = new byte[0];
    /** The Content-Type of session descriptions. */
    static final String SDP = "application/sdp";

    private static final String BRANCH = ";branch=";
    private static final NameAddr NO_CONTACT = NameAddr.of("");

    private final Headers headers;
    /** Null while the body is a description of ours that nobody has asked for as bytes. */
    private byte @Nullable [] body;

    private @Nullable Via topVia;
    private @Nullable NameAddr from;
    private @Nullable NameAddr to;
    private @Nullable CSeq cseq;
    private @Nullable NameAddr contact;
    private @Nullable String sdp;

    /**
     * @param body the body; null for a session description, or none
     * @param sdp the session description that is the body
     * @param reader reads the mandatory fields, which may be malformed; null for a message of ours, whose fields are read when
     *     they are asked for
     */
    SipMessage(Headers headers, byte @Nullable [] body, @Nullable String sdp, @Nullable Cursor reader)
            throws MalformedMessageException {
        this.headers = headers;
        this.body = body == null && sdp == null ? NO_BODY : body;
        this.sdp = sdp;
        int callId = single(headers, HeaderName.CALL_ID);
        int via = required(headers, HeaderName.VIA);
        int fromIndex = single(headers, HeaderName.FROM);
        int toIndex = single(headers, HeaderName.TO);
        int cseqIndex = single(headers, HeaderName.CSEQ);
        Cursor c = reader == null ? new Cursor("") : reader;
        if (!headers.read(c, callId).isOneWord()) {
            throw new MalformedMessageException("Call-ID is not one word");
        }
        if (reader != null) {
            this.topVia = Via.parseFirst(headers.read(c, via));
            NameAddr.check(headers.read(c, fromIndex));
            NameAddr.check(headers.read(c, toIndex));
            this.cseq = CSeq.parse(headers.read(c, cseqIndex));
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
        byte[] known = body;
        if (known == null) {
            known = Objects.requireNonNull(sdp).getBytes(StandardCharsets.UTF_8);
            body = known;
        }
        return known;
    }

    /** The body, if it is a text of ours that has not been made into bytes; null otherwise. */
    final @Nullable String text() {
        return body == null ? sdp : null;
    }

    public final Via topVia() {
        Via known = topVia;
        if (known == null) {
            known = read(HeaderName.VIA, Via::parseFirst);
            topVia = known;
        }
        return known;
    }

    /** The branch of the top Via, or null when it has none. */
    public final @Nullable String branch() {
        if (topVia != null) {
            return topVia.branch();
        }
        // One of ours, whose branch comes last.
        String via = headers.value(headers.indexOf(HeaderName.VIA));
        int branch = via.lastIndexOf(BRANCH);
        return branch < 0 ? topVia().branch() : via.substring(branch + BRANCH.length());
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
        int index = headers.indexOf(HeaderName.CONTACT);
        if (index < 0) {
            return NO_CONTACT;
        }
        try {
            // A star is no URI and so refused.
            return NameAddr.parseFirst(headers.read(new Cursor(""), index));
        } catch (MalformedMessageException _) {
            return NO_CONTACT;
        }
    }

    /** The body as a session description text, or null when the message has none. */
    public final @Nullable String sdp() {
        if (body == null) {
            return sdp;
        }
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
            known = new String(body(), StandardCharsets.UTF_8);
            sdp = known;
        }
        return known;
    }

    /** Whether the body is anything else than one session description, or may be. */
    public final boolean hasMoreThanDescription() {
        return body != null && body.length > 0;
    }

    /** The parts of the body: itself, as a rule; none when there is no body, or one that cannot be taken apart. */
    public final List<BodyPart> parts() {
        byte[] all = body();
        String type = all.length == 0 ? null : headers.first(HeaderName.CONTENT_TYPE);
        if (type == null) {
            return List.of();
        }
        try {
            return Multipart.isMultipart(type)
                    ? Multipart.parse(type, all)
                    : List.of(new BodyPart(type, headers.first("Content-Disposition"), all));
        } catch (MalformedMessageException _) {
            return List.of();
        }
    }
}
