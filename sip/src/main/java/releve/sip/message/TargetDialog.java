package releve.sip.message;

/**
 * A Target-Dialog value (RFC 4538): a dialog that the sender knows, which authorises its request.
 *
 * @param callId the dialog's Call-ID
 * @param localTag the tag of this header's sender in it
 * @param remoteTag the receiver's tag in it
 */
public record TargetDialog(String callId, String localTag, String remoteTag) {
    public static TargetDialog parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String callId = c.callId("Target-Dialog");
        Params params = Params.parse(c, "Target-Dialog");
        c.expectEnd("Target-Dialog");
        String localTag = params.get("local-tag");
        String remoteTag = params.get("remote-tag");
        if (localTag == null || remoteTag == null) {
            throw new MalformedMessageException("Target-Dialog lacks a tag");
        }
        return new TargetDialog(callId, localTag, remoteTag);
    }

    @Override
    public String toString() {
        return callId + ";local-tag=" + localTag + ";remote-tag=" + remoteTag;
    }
}
