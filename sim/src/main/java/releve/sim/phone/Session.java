package releve.sim.phone;

import org.jspecify.annotations.Nullable;
import releve.sip.sdp.MalformedSdpException;
import releve.sip.sdp.Sdp;

/**
 * A phone's side of a media session: always the same address and port, and a version that rises only with a change (RFC 3264
 * section 8). Nothing is sent or received there.
 */
public final class Session {
    private final String address;
    private final int port;
    private final long id;
    private @Nullable Sdp last;

    /**
     * @param number tells sessions of one process apart; the port follows from it
     */
    public Session(String address, long number) {
        this.address = address;
        this.port = 20_000 + 2 * (int) (number % 20_000);
        this.id = number;
    }

    /**
     * Our description.
     *
     * @param offer the peer's, or null when it wants ours to be the offer
     * @return null when the offer has nothing to take, or cannot be read: 488
     */
    public @Nullable String answer(@Nullable String offer) {
        Sdp fresh;
        try {
            fresh = offer == null
                    ? Sdp.audio(address, port, id)
                    : Sdp.parse(offer).answer(address, port, id);
        } catch (MalformedSdpException _) {
            return null;
        }
        if (fresh == null) {
            return null;
        }
        Sdp before = last;
        Sdp described = fresh;
        if (before != null) {
            described = versioned(fresh, before.version());
            if (!described.equals(before)) {
                described = versioned(fresh, before.version() + 1);
            }
        }
        last = described;
        return described.toString();
    }

    private static Sdp versioned(Sdp sdp, long version) {
        return new Sdp(
                sdp.user(),
                sdp.sessionId(),
                version,
                sdp.originAddress(),
                sdp.sessionName(),
                sdp.address(),
                sdp.attributes(),
                sdp.direction(),
                sdp.media());
    }
}
