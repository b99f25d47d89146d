package releve.server.trunk;

import java.util.List;
import releve.sip.agent.SessionInterval;
import releve.sip.auth.Account;
import releve.sip.trunk.TrunkConfig;

/**
 * One trunk as an operator describes it.
 *
 * @param sip its gateways, limits and watch
 * @param caller how callers are shown
 * @param accounts who we are to those who challenge; possibly nobody
 * @param analyses whether its gateways tell who or what answered when a call asks for it
 * @param answerWithinMs how long a gateway may be silent to an INVITE before the next one gets it, 500 to 32,000 ms
 */
public record TrunkSettings(
        TrunkConfig sip, ShownCaller caller, List<Account> accounts, boolean analyses, long answerWithinMs) {
    /** Less than most phones ring, and time for three repetitions of the INVITE. */
    public static final long ANSWER_WITHIN_MS = 5_000;

    public TrunkSettings {
        accounts = List.copyOf(accounts);
    }

    public String name() {
        return sip.name();
    }

    /** The session timer of its calls (RFC 4028): off unless it was asked for. */
    public SessionInterval session() {
        int seconds = sip.calls().sessionExpiresSeconds();
        return seconds == 0
                ? SessionInterval.OFF
                : new SessionInterval(seconds, sip.calls().sessionLeastSeconds(), true);
    }
}
