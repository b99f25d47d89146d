package releve.core.campaign;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Call progress analysis; times have the field's ranges.
 *
 * @param on whether answers are analysed; without, whoever answers counts as human
 * @param machine what becomes of a call that a machine answered
 * @param machineMessage the recording for {@link MachineTreatment#WAIT_FOR_BEEP_AND_PLAY}, a name in the directory of prompts
 * @param minimumSilence 100 to 1000 ms; what ends a greeting
 * @param analysisPeriod 1000 to 10000 ms
 * @param minimumValidSpeech 50 to 500 ms
 * @param maximumTime 1000 to 10000 ms for the whole analysis; unsure counts as human
 * @param maximumToneWait 1000 to 60000 ms for a machine's terminating tone
 */
public record CpaSettings(
        boolean on,
        MachineTreatment machine,
        @Nullable String machineMessage,
        Duration minimumSilence,
        Duration analysisPeriod,
        Duration minimumValidSpeech,
        Duration maximumTime,
        Duration maximumToneWait) {
    /** On, machines abandoned, the field's times. */
    public static final CpaSettings DEFAULT = new CpaSettings(
            true,
            MachineTreatment.ABANDON,
            null,
            Duration.ofMillis(608),
            Duration.ofMillis(2500),
            Duration.ofMillis(112),
            Duration.ofMillis(3000),
            Duration.ofMillis(30_000));

    /** The same, switched off. */
    public static final CpaSettings OFF = DEFAULT.withOn(false);

    public CpaSettings withOn(boolean newOn) {
        return new CpaSettings(
                newOn,
                machine,
                machineMessage,
                minimumSilence,
                analysisPeriod,
                minimumValidSpeech,
                maximumTime,
                maximumToneWait);
    }

    /** The same with another treatment of machines. @param newMessage what a machine is to record, or null */
    public CpaSettings withMachine(MachineTreatment newMachine, @Nullable String newMessage) {
        return new CpaSettings(
                on,
                newMachine,
                newMessage,
                minimumSilence,
                analysisPeriod,
                minimumValidSpeech,
                maximumTime,
                maximumToneWait);
    }
}
