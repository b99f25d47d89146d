package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import releve.core.call.CallEvent;
import releve.core.common.AttemptId;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.server.config.FreePorts;
import releve.server.telephony.Telephony;
import releve.server.trunk.TrunkFile;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Transport;
import releve.sip.transport.EndpointConfig;
import releve.sip.transport.SipEndpoint;

/** A trunk whose gateway speaks TLS only: calls go there when its certificate is believed, and not otherwise. */
class TlsTrunkTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final AttemptId ATTEMPT = AttemptId.of(1, 1, 1);

    @TempDir
    private Path directory;

    private final BlockingQueue<Event> reported = new LinkedBlockingQueue<>();
    private final BlockingQueue<SipEvent.IncomingCall> calls = new LinkedBlockingQueue<>();

    @Test
    void shouldCallThroughAGatewayWhoseCertificateIsBelieved() throws Exception {
        try (SipEndpoint gateway = gateway();
                Telephony telephony = telephony(
                        gateway,
                        "tls: {trust: certificate.pem, certificate: certificate.pem, key: key.pem, port: %d}"
                                .formatted(FreePorts.draw()))) {
            next(Event.TrunkUp.class);
            telephony.dial(new Command.Dial(ATTEMPT, "+12025550100", "+12025550199", "call-1"));
            SipEvent.IncomingCall call = calls.poll(10, TimeUnit.SECONDS);
            assertThat(call).isNotNull();
            assertThat(call.source().transport()).isEqualTo(Transport.TLS);
            assertThat(report(CallEvent.Answered.class)).isNotNull();
            gateway.submit((agent, nowMs) -> agent.bye(call.call(), null, nowMs));
            assertThat(report(CallEvent.CustomerHungUp.class)).isNotNull();
        }
    }

    @Test
    void shouldNotCallThroughAGatewayWhoseCertificateNobodyVouchesFor() throws Exception {
        try (SipEndpoint gateway = gateway();
                Telephony telephony = telephony(gateway, "")) {
            Awaitility.await()
                    .until(() -> !telephony.trunks().isEmpty()
                            && telephony
                                    .trunks()
                                    .getFirst()
                                    .gateways()
                                    .getFirst()
                                    .state()
                                    .equals("down"));
            telephony.dial(new Command.Dial(ATTEMPT, "+12025550100", "+12025550199", "call-1"));
            assertThat(report(CallEvent.NotTaken.class).because().reason()).isEqualTo("not sent: no gateway is up");
            assertThat(calls).isEmpty();
        }
    }

    private SipEndpoint gateway() throws Exception {
        OwnCertificate own = new OwnCertificate(directory);
        UserAgentConfig config = UserAgentConfig.at(ANY);
        return SipEndpoint.open(
                EndpointConfig.udp(ANY).secured(own.settings()).listening(Transport.TLS, ANY),
                config,
                new SplittableRandom(1),
                (event, agent, nowMs) -> {
                    if (event instanceof SipEvent.IncomingCall call) {
                        calls.add(call);
                        agent.answer(
                                call.call(), Sdp.audio("127.0.0.1", 40_000, 1).toString(), nowMs);
                    }
                });
    }

    private Telephony telephony(SipEndpoint gateway, String tls) throws Exception {
        String yaml = """
                %s
                trunks:
                  - name: acme
                    callsPerSecond: 10
                    gateways: [{name: only, uri: "sip:127.0.0.1:%d;transport=tls"}]
                """.formatted(tls, gateway.address(Transport.TLS).getPort());
        return Telephony.open(
                new Telephony.Config(
                        ANY,
                        TrunkFile.parse(yaml, "trunks.yaml", directory, Map.of()),
                        Set.of(),
                        10,
                        directory,
                        () -> true),
                reported::add);
    }

    private <T extends Event> T next(Class<T> type) throws InterruptedException {
        Event event = reported.poll(10, TimeUnit.SECONDS);
        while (event != null && !type.isInstance(event)) {
            event = reported.poll(10, TimeUnit.SECONDS);
        }
        assertThat(event).as("a %s", type.getSimpleName()).isNotNull();
        return type.cast(event);
    }

    private <T extends CallEvent> T report(Class<T> type) throws InterruptedException {
        CallEvent event = next(Event.CallReported.class).event();
        while (!type.isInstance(event)) {
            event = next(Event.CallReported.class).event();
        }
        return type.cast(event);
    }
}
