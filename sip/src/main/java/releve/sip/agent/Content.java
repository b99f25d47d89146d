package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.message.BodyPart;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Multipart;
import releve.sip.sdp.Sdp;

/**
 * The body of a message of ours with the fields that describe it: a description, something beside it, both or nothing.
 *
 * @param headers Content-Type and Content-Disposition, none for no body
 */
record Content(List<Header> headers, byte[] body) {
    private static final Content NONE = new Content(List.of(), Core.NO_BODY);
    private static final List<Header> DESCRIPTION = List.of(new Header(HeaderName.CONTENT_TYPE, Sdp.CONTENT_TYPE));

    static Content of(@Nullable String sdp) {
        return sdp == null ? NONE : new Content(DESCRIPTION, sdp.getBytes(StandardCharsets.UTF_8));
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
                    beside.content());
        }
        BodyPart description = new BodyPart(Sdp.CONTENT_TYPE, null, sdp.getBytes(StandardCharsets.UTF_8));
        return new Content(
                List.of(new Header(HeaderName.CONTENT_TYPE, Multipart.contentType())),
                Multipart.write(List.of(description, beside)));
    }
}
