package releve.app.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.sim.journal.Fact;
import releve.sim.journal.Journal;
import releve.sim.journal.JournalCall;
import releve.sim.journal.JournalReader;
import releve.sim.journal.Outcome;
import releve.sim.journal.Party;

class ComparisonTest {
    private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
    private static final String ANNA = "+12025550101";
    private static final String BEN = "+12025550102";

    private final List<LedgerLine> ledger = new ArrayList<>();
    private final List<JournalCall> carrier = new ArrayList<>();
    private final List<JournalCall> agents = new ArrayList<>();
    private Leftovers leftovers = Leftovers.NONE;
    private int sequence;

    @Test
    void shouldFindNothingWhenBothTellTheSame() {
        connected("c1", ANNA, "leg1", EndedBy.AGENT);
        carrier.add(call("c1", ANNA, 0, 60, Outcome.ANSWERED, 200, Party.DIALER));
        agents.add(call("leg1", "agent-1", 1, 60, Outcome.ANSWERED, 200, Party.AGENT));
        ended("c2", BEN, 0, CallResult.BUSY, EndedBy.CUSTOMER);
        carrier.add(call("c2", BEN, 0, 1, Outcome.BUSY, 486, Party.CUSTOMER));
        ended("c3", BEN, 20, CallResult.NO_ANSWER, EndedBy.CUSTOMER);
        carrier.add(call("c3", BEN, 20, 50, Outcome.NO_ANSWER, 487, Party.DIALER));

        Reconciliation compared = compare();

        assertThat(compared.clean()).isTrue();
        assertThat(compared.count(Finding.INVITES)).isEqualTo(3);
        assertThat(compared.count(Finding.ATTEMPTS)).isEqualTo(3);
        assertThat(compared.count(Finding.OTHER_LEGS)).isEqualTo(1);
    }

    @Test
    void shouldFindAnAttemptThatTheCarrierNeverSaw() {
        ended("c1", ANNA, 0, CallResult.VOICE, EndedBy.CUSTOMER);

        assertOnly(Finding.MISSING, 1);
    }

    @Test
    void shouldNotMissWhatWasNeverSentOrNeverAnsweredOrIsUnknown() {
        ended("c1", ANNA, 0, CallResult.STORE_LOST, EndedBy.DIALER);
        ended("c2", BEN, 0, CallResult.DIAL_ERROR, EndedBy.NETWORK);
        ended("c3", "+12025550103", 0, CallResult.UNKNOWN_DIALER_FAILED, EndedBy.UNKNOWN);

        Reconciliation compared = compare();

        assertThat(compared.clean()).isTrue();
        assertThat(compared.count(Finding.NOT_SENT)).isOne();
        assertThat(compared.count(Finding.NO_REPLY)).isOne();
        assertThat(compared.count(Finding.UNKNOWN)).isOne();
    }

    @Test
    void shouldFindAnInviteWithoutAnAttempt() {
        carrier.add(call("c1", ANNA, 0, 1, Outcome.BUSY, 486, Party.CUSTOMER));

        assertOnly(Finding.EXTRA, 1);
    }

    @Test
    void shouldFindASecondCallToANumberThatIsStillOn() {
        ended("c1", ANNA, 0, CallResult.VOICE, EndedBy.CUSTOMER);
        ended("c2", ANNA, 10, CallResult.BUSY, EndedBy.CUSTOMER);
        carrier.add(call("c1", ANNA, 0, 30, Outcome.ANSWERED, 200, Party.CUSTOMER));
        carrier.add(call("c2", ANNA, 10, 11, Outcome.BUSY, 486, Party.CUSTOMER));

        assertOnly(Finding.AT_ONCE, 1);
    }

    @Test
    void shouldFindACallIdThatBeganTwice(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("carrier.jsonl");
        try (Journal journal = Journal.open(file, () -> START)) {
            journal.add(new Fact.Invite("c1", ANNA, "sip:a@127.0.0.1", "127.0.0.1:5070"));
            journal.add(new Fact.Invite("c1", ANNA, "sip:b@127.0.0.1", "127.0.0.1:5071"));
            journal.add(new Fact.Ended("c1", Outcome.BUSY, 486, Party.CUSTOMER, 0));
        }
        Files.writeString(file, "{\"at\":\"2026-", StandardOpenOption.APPEND);
        ended("c1", ANNA, 0, CallResult.BUSY, EndedBy.CUSTOMER);

        Reconciliation compared =
                Comparison.of(ledger::forEach, List.of(JournalReader.read(file)), leftovers, Instant.MIN);

        assertThat(faults(compared)).containsExactly(Finding.DIALED_TWICE);
        assertThat(compared.count(Finding.TORN_LINES)).isOne();
    }

    @Test
    void shouldFindAContactDialedAgainAfterAnUnknownEnd() {
        ended("c1", ANNA, 0, CallResult.UNKNOWN_DIALER_FAILED, EndedBy.UNKNOWN);
        carrier.add(call("c1", ANNA, 0, 5, Outcome.ANSWERED, 200, Party.CUSTOMER));
        ledger.add(line(1, "c2", ANNA, 60, null, CallResult.BUSY, EndedBy.CUSTOMER));
        carrier.add(call("c2", ANNA, 60, 61, Outcome.BUSY, 486, Party.CUSTOMER));

        assertOnly(Finding.REDIALED_AFTER_UNKNOWN, 1);
    }

    @Test
    void shouldFindAConnectedCallThatTheDialerHungUp() {
        connected("c1", ANNA, "leg1", EndedBy.DIALER);
        carrier.add(call("c1", ANNA, 0, 60, Outcome.ANSWERED, 200, Party.DIALER));

        assertOnly(Finding.DROPPED, 1);
    }

    @Test
    void shouldBelieveTheAgentsPhoneMoreThanTheLedger() {
        connected("c1", ANNA, "leg1", EndedBy.AGENT);
        carrier.add(call("c1", ANNA, 0, 60, Outcome.ANSWERED, 200, Party.DIALER));
        agents.add(call("leg1", "agent-1", 1, 60, Outcome.ANSWERED, 200, Party.DIALER));

        assertOnly(Finding.DROPPED, 1);
    }

    @Test
    void shouldFindADropByADialerThatWokeUpAfterItHadBeenReplaced() {
        ledger.add(line(1, "c1", ANNA, 0, "leg1", CallResult.UNKNOWN_DIALER_FAILED, EndedBy.UNKNOWN));
        carrier.add(call("c1", ANNA, 0, 60, Outcome.ANSWERED, 200, Party.DIALER));

        assertOnly(Finding.DROPPED, 1);
    }

    @Test
    void shouldFindACallThatTheCarrierStillHolds() {
        ended("c1", ANNA, 0, CallResult.VOICE, EndedBy.CUSTOMER);
        carrier.add(call("c1", ANNA, 0, -1, Outcome.ANSWERED, 200, Party.DIALER));
        ended("c2", BEN, 100, CallResult.BUSY, EndedBy.CUSTOMER);
        carrier.add(call("c2", BEN, 100, 101, Outcome.BUSY, 486, Party.CUSTOMER));

        assertOnly(Finding.LEFT_OPEN, 1);
    }

    @Test
    void shouldTakeACallThatOneGatewayRefusedAndTheNextOneTook() {
        ended("c1", ANNA, 0, CallResult.BUSY, EndedBy.CUSTOMER);
        carrier.add(call("c1", ANNA, 0, 0, Outcome.CONGESTION, 503, Party.CUSTOMER));
        agents.add(call("c1", ANNA, 1, 2, Outcome.BUSY, 486, Party.CUSTOMER));

        Reconciliation compared = compare();

        assertThat(compared.clean()).isTrue();
        assertThat(compared.count(Finding.OFFERED_ON)).isOne();
    }

    @Test
    void shouldFindACallThatTwoGatewaysTook() {
        ended("c1", ANNA, 0, CallResult.BUSY, EndedBy.CUSTOMER);
        carrier.add(call("c1", ANNA, 0, 40, Outcome.NO_ANSWER, 487, Party.DIALER));
        agents.add(call("c1", ANNA, 5, 6, Outcome.BUSY, 486, Party.CUSTOMER));

        assertThat(compare().count(Finding.DIALED_TWICE)).isOne();
    }

    @Test
    void shouldNotTakeAGatewayForAWitnessOfWhatCameAfterItsEnd() {
        ended("c1", ANNA, 0, CallResult.NO_ANSWER, EndedBy.CUSTOMER);
        carrier.add(call("c1", ANNA, 0, -1, Outcome.ANSWERED, 200, Party.DIALER));
        ended("c2", ANNA, 100, CallResult.BUSY, EndedBy.CUSTOMER);
        agents.add(call("c2", ANNA, 100, 101, Outcome.BUSY, 486, Party.CUSTOMER));

        assertThat(compare().clean()).isTrue();
    }

    @Test
    void shouldFindResultsThatDisagree() {
        ended("c1", ANNA, 0, CallResult.NO_ANSWER, EndedBy.CUSTOMER);
        carrier.add(call("c1", ANNA, 0, 1, Outcome.BUSY, 486, Party.CUSTOMER));
        ended("c2", BEN, 0, CallResult.BUSY, EndedBy.CUSTOMER);
        carrier.add(call("c2", BEN, 0, 9, Outcome.ANSWERED, 200, Party.CUSTOMER));
        ended("c3", "+12025550103", 0, CallResult.STORE_LOST, EndedBy.DIALER);
        carrier.add(call("c3", "+12025550103", 0, 9, Outcome.NO_ANSWER, 487, Party.DIALER));

        assertOnly(Finding.DISAGREEMENT, 3);
    }

    @Test
    void shouldReportWhatIsLeftHeld() {
        leftovers = new Leftovers(1, 2, 3, 4);

        Reconciliation compared = compare();

        assertThat(faults(compared))
                .containsExactlyInAnyOrder(
                        Finding.ATTEMPTS_LEFT, Finding.AGENTS_LEFT, Finding.ACTIVE_LEFT, Finding.DIALED_LEFT);
        assertThat(compared.count(Finding.DIALED_LEFT)).isEqualTo(4);
    }

    @Test
    void shouldLeaveOutWhatBeganBefore() {
        ended("c1", ANNA, 0, CallResult.VOICE, EndedBy.CUSTOMER);
        carrier.add(call("c2", BEN, 0, 1, Outcome.BUSY, 486, Party.CUSTOMER));

        Reconciliation compared = Comparison.of(
                ledger::forEach,
                List.of(new JournalReader.Contents(carrier, 0, List.of())),
                leftovers,
                START.plusSeconds(1));

        assertThat(compared.clean()).isTrue();
        assertThat(compared.count(Finding.ATTEMPTS)).isZero();
    }

    private void assertOnly(Finding fault, int count) {
        Reconciliation compared = compare();
        assertThat(faults(compared)).containsExactly(fault);
        assertThat(compared.count(fault)).isEqualTo(count);
        assertThat(compared.examples(fault)).hasSize(count);
    }

    private static Set<Finding> faults(Reconciliation compared) {
        return Stream.of(Finding.values())
                .filter(finding -> finding.mustBeZero() && compared.count(finding) != 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Finding.class)));
    }

    private Reconciliation compare() {
        return Comparison.of(
                ledger::forEach,
                List.of(
                        new JournalReader.Contents(carrier, 0, List.of()),
                        new JournalReader.Contents(agents, 0, List.of())),
                leftovers,
                Instant.MIN);
    }

    private void connected(String callId, String phone, String legCallId, EndedBy endedBy) {
        ledger.add(line(++sequence, callId, phone, 0, legCallId, CallResult.VOICE, endedBy));
    }

    private void ended(String callId, String phone, int at, CallResult result, EndedBy endedBy) {
        ledger.add(line(++sequence, callId, phone, at, null, result, endedBy));
    }

    private static LedgerLine line(
            int contact,
            String callId,
            String phone,
            int at,
            @Nullable String legCallId,
            CallResult result,
            EndedBy endedBy) {
        Instant connectedAt = legCallId == null ? null : START.plusSeconds(at + 2);
        return new LedgerLine(
                AttemptId.of(1, 1, contact + at),
                new ContactId(contact),
                phone,
                callId,
                START.plusSeconds(at),
                connectedAt,
                connectedAt,
                START.plusSeconds(at + 30),
                legCallId,
                result,
                endedBy,
                "for a test");
    }

    /** A call from second {@code from} to second {@code to}; it has not ended when {@code to} is negative. */
    private static JournalCall call(
            String callId, String number, int from, int to, Outcome outcome, int status, Party endedBy) {
        JournalCall.End end = to < 0 ? null : new JournalCall.End(START.plusSeconds(to), outcome, status, endedBy, 0);
        return new JournalCall(
                callId, number, "sip:d@127.0.0.1", "127.0.0.1:5070", START.plusSeconds(from), null, null, 0, end);
    }
}
