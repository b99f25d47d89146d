package releve.core.common;

/**
 * How a call ended, and why in a sentence's worth of words.
 *
 * @param result the call result
 * @param endedBy who ended it
 * @param reason for people and reports, such as {@code "486 Busy Here"}
 */
public record Termination(CallResult result, EndedBy endedBy, String reason) {}
