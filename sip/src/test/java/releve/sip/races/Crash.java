package releve.sip.races;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import releve.sip.message.SipMessage;
import releve.sip.message.SipRequest;

/**
 * One party dies in mid-call and says nothing more. A while later its heir adopts the dialogs that it had stored, from the
 * same address, as behind an address that moves, or from another, where the peers have to be told.
 *
 * <p>It also keeps account of what the crash touched: what both ends have to agree on depends on it.
 */
final class Crash {
    /** An exchange has ended when nothing was heard of it for so long: five copies are then lost in a row. */
    private static final int QUIET_MS = 9_000;
    /** So long after the adoption the peers know of it, whatever the network lost. */
    private static final int KNOWN_MS = 15_000;

    private final InetSocketAddress victim;
    private final InetSocketAddress heir;
    private final long atMs;
    private final long adoptedAtMs;
    private final Map<String, Long> lastMs = new HashMap<>();
    private final Set<String> fellIntoTheHole = new HashSet<>();
    private Predicate<SipRequest> held = _ -> false;

    private Crash(InetSocketAddress victim, InetSocketAddress heir, long atMs, long adoptedAtMs) {
        this.victim = victim;
        this.heir = heir;
        this.atMs = atMs;
        this.adoptedAtMs = adoptedAtMs;
    }

    static Crash draw(SplittableRandom random) {
        InetSocketAddress victim = Network.address(1 + random.nextInt(Party.COUNT));
        // Either while everything is under way, or when most calls only last.
        long atMs = 500 + random.nextInt(random.nextBoolean() ? 5_000 : 20_000);
        return new Crash(
                victim,
                random.nextBoolean() ? victim : Network.address(Party.COUNT + 2),
                atMs,
                atMs + 50 + random.nextInt(3_000));
    }

    InetSocketAddress victim() {
        return victim;
    }

    InetSocketAddress heir() {
        return heir;
    }

    long atMs() {
        return atMs;
    }

    long adoptedAtMs() {
        return adoptedAtMs;
    }

    boolean addressMoves() {
        return heir.equals(victim);
    }

    /** @param dialog whether the heir holds the dialog of that request at the moment */
    void adopted(Predicate<SipRequest> dialog) {
        held = dialog;
    }

    /**
     * Somebody sends.
     *
     * @throws Violation when a peer begins something at the dead address although it must know the heir's
     */
    void sent(SipMessage message, boolean first, InetSocketAddress from, InetSocketAddress to, long nowMs) {
        String callId = message.callId();
        if (concerns(from) || concerns(to)) {
            lastMs.put(callId, nowMs);
        }
        // A call of the victim's with itself died at both ends: no peer is there to be told.
        boolean gone =
                to.equals(victim) && !from.equals(heir) && nowMs >= atMs && (!addressMoves() || nowMs < adoptedAtMs);
        if (!gone) {
            return;
        }
        if (nowMs < adoptedAtMs + KNOWN_MS) {
            fellIntoTheHole.add(callId);
        } else if (first && message instanceof SipRequest request && held.test(request)) {
            throw new Violation("%s begins this at the address of the dead, whose heir holds the call:%n%s"
                    .formatted(from, message));
        }
    }

    private boolean concerns(InetSocketAddress address) {
        return address.equals(victim) || address.equals(heir);
    }

    /** Something of that call came to the dead. */
    void reached(SipMessage message, long nowMs) {
        lastMs.put(message.callId(), nowMs);
    }

    /** Whether anything of that call went to or came from the one who died. */
    boolean touched(String callId) {
        return lastMs.containsKey(callId);
    }

    /** Whether a message may be repeated in vain, for the one that it is for has died. */
    boolean mayGoNowhere(String callId, InetSocketAddress to) {
        return to.equals(victim) || (touched(callId) && to.equals(Network.address(Party.COUNT + 1)));
    }

    /** Whether nothing is under way in that call, as far as the one about to die can tell. */
    boolean isQuiet(String callId) {
        return atMs - lastMs.getOrDefault(callId, atMs) >= QUIET_MS;
    }

    /** Whether something of that call was sent to nobody before its peer can have known the heir. */
    boolean fellIntoTheHole(String callId) {
        return fellIntoTheHole.contains(callId);
    }

    @Override
    public String toString() {
        return "%s dies at %d ms, adopted by %s at %d ms".formatted(victim, atMs, heir, adoptedAtMs);
    }
}
