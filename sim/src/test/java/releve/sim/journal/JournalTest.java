package releve.sim.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Instant START = Instant.parse("2026-03-01T09:00:00.123Z");

    @TempDir
    Path directory;

    /** Each reading is a second later. */
    private static InstantSource ticking() {
        long[] readings = {0};
        return () -> START.plus(Duration.ofSeconds(readings[0]++));
    }

    private Path file() {
        return directory.resolve("sub").resolve("carrier.jsonl");
    }

    @Test
    void shouldReadBackWhatWasWritten() throws Exception {
        try (Journal journal = Journal.open(file(), ticking())) {
            journal.add(new Fact.Invite("a", "+12025550100", "sip:d@127.0.0.1", "127.0.0.1:5070"));
            journal.add(new Fact.Invite("b\"\\\n", "ivr", "sip:é@127.0.0.1", "127.0.0.1:5071"));
            journal.add(new Fact.Ringing("a", 180));
            journal.add(new Fact.Ringing("a", 183));
            journal.add(new Fact.Answered("a"));
            journal.add(new Fact.Reinvited("a"));
            journal.add(new Fact.Reinvited("a"));
            journal.add(new Fact.Ended("a", Outcome.ANSWERED, 200, Party.CUSTOMER, 3_210));
        }
        JournalReader.Contents contents = JournalReader.read(file());
        assertThat(contents.tornLines()).isZero();
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.calls())
                .containsExactly(
                        new JournalCall(
                                "a",
                                "+12025550100",
                                "sip:d@127.0.0.1",
                                "127.0.0.1:5070",
                                START,
                                START.plusSeconds(2),
                                START.plusSeconds(4),
                                2,
                                new JournalCall.End(
                                        START.plusSeconds(7), Outcome.ANSWERED, 200, Party.CUSTOMER, 3_210)),
                        new JournalCall(
                                "b\"\\\n",
                                "ivr",
                                "sip:é@127.0.0.1",
                                "127.0.0.1:5071",
                                START.plusSeconds(1),
                                null,
                                null,
                                0,
                                null));
        assertThat(contents.calls().get(1).isOpen()).isTrue();
    }

    @Test
    void shouldWriteOneJsonLineAFact() throws Exception {
        try (Journal journal = Journal.open(file(), ticking())) {
            journal.add(new Fact.Invite("a", "+12025550100", "sip:d@127.0.0.1", "127.0.0.1:5070"));
            journal.add(new Fact.Ended("a", Outcome.NO_ANSWER, 487, Party.DIALER, 0));
        }
        assertThat(Files.readAllLines(file()))
                .containsExactly(
                        "{\"at\":\"2026-03-01T09:00:00.123Z\",\"fact\":\"invite\",\"callId\":\"a\","
                                + "\"to\":\"+12025550100\",\"from\":\"sip:d@127.0.0.1\",\"source\":\"127.0.0.1:5070\"}",
                        "{\"at\":\"2026-03-01T09:00:01.123Z\",\"fact\":\"ended\",\"callId\":\"a\","
                                + "\"outcome\":\"no-answer\",\"status\":487,\"endedBy\":\"dialer\",\"talkMs\":0}");
    }

    @Test
    void shouldReadEveryFactBeforeATornLineAndAllOfTheNextRun() throws Exception {
        try (Journal journal = Journal.open(file(), ticking())) {
            journal.add(new Fact.Invite("a", "1", "f", "s"));
        }
        byte[] torn = "{\"at\":\"2026-03-01T09:00:00.123Z\",\"fact\":\"answered\",\"callId\":\"a".getBytes("UTF-8");
        Files.write(file(), torn, StandardOpenOption.APPEND);
        assertThat(JournalReader.read(file()).calls()).hasSize(1);
        assertThat(JournalReader.read(file()).tornLines()).isOne();
        Files.write(file(), new byte[] {(byte) 0xc3}, StandardOpenOption.APPEND);
        try (Journal journal = Journal.open(file(), ticking())) {
            journal.add(new Fact.Invite("b", "2", "f", "s"));
        }
        JournalReader.Contents contents = JournalReader.read(file());
        assertThat(contents.calls()).extracting(JournalCall::callId).containsExactly("a", "b");
        assertThat(contents.calls().getFirst().answeredAt()).isNull();
        assertThat(contents.tornLines()).isOne();
    }

    @Test
    void shouldReadAsMuchAsIsThereWhereverTheWriterDied() throws Exception {
        try (Journal journal = Journal.open(file(), ticking())) {
            journal.add(new Fact.Invite("a", "1", "f", "s"));
            journal.add(new Fact.Answered("a"));
            journal.add(new Fact.Ended("a", Outcome.ANSWERED, 200, Party.AGENT, 1));
        }
        byte[] whole = Files.readAllBytes(file());
        int firstLine = Files.readAllLines(file()).getFirst().length();
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), java.util.Arrays.copyOf(whole, length));
            JournalReader.Contents contents = JournalReader.read(file());
            assertThat(contents.problems()).isEmpty();
            assertThat(contents.calls()).hasSize(length >= firstLine ? 1 : 0);
            assertThat(contents.tornLines()).isBetween(0, 1);
        }
    }

    @Test
    void shouldTellOfFactsThatContradictEachOther() throws Exception {
        try (Journal journal = Journal.open(file(), ticking())) {
            journal.add(new Fact.Answered("x"));
            journal.add(new Fact.Invite("a", "1", "f", "s"));
            journal.add(new Fact.Invite("a", "1", "f", "s"));
            journal.add(new Fact.Ended("a", Outcome.BUSY, 486, Party.CUSTOMER, 0));
            journal.add(new Fact.Ended("a", Outcome.BUSY, 486, Party.CUSTOMER, 0));
        }
        assertThat(JournalReader.read(file()).problems())
                .containsExactly(
                        "Line 1 tells of 'answered' of the call x, which has no INVITE.",
                        "Line 3 tells of a second INVITE of the call a.",
                        "Line 5 tells of 'ended' of the call a after its end.");
    }

    @Test
    void shouldKeepEveryFactOfManyWriters() throws Exception {
        List<Thread> writers = new ArrayList<>();
        try (Journal journal = Journal.open(file(), InstantSource.system())) {
            for (int w = 0; w < 4; w++) {
                String name = "w" + w + "-";
                writers.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        journal.add(new Fact.Invite(name + i, "+12025550100", "f", "s"));
                    }
                }));
            }
            for (Thread writer : writers) {
                writer.join();
            }
            journal.flush();
            assertThat(JournalReader.read(file()).calls()).hasSize(20_000);
        }
    }
}
