package releve.sip.message;

import org.jspecify.annotations.Nullable;

/** A request (RFC 3261 section 7.1). */
public final class SipRequest extends SipMessage {
    private final Method method;
    private final String uri;

    SipRequest(
            Method method,
            String uri,
            Headers headers,
            byte @Nullable [] body,
            @Nullable String sdp,
            @Nullable Cursor reader)
            throws MalformedMessageException {
        super(headers, body, sdp, reader);
        this.method = method;
        this.uri = uri;
        if (reader != null && !cseq().method().equals(method)) {
            throw new MalformedMessageException("the method of CSeq is not the request's");
        }
    }

    /**
     * Makes a request of our own.
     *
     * @param uri the Request-URI
     * @param headers all fields but Content-Length, which the writer adds
     * @throws IllegalArgumentException when a mandatory header is missing or malformed
     */
    public static SipRequest of(Method method, String uri, Headers headers, byte[] body) {
        return of(method, uri, headers, body, null);
    }

    /** The same with a session description as the body, or none; its Content-Type has to be among the headers. */
    public static SipRequest of(Method method, String uri, Headers headers, @Nullable String sdp) {
        return of(method, uri, headers, null, sdp);
    }

    private static SipRequest of(
            Method method, String uri, Headers headers, byte @Nullable [] body, @Nullable String sdp) {
        try {
            SipUri.check(uri);
            return new SipRequest(method, uri, headers, body, sdp, null);
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException("not a valid " + method + " request: " + e.getMessage(), e);
        }
    }

    /** Makes a request without a body. */
    public static SipRequest of(Method method, String uri, Headers headers) {
        return of(method, uri, headers, NO_BODY);
    }

    public Method method() {
        return method;
    }

    /** The Request-URI as it came. */
    public String uri() {
        return uri;
    }

    @Override
    public String toString() {
        return method + " " + uri + " " + callId() + " " + cseq();
    }
}
