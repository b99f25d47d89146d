package releve.sip.trunk;

/**
 * What the calls of a trunk use of SIP's extensions: gateways differ, some need what breaks others.
 *
 * @param reliableProvisional RFC 3262
 * @param transfer how a connected customer gets to an agent
 * @param sessionExpiresSeconds the session interval that is asked for (RFC 4028), 90 to 86,400, or 0 for no session timer
 * @param sessionLeastSeconds the shortest interval that is taken (Min-SE), 90 up to what is asked for
 */
public record CallSettings(
        ReliableProvisional reliableProvisional,
        Transfer transfer,
        int sessionExpiresSeconds,
        int sessionLeastSeconds) {
    /** Whether provisional responses are acknowledged. */
    public enum ReliableProvisional {
        /** Not mentioned at all. */
        OFF,
        /** {@code Supported: 100rel}: the peer decides. */
        SUPPORTED,
        /** {@code Require: 100rel}: a peer without it refuses the call with 420. */
        REQUIRED
    }

    /** How a call gets to an agent. */
    public enum Transfer {
        /** Third-party call control by re-INVITE (RFC 3725): works on any trunk. */
        BRIDGE,
        /** REFER (RFC 3515): the gateway calls the agent itself. */
        REFER
    }

    /** No reliable provisional responses, bridging, no session timer: what every gateway takes. */
    public static final CallSettings PLAIN = new CallSettings(ReliableProvisional.OFF, Transfer.BRIDGE, 0, 90);

    /** @throws IllegalArgumentException when the session interval is out of its range */
    public CallSettings {
        if (sessionExpiresSeconds != 0 && (sessionExpiresSeconds < 90 || sessionExpiresSeconds > 86_400)) {
            throw new IllegalArgumentException("the session interval must be 90 to 86400 s, or 0 for none");
        }
        if (sessionLeastSeconds < 90 || (sessionExpiresSeconds != 0 && sessionLeastSeconds > sessionExpiresSeconds)) {
            throw new IllegalArgumentException(
                    "the shortest session must be 90 s or more, and no longer than the interval");
        }
    }
}
