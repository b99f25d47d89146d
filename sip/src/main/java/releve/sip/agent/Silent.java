package releve.sip.agent;

import releve.sip.message.SipResponse;
import releve.sip.transaction.ClientUser;

/** The user of a request whose outcome changes nothing: CANCEL, and the BYE of a surplus answer. */
enum Silent implements ClientUser {
    USER;

    @Override
    public void onResponse(SipResponse response, long nowMs) {}

    @Override
    public void onTimeout(long nowMs) {}

    @Override
    public void onTransportFailure(long nowMs) {}
}
