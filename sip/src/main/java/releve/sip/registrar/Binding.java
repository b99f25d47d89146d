package releve.sip.registrar;

import java.util.List;
import releve.sip.transaction.Hop;

/**
 * Where an address of record is reached (RFC 3261 section 10.3).
 *
 * @param contact the URI of its Contact
 * @param hop where a request for it goes: where it registered from, which holds behind NAT and for connections too
 * @param path proxies on the way, as Route values (RFC 3327); empty as a rule
 * @param callId of the REGISTER that made it
 * @param cseq of that REGISTER
 * @param untilMs when it expires, on the clock that was passed in
 */
public record Binding(String contact, Hop hop, List<String> path, String callId, int cseq, long untilMs) {
    public Binding {
        path = List.copyOf(path);
    }
}
