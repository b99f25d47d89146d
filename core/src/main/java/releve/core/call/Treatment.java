package releve.core.call;

import java.time.Duration;

/** What becomes of an answered call whose customer nobody could serve, or that a machine answered. */
public sealed interface Treatment {

    /** What may be done with a person, too. */
    sealed interface OfPerson extends Treatment {}

    /** The call is ended without a word. */
    record HangUp() implements OfPerson {}

    /** A recording is played, then the call is ended. */
    record Play(String recording) implements OfPerson {}

    /** The call goes to an IVR; when that does not take it, it is ended. */
    record Divert(Target to) implements OfPerson {}

    /** A machine gets an agent, or a port of the campaign's IVR, as a person does. */
    record Serve() implements Treatment {}

    /**
     * The recording is played when the machine's terminating tone has been heard; without the tone the call is ended, since
     * a message that begins in the middle of a greeting is none.
     *
     * @param atMost how long to wait for the tone, from the verdict
     */
    record PlayAfterTone(String recording, Duration atMost) implements Treatment {}
}
