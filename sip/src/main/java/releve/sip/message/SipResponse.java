package releve.sip.message;

import org.jspecify.annotations.Nullable;

/** A response (RFC 3261 section 7.2). */
public final class SipResponse extends SipMessage {
    private final int status;
    private final String reasonPhrase;

    SipResponse(int status, String reasonPhrase, Headers headers, byte[] body, boolean checked)
            throws MalformedMessageException {
        super(headers, body, checked);
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
        if (status < 100 || status > 699) {
            throw new IllegalArgumentException(status + " is not a response status");
        }
        if (reasonPhrase.indexOf('\r') >= 0 || reasonPhrase.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a reason phrase contains a line break");
        }
        try {
            return new SipResponse(status, reasonPhrase, headers, body, false);
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
