package releve.core.campaign;

/** What a customer gets whom nobody could serve in time. */
public enum AbandonTreatment {
    /** The call is hung up: result 16, dialer abandon. */
    HANG_UP,
    /** The campaign's message is played, then the call is hung up: result 16, dialer abandon. */
    MESSAGE,
    /** The call goes to an IVR, where the customer can opt out: result 20, abandoned to IVR. */
    IVR
}
