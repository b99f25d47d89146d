package releve.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value of Call-Info, Alert-Info or Error-Info (RFC 3261 sections 20.4, 20.9 and 20.18).
 *
 * @param uri what stands between the angle brackets
 * @param params purpose, answer-after, info … (RFC 7462 for Alert-Info)
 */
public record InfoUri(String uri, Params params) {
    /** The parameter of Call-Info that asks a phone to answer by itself, after so many seconds. */
    public static final String ANSWER_AFTER = "answer-after";

    /** The value of the parameter info of Alert-Info that asks for the same. */
    public static final String AUTO_ANSWER = "alert-autoanswer";

    /** Whether an INVITE asks a phone to answer at once by itself, in one of the two ways that phones know. */
    public static boolean asksToAnswer(Headers invite) {
        return all(invite, HeaderName.CALL_INFO).stream().anyMatch(info -> info.answerAfterSeconds() == 0)
                || all(invite, HeaderName.ALERT_INFO).stream()
                        .anyMatch(info ->
                                AUTO_ANSWER.equalsIgnoreCase(info.params().get("info")));
    }

    /** Parses one value, not a list. */
    public static InfoUri parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.expect('<', "an information URI");
        int close = text.indexOf('>', c.at);
        if (close < 0) {
            throw new MalformedMessageException("'>' is missing in an information URI");
        }
        String uri = text.substring(c.at, close);
        c.at = close + 1;
        SipUri.check(uri);
        Params params = Params.parse(c, "an information URI");
        c.expectEnd("an information URI");
        return new InfoUri(uri, params);
    }

    /** All values of that header that can be read. */
    public static List<InfoUri> all(Headers headers, String name) {
        List<InfoUri> all = new ArrayList<>(1);
        for (String value : headers.values(name)) {
            try {
                all.add(parse(value));
            } catch (MalformedMessageException _) {
                // The header is a hint; a value that cannot be read says nothing.
                continue;
            }
        }
        return all;
    }

    /** Seconds after which a phone is asked to answer by itself, or -1 when this value does not ask for it. */
    public long answerAfterSeconds() {
        return params.number(ANSWER_AFTER);
    }

    public @Nullable String purpose() {
        return params.get("purpose");
    }

    @Override
    public String toString() {
        return "<" + uri + ">" + params;
    }
}
