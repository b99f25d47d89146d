package releve.app.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.sim.journal.JournalCall;
import releve.sim.journal.JournalReader;
import releve.sim.journal.Outcome;
import releve.sim.journal.Party;

/**
 * One comparison of a ledger with journals. A call is to a customer when its number is in E.164 (it starts with a plus
 * sign); agents and the IVR are called by name. The journals are kept in memory, the ledger passes by.
 */
public final class Comparison {
    private static final int EXAMPLES_MAX = 5;
    /** A call that ended this shortly before the journal's last fact may not have been written as ended yet. */
    private static final Duration JOURNAL_SLACK = Duration.ofSeconds(5);

    private final Map<String, JournalCall> customerCalls = new HashMap<>();
    private final Map<String, JournalCall> otherLegs = new HashMap<>();
    /** The last fact of the journal that tells of a call: whoever has fallen silent is no witness of what came after. */
    private final Map<JournalCall, Instant> witnessedUntil = new IdentityHashMap<>();

    private final Set<String> accountedFor = new HashSet<>();
    private final Map<ContactId, AttemptId> unknownEnds = new HashMap<>();
    private final Map<Finding, Integer> counts = new EnumMap<>(Finding.class);
    private final Map<Finding, List<String>> examples = new EnumMap<>(Finding.class);
    private final Instant since;

    private Comparison(Instant since) {
        this.since = since;
    }

    /** Hands out all attempts of the ledger, in the order in which they started. */
    public interface Ledger {
        void forEach(Consumer<LedgerLine> reader);
    }

    /**
     * Compares.
     *
     * @param journals of the carrier and, if there are any, of the agents' phones
     * @param since what began before is left out on both sides
     */
    public static Reconciliation of(
            Ledger ledger, List<JournalReader.Contents> journals, Leftovers leftovers, Instant since) {
        Comparison comparison = new Comparison(since);
        journals.forEach(comparison::witness);
        ledger.forEach(line -> {
            if (!line.startedAt().isBefore(since)) {
                comparison.attempt(line);
            }
        });
        comparison.extra();
        comparison.atOnce();
        comparison.add(Finding.ATTEMPTS_LEFT, leftovers.attemptsLive());
        comparison.add(Finding.AGENTS_LEFT, leftovers.agentsReserved());
        comparison.add(Finding.ACTIVE_LEFT, leftovers.contactsActive());
        comparison.add(Finding.DIALED_LEFT, leftovers.contactsDialed());
        return new Reconciliation(comparison.counts, comparison.examples);
    }

    private void witness(JournalReader.Contents journal) {
        add(Finding.TORN_LINES, journal.tornLines());
        for (String problem : journal.problems()) {
            // The reader's own words for a Call-ID that began twice in one journal.
            found(problem.contains("second INVITE") ? Finding.DIALED_TWICE : Finding.JOURNAL_PROBLEM, problem);
        }
        Instant lastFactAt = Instant.MIN;
        for (JournalCall call : journal.calls()) {
            lastFactAt = latest(lastFactAt, call);
        }
        for (JournalCall call : journal.calls()) {
            if (call.invitedAt().isBefore(since)) {
                continue;
            }
            witnessedUntil.put(call, lastFactAt);
            boolean customer = call.to().startsWith("+");
            add(customer ? Finding.INVITES : Finding.OTHER_LEGS, 1);
            if (customer) {
                customerCall(call);
            } else if (otherLegs.put(call.callId(), call) != null) {
                beganTwice(call);
            }
        }
    }

    /** A call that one gateway refused before any phone rang may be offered to the next, under the same Call-ID. */
    private void customerCall(JournalCall call) {
        JournalCall other = customerCalls.get(call.callId());
        if (other == null) {
            customerCalls.put(call.callId(), call);
            return;
        }
        boolean later = other.invitedAt().isBefore(call.invitedAt());
        JournalCall first = later ? other : call;
        JournalCall second = later ? call : other;
        if (wasNotTaken(first, second.invitedAt())) {
            add(Finding.OFFERED_ON, 1);
        } else {
            beganTwice(second);
        }
        customerCalls.put(call.callId(), second);
    }

    /** @param then when the next gateway got it; a witness that fell silent before may have died before it said a word */
    private boolean wasNotTaken(JournalCall call, Instant then) {
        JournalCall.End end = call.end();
        boolean refused = end == null ? witnessedUntil(call).isBefore(then) : end.outcome() == Outcome.CONGESTION;
        return refused && call.ringingAt() == null && call.answeredAt() == null;
    }

    private void beganTwice(JournalCall call) {
        found(Finding.DIALED_TWICE, "Call-ID " + call.callId() + " to " + call.to() + " began twice");
    }

    private static Instant latest(Instant before, JournalCall call) {
        JournalCall.End end = call.end();
        Instant last = end == null ? call.invitedAt() : end.at();
        return last.isAfter(before) ? last : before;
    }

    private void attempt(LedgerLine line) {
        add(Finding.ATTEMPTS, 1);
        AttemptId unknown = unknownEnds.get(line.contact());
        if (unknown != null) {
            found(
                    Finding.REDIALED_AFTER_UNKNOWN,
                    "contact %s was dialed by attempt %s after attempt %s had ended as unknown"
                            .formatted(line.contact(), line.attempt(), unknown));
        }
        JournalCall call = customerCalls.get(line.callId());
        CallResult result = line.result();
        if (call != null) {
            accountedFor.add(line.callId());
        }
        if (result == null) {
            add(Finding.LIVE, 1);
        } else if (result == CallResult.UNKNOWN_DIALER_FAILED) {
            add(Finding.UNKNOWN, 1);
            unknownEnds.put(line.contact(), line.attempt());
            if (call != null) {
                dropped(line, call);
            }
        } else if (call == null) {
            notSeen(line, result);
        } else {
            seen(line, result, call);
        }
    }

    /** Whether by its own words an attempt's INVITE never left: it was withheld, or no gateway was there to take it. */
    public static boolean neverLeft(@Nullable CallResult result, @Nullable EndedBy endedBy) {
        return result == CallResult.STORE_LOST || (result == CallResult.NO_DIAL_TONE && endedBy == EndedBy.DIALER);
    }

    private void notSeen(LedgerLine line, CallResult result) {
        if (neverLeft(result, line.endedBy())) {
            add(Finding.NOT_SENT, 1);
        } else if (result == CallResult.DIAL_ERROR && line.endedBy() == EndedBy.NETWORK && line.answeredAt() == null) {
            add(Finding.NO_REPLY, 1);
        } else {
            found(
                    Finding.MISSING,
                    "attempt %s to %s (%s, %s) never reached the carrier"
                            .formatted(line.attempt(), line.phone(), result.meaning(), line.reason()));
        }
    }

    private void seen(LedgerLine line, CallResult result, JournalCall call) {
        JournalCall.End end = call.end();
        if (end == null) {
            leftOpen(line, call);
            return;
        }
        if (!agree(line, result, end)) {
            found(
                    Finding.DISAGREEMENT,
                    "attempt %s to %s: the ledger says %s (%s), the carrier %s (%d)"
                            .formatted(
                                    line.attempt(),
                                    line.phone(),
                                    result.meaning(),
                                    line.reason(),
                                    end.outcome().word(),
                                    end.status()));
        }
        dropped(line, call);
    }

    private void leftOpen(LedgerLine line, JournalCall call) {
        Instant endedAt = line.endedAt();
        boolean followed = line.endedBy() != EndedBy.UNKNOWN;
        if (followed && endedAt != null && endedAt.plus(JOURNAL_SLACK).isBefore(witnessedUntil(call))) {
            found(
                    Finding.LEFT_OPEN,
                    "attempt %s to %s ended at %s and the carrier still holds its call"
                            .formatted(line.attempt(), call.to(), endedAt));
        }
    }

    private Instant witnessedUntil(JournalCall call) {
        return witnessedUntil.getOrDefault(call, Instant.MIN);
    }

    private void dropped(LedgerLine line, JournalCall call) {
        JournalCall.End end = call.end();
        if (!line.connected() || end == null || end.endedBy() != Party.DIALER) {
            return;
        }
        JournalCall otherLeg = line.agentCallId() == null ? null : otherLegs.get(line.agentCallId());
        JournalCall.End otherEnd = otherLeg == null ? null : otherLeg.end();
        boolean endedByOthers = switch (line.endedBy()) {
            case NETWORK -> true;
            // The other party's own account, if we have it, is better than the ledger's.
            case AGENT, CUSTOMER -> otherEnd == null || otherEnd.endedBy() != Party.DIALER;
            case DIALER, UNKNOWN -> otherEnd != null && otherEnd.endedBy() != Party.DIALER;
            case null -> otherEnd != null && otherEnd.endedBy() != Party.DIALER;
        };
        if (!endedByOthers) {
            found(
                    Finding.DROPPED,
                    "attempt %s to %s was connected and the dialer hung up (the ledger: %s by %s, %s)"
                            .formatted(
                                    line.attempt(),
                                    line.phone(),
                                    meaning(line.result()),
                                    line.endedBy(),
                                    line.reason()));
        }
    }

    private static String meaning(@Nullable CallResult result) {
        return result == null ? "under way" : result.meaning();
    }

    /** Which results of the ledger the carrier's account allows. */
    private static boolean agree(LedgerLine line, CallResult result, JournalCall.End end) {
        return switch (end.outcome()) {
            case ANSWERED -> answered(line, result);
            case BUSY -> result == CallResult.BUSY;
            case NO_ANSWER -> result == CallResult.NO_ANSWER || result == CallResult.CANCELLED_BY_DIALER;
            case CANCELLED ->
                result == CallResult.NO_ANSWER
                        || result == CallResult.CANCELLED_BY_DIALER
                        || result == CallResult.NO_RINGBACK;
            case TONE_VACANT -> result == CallResult.NOT_IN_SERVICE;
            case TONE_INTERCEPT -> result == CallResult.OPERATOR_INTERCEPT;
            case TONE_CONGESTION -> result == CallResult.NO_DIAL_TONE;
            case INVALID -> result == CallResult.NOT_IN_SERVICE || result == CallResult.INVALID_NUMBER;
            case CONGESTION -> result == CallResult.NO_DIAL_TONE;
            case REFUSED -> result == CallResult.OPERATOR_INTERCEPT;
            case UNAVAILABLE -> result == CallResult.DIAL_ERROR || result == CallResult.NO_ANSWER;
        };
    }

    private static boolean answered(LedgerLine line, CallResult result) {
        return switch (result) {
            case VOICE,
                    FAX,
                    ANSWERING_MACHINE,
                    NETWORK_MACHINE,
                    DEAD_AIR,
                    CALLBACK_REQUESTED,
                    CALLBACK_FROM_MACHINE,
                    DIALER_ABANDON,
                    ABANDONED_TO_IVR,
                    CUSTOMER_ABANDON,
                    WRONG_NUMBER,
                    WRONG_PERSON,
                    DO_NOT_CALL,
                    AGENT_REJECTED,
                    AGENT_CLOSED -> true;
            // The network dropped it after the answer.
            case DIAL_ERROR -> line.answeredAt() != null;
            case NOT_ATTEMPTED,
                    NOT_IN_SERVICE,
                    NO_RINGBACK,
                    OPERATOR_INTERCEPT,
                    NO_DIAL_TONE,
                    INVALID_NUMBER,
                    NO_ANSWER,
                    BUSY,
                    CANCELLED_BY_DIALER,
                    PERSONAL_CALLBACK_FAILED,
                    RETURNED_UNATTEMPTED,
                    NETWORK_DROP,
                    SIP_UNSUPPORTED,
                    SIP_UNAUTHORISED,
                    SIP_INVALID,
                    STORE_LOST,
                    AGENT_TIMED_OUT,
                    UNKNOWN_DIALER_FAILED,
                    OUTSIDE_CALLING_HOURS,
                    ATTEMPT_CAP,
                    CONSENT_MISSING -> false;
        };
    }

    private void extra() {
        customerCalls.values().stream()
                .filter(call -> !accountedFor.contains(call.callId()))
                .sorted(Comparator.comparing(JournalCall::invitedAt))
                .forEach(call -> found(
                        Finding.EXTRA,
                        "an INVITE to %s from %s at %s has no attempt"
                                .formatted(call.to(), call.source(), call.invitedAt())));
    }

    private void atOnce() {
        Map<String, List<JournalCall>> byNumber = new HashMap<>();
        customerCalls
                .values()
                .forEach(call -> byNumber.computeIfAbsent(call.to(), number -> new ArrayList<>())
                        .add(call));
        for (List<JournalCall> calls : byNumber.values()) {
            calls.sort(Comparator.comparing(JournalCall::invitedAt));
            Instant busyUntil = Instant.MIN;
            for (JournalCall call : calls) {
                if (call.invitedAt().isBefore(busyUntil)) {
                    found(
                            Finding.AT_ONCE,
                            "%s was called at %s while an earlier call was on".formatted(call.to(), call.invitedAt()));
                }
                JournalCall.End end = call.end();
                // A call that its witness still held at its last word was on at that moment, too.
                Instant until = end == null ? witnessedUntil(call).plusNanos(1) : end.at();
                busyUntil = until.isAfter(busyUntil) ? until : busyUntil;
            }
        }
    }

    private void add(Finding finding, int count) {
        counts.merge(finding, count, Integer::sum);
    }

    private void found(Finding finding, String example) {
        add(finding, 1);
        List<String> kept = examples.computeIfAbsent(finding, each -> new ArrayList<>());
        if (kept.size() < EXAMPLES_MAX) {
            kept.add(example);
        }
    }
}
