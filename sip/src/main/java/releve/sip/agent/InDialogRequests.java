package releve.sip.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.message.Event;
import releve.sip.message.HeaderName;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.NameAddr;
import releve.sip.message.SipRequest;

/**
 * The peer's requests within a call that leave its session as it is: INFO (RFC 6086), REFER (RFC 3515) and the NOTIFY of a
 * REFER of ours.
 */
final class InDialogRequests {
    private final Core core;

    InDialogRequests(Core core) {
        this.core = core;
    }

    void info(Call call, Inbound in, long nowMs) {
        SipRequest info = in.request();
        core.answer(in, 200, List.of(), nowMs);
        core.emit(new SipEvent.InfoReceived(
                call.number,
                info.headers().first(HeaderName.CONTENT_TYPE),
                info.body().clone()));
    }

    void refer(Call call, Inbound in, long nowMs) {
        String referTo = referTo(in.request());
        if (referTo == null) {
            core.answer(in, 400, List.of(), nowMs);
        } else if (call.phase != Call.Phase.UP) {
            core.answer(in, 481, List.of(), nowMs);
        } else if (call.referred != null) {
            core.answer(in, 491, List.of(), nowMs);
        } else {
            boolean first = !call.wasReferred;
            call.wasReferred = true;
            var transaction = core.transactions.open(in.request(), in.responsesTo());
            call.referred = new IncomingRefer(call, in, transaction, first, nowMs);
            core.emit(new SipEvent.Referred(
                    call.number, referTo, in.request().headers().first("Referred-By"), in.request()));
        }
    }

    private static @Nullable String referTo(SipRequest refer) {
        String value = refer.headers().first("Refer-To");
        if (value == null || !IncomingRefer.isWellFormed(refer)) {
            return null;
        }
        try {
            return NameAddr.parse(value).uri();
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    void notify(Call call, Inbound in, long nowMs) {
        if (Event.of(in.request().headers()) == null) {
            core.answer(in, 489, List.of(core.watchers.allowEvents()), nowMs);
            return;
        }
        int status = call.refer == null ? 481 : call.refer.notified(in.request(), nowMs);
        core.answer(in, status, List.of(), nowMs);
    }
}
