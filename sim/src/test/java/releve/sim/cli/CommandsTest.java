package releve.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void shouldCallWrongValuesWrongUsage() {
        assertThat(run(new CarrierCommand(), "--answer-rate", "0.9", "--busy-rate", "0.9"))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("The rates of answer");
        assertThat(run(new CarrierCommand(), "--listen", "nowhere")).isEqualTo(2);
        assertThat(run(new CarrierCommand(), "--speed", "0")).isEqualTo(2);
        assertThat(run(new AgentsCommand(), "--count", "-1")).isEqualTo(2);
        assertThat(run(new AgentsCommand(), "--gateways", "ftp://x")).isEqualTo(2);
    }

    @Test
    void shouldListenBeyondLoopbackOnlyWhenAllowed() {
        assertThat(run(new CarrierCommand(), "--listen", "192.0.2.1:5060")).isEqualTo(2);
        assertThat(err.toString()).contains("--allow-remote");
    }

    @Test
    void shouldSayInOneSentenceThatThePortIsTaken() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            String journal = directory.resolve("j.jsonl").toString();
            assertThat(run(new CarrierCommand(), "--listen", listen, "--journal", journal))
                    .isOne();
            assertThat(run(new AgentsCommand(), "--listen", listen, "--journal", journal))
                    .isOne();
            assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.contains("in use"));
        }
    }

    @Test
    void shouldGenerateAListOrSayHowManyContactsArePossible() throws Exception {
        Path file = directory.resolve("list.csv");
        assertThat(run(new GenerateContactsCommand(), "10", "--seed", "3", "--out", file.toString()))
                .isZero();
        assertThat(Files.readAllLines(file)).hasSize(11).first().isEqualTo("id,name,phone,phone2");
        assertThat(run(new GenerateContactsCommand(), "10000000")).isOne();
        assertThat(err.toString()).contains("reserved for fiction");
    }
}
