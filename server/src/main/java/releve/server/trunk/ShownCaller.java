package releve.server.trunk;

import java.util.Optional;
import releve.sip.agent.CallerIdentity;
import releve.sip.agent.InviteRequest;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.NameAddr;

/**
 * How the caller id of a campaign is shown to a trunk.
 *
 * @param domain of the caller's address; our own address where it is empty
 * @param asserted whether P-Asserted-Identity says it, too (RFC 3325)
 * @param withheld whether the callee may not learn it: From is anonymous then, and the network is told all the same
 */
public record ShownCaller(Optional<String> domain, boolean asserted, boolean withheld) {
    /** In From, from our own address: what every trunk takes. */
    public static final ShownCaller PLAIN = new ShownCaller(Optional.empty(), false, false);

    /** The caller's address for From. @param own the host of our own address */
    public String from(String callerId, String own) {
        return "<sip:" + callerId + "@" + domain.orElse(own) + ">";
    }

    /** The call with what goes beside From. @throws IllegalArgumentException when the caller id makes no address */
    public InviteRequest on(InviteRequest call, String callerId, String own) {
        if (!asserted && !withheld) {
            return call;
        }
        try {
            NameAddr address = NameAddr.parse(from(callerId, own));
            return call.withIdentity(withheld ? CallerIdentity.withheld(address) : CallerIdentity.shown(address));
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException("the caller id " + callerId + " makes no SIP address", e);
        }
    }
}
