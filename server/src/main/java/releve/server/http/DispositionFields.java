package releve.server.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Disposition;
import releve.core.common.CallResult;

/**
 * A disposition as the API writes it: {@code result}, a call result's code; for a callback {@code callbackAt}, an instant
 * such as 2026-11-26T09:30:00Z, or a local time such as 2026-11-26T10:30 with its {@code zone}, and {@code personal}, true when he calls back
 * himself; {@code note}.
 */
final class DispositionFields {
    private static final int CODE_MAX = 999;

    private DispositionFields() {}

    /** @throws Refused with 400 and one sentence when it is none */
    static Disposition read(RequestFields fields, Instant now) {
        CallResult result;
        try {
            result = CallResult.ofCode(fields.number("result", 0, CODE_MAX));
        } catch (IllegalArgumentException e) {
            throw Refused.badRequest("The field \"result\" is no call result's code.");
        }
        Disposition disposition = new Disposition(
                result, callbackAt(fields), fields.flag("personal", false), fields.text("note", 500, ""));
        disposition.refusal(now).ifPresent(sentence -> {
            throw Refused.badRequest(sentence);
        });
        return disposition;
    }

    private static @Nullable Instant callbackAt(RequestFields fields) {
        String at = fields.text("callbackAt", 40, "");
        String zone = fields.text("zone", 64, "");
        if (at.isEmpty()) {
            return null;
        }
        try {
            return zone.isEmpty()
                    ? Instant.parse(at)
                    : LocalDateTime.parse(at).atZone(ZoneId.of(zone)).toInstant();
        } catch (DateTimeException e) {
            throw Refused.badRequest(
                    "The field \"callbackAt\" must be a time such as 2026-11-26T09:30:00Z, or a local time"
                            + " such as 2026-11-26T10:30 with a \"zone\" such as Europe/Paris.");
        }
    }

    static Map<String, @Nullable Object> body(Disposition disposition) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("result", disposition.result().code());
        body.put("callbackAt", disposition.callbackAt());
        body.put("personal", disposition.personal());
        body.put("note", disposition.note());
        return body;
    }
}
