package releve.core.campaign;

/** What becomes of a call that a machine answered. */
public enum MachineTreatment {
    /** The call is ended. */
    ABANDON,
    /** An agent gets it as he would get a person; no IVR campaign has any. */
    TRANSFER_TO_AGENT,
    /** A port of the campaign's IVR gets it; without a free port the call is ended. */
    TRANSFER_TO_IVR,
    /** The message is played after the machine's beep; without a beep the call is ended. */
    WAIT_FOR_BEEP_AND_PLAY
}
