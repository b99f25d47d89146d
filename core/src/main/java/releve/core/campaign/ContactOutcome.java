package releve.core.campaign;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a contact after an attempt.
 *
 * @param status the next status
 * @param notBefore for a retry, when it may be dialed again
 * @param attemptCounts whether this attempt counts against the contact's maximum; it does not when the customer cannot
 *     have noticed it
 */
public record ContactOutcome(ContactStatus status, @Nullable Instant notBefore, boolean attemptCounts) {}
