package releve.server.trunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.sip.agent.SessionInterval;
import releve.sip.auth.Account;
import releve.sip.trunk.CallSettings.ReliableProvisional;
import releve.sip.trunk.GatewayConfig;
import releve.sip.trunk.Probing;

/** What a file of trunks may say, and what is said of one that is wrong. */
class TrunkFileTest {
    private static final String LEAST = """
            trunks:
              - name: acme
                callsPerSecond: 30
                gateways:
                  - {name: north, uri: sip:sbc1.example.com}
            """;

    @TempDir
    private Path directory;

    private TrunkPlan read(String yaml) throws UnusableTrunks {
        return TrunkFile.parse(yaml, "trunks.yaml", directory, Map.of("ACME_PASSWORD", "secret"));
    }

    /** The least file with this line among its trunk's. */
    private TrunkPlan with(String line) throws UnusableTrunks {
        return read(LEAST.replace("    gateways:", "    " + line + "\n    gateways:"));
    }

    @Test
    void shouldTakeTheDefaultsForWhatIsNotSaid() throws Exception {
        TrunkPlan plan = read(LEAST);
        TrunkSettings acme = plan.trunks().getFirst();
        assertThat(acme.sip().gateways())
                .containsExactly(new GatewayConfig("north", "sip:sbc1.example.com", 0, 1, 30, 20_000));
        assertThat(acme.sip().probing()).isEqualTo(Probing.DEFAULT);
        assertThat(acme.sip().outboundProxy()).isEmpty();
        assertThat(acme.session()).as("session timers have to be asked for").isEqualTo(SessionInterval.OFF);
        assertThat(acme.answerWithinMs()).isEqualTo(5_000);
        assertThat(acme.accounts()).isEmpty();
        assertThat(acme.caller()).isEqualTo(ShownCaller.PLAIN);
        assertThat(plan.tls()).isEmpty();
        assertThat(plan.dns()).isEmpty();
        assertThat(plan.callsPerSecond()).isEqualTo(30);
    }

    @Test
    void shouldReadEverythingThatATrunkMaySay() throws Exception {
        Files.writeString(directory.resolve("acme.password"), "from the file\n");
        TrunkPlan plan = read("""
                dns: [192.0.2.53, "[2001:db8::53]:5353"]
                access: [198.51.100.7]
                trunks:
                  - name: acme
                    callsPerSecond: 12.5
                    ports: 200
                    outboundProxy: proxy.example.com;transport=tcp
                    probe: {every: 5, downAfter: 4, upAfter: 1}
                    answerWithin: 2.5
                    caller: {domain: example.org, asserted: true, withheld: true}
                    sessionTimer: {expires: 1200, min: 300}
                    reliableProgress: supported
                    analyses: true
                    credentials: {user: releve, realm: acme.example, passwordFile: acme.password}
                    access: [192.0.2.0/24, "2001:db8::/32"]
                    gateways:
                      - {name: north, uri: "sip:sbc1.example.com", priority: 10, weight: 3, callsPerSecond: 10, ports: 150}
                      - {name: south, uri: "192.0.2.7:5080;transport=tcp", priority: 20}
                  - name: spare
                    callsPerSecond: 1
                    credentials: {user: spare, passwordEnvironment: ACME_PASSWORD}
                    gateways: [{name: only, uri: "sips:spare.example.net"}]
                """);
        TrunkSettings acme = plan.trunks().getFirst();
        assertThat(acme.sip().gateways())
                .containsExactly(
                        new GatewayConfig("north", "sip:sbc1.example.com", 10, 3, 10, 150),
                        new GatewayConfig("south", "sip:192.0.2.7:5080;transport=tcp", 20, 1, 12.5, 200));
        assertThat(acme.sip().outboundProxy()).contains("sip:proxy.example.com;transport=tcp");
        assertThat(acme.sip().probing()).isEqualTo(new Probing(5_000, 4, 1));
        assertThat(acme.answerWithinMs()).isEqualTo(2_500);
        assertThat(acme.session()).isEqualTo(new SessionInterval(1_200, 300, true));
        assertThat(acme.sip().calls().reliableProvisional()).isEqualTo(ReliableProvisional.SUPPORTED);
        assertThat(acme.analyses()).isTrue();
        assertThat(acme.accounts()).containsExactly(new Account("acme.example", "releve", "from the file"));
        assertThat(plan.trunks().get(1).accounts()).containsExactly(Account.anyRealm("spare", "secret"));
        assertThat(plan.ports()).isEqualTo(20_200);
        assertThat(plan.dns())
                .containsExactly(
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::53"), 5353));
        for (String known : List.of("198.51.100.7", "192.0.2.99", "2001:db8::1")) {
            assertThat(plan.access().test(InetAddress.ofLiteral(known))).isTrue();
        }
        assertThat(plan.access().test(InetAddress.ofLiteral("203.0.113.1"))).isFalse();
    }

    @Test
    void shouldNotShowThePasswordOfAPlan() throws Exception {
        TrunkPlan plan = with("credentials: {user: releve, passwordEnvironment: ACME_PASSWORD}");
        assertThat(plan.toString()).contains("releve").doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "callsPersecond: 3 | 'trunks[1].callsPersecond' is unknown here; known are name, gateways",
                "ports: 0 | 'trunks[1].ports' is a number from 1 to 20000, not '0'.",
                "ports: 2.5 | 'trunks[1].ports' is a whole number, not 2.5.",
                "answerWithin: soon | 'trunks[1].answerWithin' is a number from 0.5 to 32, not 'soon'.",
                "outboundProxy: 'sip:me@proxy' | 'trunks[1].outboundProxy' is a host with port and transport",
                "outboundProxy: 'proxy;transport=ws' | 'trunks[1].outboundProxy' has the transport 'ws'; known are udp",
                "probe: {every: 0.1} | 'trunks[1].probe.every' is 0 for no probing, or 0.5 to 3600 seconds.",
                "probe: often | 'trunks[1].probe' is a set of fields, not 'often'.",
                "caller: {asserted: maybe} | 'trunks[1].caller.asserted' is true or false, not 'maybe'.",
                "caller: {domain: 'a b'} | 'trunks[1].caller.domain' is a host name or address, not 'a b'.",
                "sessionTimer: {expires: 60} | 'trunks[1].sessionTimer.expires' is a number from 90 to 86400, not '60'.",
                "sessionTimer: {expires: 100, min: 200} | 'trunks[1].sessionTimer.min' is longer than the 100 s",
                "reliableProgress: perhaps | 'trunks[1].reliableProgress' is none, supported or required, not 'perhaps'.",
                "credentials: {user: a, password: b} | 'trunks[1].credentials.password' does not belong here: name a",
                "credentials: {user: a} | 'trunks[1].credentials.passwordFile' or 'passwordEnvironment' is wanted",
                "credentials: {user: a, passwordFile: none} | names %s/none, which cannot be read.",
                "credentials: {user: a, passwordEnvironment: UNSET} | names UNSET, which is not set.",
                "credentials: {passwordEnvironment: ACME_PASSWORD} | 'trunks[1].credentials.user' is missing.",
                "access: 192.0.2.1 | 'trunks[1].access' is a list: each entry begins with '- '.",
                "access: [sbc.example.com] | 'trunks[1].access' has 'sbc.example.com', which is no address",
            })
    void shouldSayInOneSentenceWhichFieldIsWrong(String line, String sentence) {
        assertThatThrownBy(() -> with(line))
                .isInstanceOf(UnusableTrunks.class)
                .hasMessageStartingWith("trunks.yaml: ")
                .hasMessageContaining(sentence.formatted(directory))
                .hasMessageEndingWith(".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "trunks: [] | trunks.yaml: 'trunks' is missing: describe one at least.",
                "acme | trunks.yaml: it holds no fields; it begins with 'trunks:'.",
                "trunks: [{name: a, callsPerSecond: 1}] | 'trunks[1].gateways' is missing: give one at least.",
                "trunks: [{name: a, gateways: []}] | 'trunks[1].callsPerSecond' is missing.",
                "trunks: [acme] | 'trunks[1]' is a set of fields, not 'acme'.",
                "tls: {certificate: a.pem} | 'trunks' is missing",
                "a: [ | line 1: this is not YAML",
            })
    void shouldSayWhatTheFileLacks(String yaml, String sentence) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(UnusableTrunks.class).hasMessageContaining(sentence);
    }

    @Test
    void shouldRefuseNamesThatAreThereTwice() {
        assertThatThrownBy(() -> read(LEAST + "      - {name: north, uri: sip:other.example.com}\n"))
                .hasMessage("trunks.yaml: 'trunks[1].gateways[2].name' is that of another gateway of this trunk, too:"
                        + " 'north'.");
        assertThatThrownBy(() -> read(LEAST + LEAST.substring(LEAST.indexOf('\n') + 1)))
                .hasMessage("trunks.yaml: 'trunks[2].name' is that of another trunk, too: 'acme'.");
        assertThatThrownBy(() -> with("callsPerSecond: 3"))
                .hasMessageContaining("this is not YAML")
                .hasMessageContaining("callsPerSecond");
    }

    @Test
    void shouldRefuseADnsServerThatHasANameOnly() {
        assertThatThrownBy(() -> read(LEAST + "dns: [ns.example.com]\n"))
                .hasMessage("trunks.yaml: 'dns' has 'ns.example.com', which is no address such as 192.0.2.53 or"
                        + " 192.0.2.53:53.");
    }

    @Test
    void shouldSayWhichCertificatesCannotBeUsed() {
        assertThatThrownBy(() -> read(LEAST + "tls: {trust: ca.pem}\n"))
                .hasMessageStartingWith("trunks.yaml: 'tls.trust' cannot be used: ")
                .hasMessageContaining("ca.pem");
        assertThatThrownBy(() -> read(LEAST + "tls: {certificate: own.pem}\n"))
                .hasMessage("trunks.yaml: 'tls.key' is missing: the two belong together.");
    }

    @Test
    void shouldSayWhenTheFileIsNotThere() {
        assertThatThrownBy(() -> TrunkFile.read(directory.resolve("none.yaml"), Map.of()))
                .hasMessage(
                        directory.resolve("none.yaml") + " cannot be read: check that it is there and may be read.");
    }
}
