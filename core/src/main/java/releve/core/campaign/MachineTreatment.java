package releve.core.campaign;

/** What becomes of a call that a machine answered. */
public enum MachineTreatment {
    ABANDON,
    TRANSFER_TO_AGENT,
    TRANSFER_TO_IVR,
    /** The message is played after the machine's beep. */
    WAIT_FOR_BEEP_AND_PLAY
}
