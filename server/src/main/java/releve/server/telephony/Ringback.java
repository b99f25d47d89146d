package releve.server.telephony;

import java.time.Duration;
import releve.media.prompt.Prompt;

/** What an agent hears while his customer's phone rings and the network sends no tone of its own. */
final class Ringback {
    /** The tone of ITU-T E.180 as most of Europe has it: 425 Hz, 1 s on, 4 s off; as long as a phone may ring. */
    static final Prompt TONE = Prompt.tone(425, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(90));

    private Ringback() {}
}
