package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.message.BodyPart;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.Method;
import releve.sip.message.Multipart;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.sdp.Sdp;

/**
 * The body of a message of ours with the fields that describe it: a description, something beside it, both or nothing.
 *
 * @param headers Content-Type and Content-Disposition, none for no body
 * @param body empty when the body is a description
 * @param sdp the description that is the whole body; null when something else is
 */
record Content(List<Header> headers, byte[] body, @Nullable String sdp) {
    private static final Content NONE = new Content(List.of(), Core.NO_BODY, null);
    private static final List<Header> DESCRIPTION = List.of(new Header(HeaderName.CONTENT_TYPE, Sdp.CONTENT_TYPE));

    static Content of(@Nullable String sdp) {
        return sdp == null ? NONE : new Content(DESCRIPTION, Core.NO_BODY, sdp);
    }

    static Content of(@Nullable String sdp, @Nullable BodyPart beside) {
        if (beside == null) {
            return of(sdp);
        }
        if (sdp == null) {
            Header type = new Header(HeaderName.CONTENT_TYPE, beside.contentType());
            String disposition = beside.disposition();
            return new Content(
                    disposition == null ? List.of(type) : List.of(type, new Header("Content-Disposition", disposition)),
                    beside.content(),
                    null);
        }
        BodyPart description = new BodyPart(Sdp.CONTENT_TYPE, null, sdp.getBytes(StandardCharsets.UTF_8));
        return new Content(
                List.of(new Header(HeaderName.CONTENT_TYPE, Multipart.contentType())),
                Multipart.write(List.of(description, beside)),
                null);
    }

    /** @param fields all of the request's, those of this content among them */
    SipRequest request(Method method, String uri, Headers fields) {
        return sdp != null ? SipRequest.of(method, uri, fields, sdp) : SipRequest.of(method, uri, fields, body);
    }

    /** @param fields all of the response's, those of this content among them */
    SipResponse response(int status, String phrase, Headers fields) {
        return sdp != null ? SipResponse.of(status, phrase, fields, sdp) : SipResponse.of(status, phrase, fields, body);
    }
}
