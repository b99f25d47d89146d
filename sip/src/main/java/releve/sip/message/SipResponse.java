package releve.sip.message;

import org.jspecify.annotations.Nullable;

/** A response (RFC 3261 section 7.2). */
public final class SipResponse extends SipMessage {
    private final int status;
    private final String reasonPhrase;

    SipResponse(
            int status,
            String reasonPhrase,
            Headers headers,
            byte @Nullable [] body,
            @Nullable String sdp,
            @Nullable Cursor reader)
            throws MalformedMessageException {
        super(headers, body, sdp, reader);
        this.status = status;
        this.reasonPhrase = reasonPhrase;
    }

    /**
     * Makes a response of our own.
     *
     * @param status 100 to 699
     * @param headers all fields but Content-Length, which the writer adds
     * @throws IllegalArgumentException when the status is out of range or a mandatory header missing or malformed
     */
    public static SipResponse of(int status, String reasonPhrase, Headers headers, byte[] body) {
        return of(status, reasonPhrase, headers, body, null);
    }

    /** The same with a session description as the body, or none; its Content-Type has to be among the headers. */
    public static SipResponse of(int status, String reasonPhrase, Headers headers, @Nullable String sdp) {
        return of(status, reasonPhrase, headers, null, sdp);
    }

    private static SipResponse of(
            int status, String reasonPhrase, Headers headers, byte @Nullable [] body, @Nullable String sdp) {
        if (status < 100 || status > 699) {
            throw new IllegalArgumentException(status + " is not a response status");
        }
        if (reasonPhrase.indexOf('\r') >= 0 || reasonPhrase.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a reason phrase contains a line break");
        }
        try {
            return new SipResponse(status, reasonPhrase, headers, body, sdp, null);
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException("not a valid response: " + e.getMessage(), e);
        }
    }

    /** 100 to 699. */
    public int status() {
        return status;
    }

    public String reasonPhrase() {
        return reasonPhrase;
    }

    /** Lets the fields that repeat the request's share its texts: a dialog keeps them for as long as a call lasts. */
    public void shareTexts(SipRequest request) {
        headers().share(request.headers(), HeaderName.FROM);
        headers().share(request.headers(), HeaderName.CALL_ID);
    }

    public boolean isProvisional() {
        return status < 200;
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The seconds of Retry-After (RFC 3261 section 20.33), or null when absent or unreadable. */
    public @Nullable Integer retryAfterSeconds() {
        String value = headers().first(HeaderName.RETRY_AFTER);
        if (value == null) {
            return null;
        }
        try {
            return (int) new Cursor(value).number(Integer.MAX_VALUE, "Retry-After");
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    @Override
    public String toString() {
        return status + " " + reasonPhrase + " " + callId() + " " + cseq();
    }
}
