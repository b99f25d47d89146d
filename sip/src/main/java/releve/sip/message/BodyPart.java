package releve.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * One part of a message's body: the whole of it, or one of several. The content must not be changed.
 *
 * @param contentType such as {@code application/sdp}
 * @param disposition the value of Content-Disposition, such as {@code signal;handling=optional}; null when there is none
 */
public record BodyPart(String contentType, @Nullable String disposition, byte[] content) {
    /** A part that a peer who does not understand it may pass over (RFC 3204, RFC 5621 section 3). */
    public static BodyPart optional(String contentType, byte[] content) {
        return new BodyPart(contentType, "signal;handling=optional", content);
    }

    /** Whether it is of that type, whatever its parameters. */
    public boolean is(String typeAndSubtype) {
        return MediaType.matches(contentType, typeAndSubtype);
    }
}
