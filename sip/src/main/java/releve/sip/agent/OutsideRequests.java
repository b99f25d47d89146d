package releve.sip.agent;

import releve.sip.message.SipResponse;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.Hop;

/** Requests of ours that belong to no call: REGISTER and OPTIONS. */
final class OutsideRequests {
    private final Core core;

    OutsideRequests(Core core) {
        this.core = core;
    }

    long register(RegisterRequest spec, long nowMs) {
        long number = core.nextCallNumber();
        Registration registration = new Registration(number, core, spec);
        core.registrations.put(number, registration);
        registration.start(nowMs);
        return number;
    }

    boolean unregister(long number, long nowMs) {
        Registration registration = core.registrations.get(number);
        return registration != null && registration.leave(nowMs);
    }

    /** @return the number that the event will carry */
    long options(String uri, Hop destination, long nowMs) {
        long question = core.nextCallNumber();
        if (core.transactions.size() >= core.config.transactionsMax()) {
            core.count(Counter.REFUSED_AT_LIMIT);
            core.emit(new SipEvent.OptionsFailed(question, destination, 503));
            return question;
        }
        ClientUser user = new ClientUser() {
            @Override
            public void onResponse(SipResponse response, long atMs) {
                if (!response.isProvisional()) {
                    core.emit(new SipEvent.OptionsAnswered(
                            question, destination, response.status(), response.retryAfterSeconds()));
                }
            }

            @Override
            public void onTimeout(long atMs) {
                core.emit(new SipEvent.OptionsFailed(question, destination, 408));
            }

            @Override
            public void onTransportFailure(long atMs) {
                core.emit(new SipEvent.OptionsFailed(question, destination, 503));
            }
        };
        core.transactions.request(core.options(uri, destination), destination, user, nowMs);
        return question;
    }
}
