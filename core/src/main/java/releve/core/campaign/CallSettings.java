package releve.core.campaign;

import java.time.Duration;

/**
 * What a call looks like to its customer.
 *
 * @param callerId the number shown to customers
 * @param prefix put before each number that is dialed, up to 15 digits; empty for none
 * @param noAnswerRingLimit 10 to 90 s
 * @param minimumCallDuration 0 to 10 s; a shorter call counts as customer abandon
 */
public record CallSettings(String callerId, String prefix, Duration noAnswerRingLimit, Duration minimumCallDuration) {
    /** 32 s of ringing, 1 s of minimum duration, no prefix. */
    public static CallSettings from(String callerId) {
        return new CallSettings(callerId, "", Duration.ofSeconds(32), Duration.ofSeconds(1));
    }

    public CallSettings withRingLimit(Duration newRingLimit) {
        return new CallSettings(callerId, prefix, newRingLimit, minimumCallDuration);
    }

    public CallSettings withMinimumCallDuration(Duration newMinimum) {
        return new CallSettings(callerId, prefix, noAnswerRingLimit, newMinimum);
    }

    /** What is dialed for a number in E.164: behind a prefix the number stands without its plus sign. */
    public String dialed(String phone) {
        return prefix.isEmpty() ? phone : prefix + (phone.startsWith("+") ? phone.substring(1) : phone);
    }
}
