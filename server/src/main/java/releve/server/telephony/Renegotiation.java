package releve.server.telephony;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import releve.sip.agent.UserAgent;

/** One side of a bridged call changes its session: hold, other media, a refresh. */
final class Renegotiation {
    private Renegotiation() {}

    /** It gets the other side's description; a change goes on to the other. @param own our description, where there is none */
    static void passOn(
            Legs legs, long from, @Nullable String offer, Supplier<String> own, UserAgent agent, long nowMs) {
        boolean customer = from == legs.customer;
        long to = customer ? legs.target : legs.customer;
        String answer = customer ? legs.targetSdp : legs.customerSdp;
        agent.answerReinvite(from, Objects.requireNonNullElseGet(answer, own), nowMs);
        String known = customer ? legs.customerSdp : legs.targetSdp;
        if (offer != null && to != 0 && legs.bridged && !offer.equals(known)) {
            agent.reinvite(to, offer, nowMs);
        }
        if (customer) {
            legs.customerSdp = offer != null ? offer : legs.customerSdp;
        } else {
            legs.targetSdp = offer != null ? offer : legs.targetSdp;
        }
    }
}
