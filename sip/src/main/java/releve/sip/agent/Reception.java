package releve.sip.agent;

import releve.sip.dialog.DialogId;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Method;
import releve.sip.message.SipParser;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.registrar.Registrar;
import releve.sip.transaction.Hop;

/**
 * What becomes of received bytes: who is not listened to, keep-alives and what is no SIP message end here; requests go to
 * {@link RequestDispatch}, responses to their transaction.
 */
final class Reception {
    private final Core core;
    private final RequestDispatch dispatch;
    private final SipParser parser = new SipParser();

    Reception(Core core) {
        this.core = core;
        this.dispatch = new RequestDispatch(core);
    }

    void serve(Registrar registrar) {
        dispatch.serve(registrar);
    }

    void receive(byte[] bytes, int offset, int length, Hop source, long nowMs) {
        core.count(Counter.DATAGRAMS_RECEIVED);
        switch (core.door.admit(source.address().getAddress(), nowMs)) {
            case ADMITTED -> {}
            case UNKNOWN -> {
                core.count(Counter.DROPPED_UNKNOWN_PEER);
                return;
            }
            case TOO_MANY -> {
                core.count(Counter.DROPPED_STRANGER_RATE);
                return;
            }
        }
        if (isKeepAlive(bytes, offset, length)) {
            core.count(Counter.KEEP_ALIVES);
            return;
        }
        try {
            switch (parser.read(bytes, offset, length)) {
                case SipRequest request -> dispatch.request(new Inbound(request, source), nowMs);
                case SipResponse response -> response(response, source, nowMs);
            }
        } catch (MalformedMessageException _) {
            core.count(Counter.DROPPED_MALFORMED);
        }
    }

    private static boolean isKeepAlive(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void response(SipResponse response, Hop source, long nowMs) {
        if (!core.isOurs(response)) {
            core.count(Counter.DROPPED_STRAY);
        } else if (!core.transactions.onResponse(response, nowMs)) {
            stray(response, source, nowMs);
        }
    }

    /**
     * A 2xx to an INVITE whose transaction is gone: one we gave up, or a very late repetition. Unless it belongs to a
     * call that is up, it is acknowledged and its dialog ended, for its sender believes in a call.
     */
    private void stray(SipResponse response, Hop source, long nowMs) {
        if (!response.isSuccess() || !response.cseq().method().equals(Method.INVITE)) {
            core.count(Counter.DROPPED_STRAY);
            return;
        }
        Call call = core.dialogs.get(DialogId.ofResponse(response));
        if (call != null) {
            SurplusAnswer.acknowledge(core, call.dialog, response);
        } else {
            SurplusAnswer.end(core, response, source, nowMs);
        }
    }
}
