package releve.server.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.server.http.HttpServer;
import releve.server.http.HttpSettings;
import releve.server.node.GatewayNode;
import releve.server.node.Node;
import releve.server.node.NodeConfig;
import releve.server.node.RunningNode;
import releve.server.store.StoreAddress;
import releve.server.store.StoreRefused;
import releve.server.trunk.TrunkFile;
import releve.server.trunk.TrunkPlan;
import releve.server.trunk.UnusableTrunks;

/** Runs one side, or some of its roles. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one side of the pair, or some of its roles, until it is stopped by maintenance.",
            "",
            "SIGTERM starts maintenance: ringing calls are settled, the other side takes over, connected calls are followed"
                    + " to their end. A second SIGTERM, or Ctrl-C, stops at once and says what it cut.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  releve node --side A --trunk 192.0.2.10:5060 --sip 192.0.2.20:5060 --peer 192.0.2.30",
            "  RELEVE_AGENT_KEY=… releve node --side B --http 127.0.0.1:8081 --sip 127.0.0.1:5071",
            "  releve node --side A --roles agent-gateway,routing-gateway --http 127.0.0.1:8082",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before any call
public final class NodeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(names = "--side", required = true, paramLabel = "A|B", description = "Which side of the pair this is.")
    private Side side;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            defaultValue = "dialer,agent-gateway,routing-gateway",
            description =
                    "What this process runs of the side: dialer, agent-gateway, routing-gateway. Each role of a side runs in one"
                            + " process at most. Default: all of them.")
    private List<String> roles;

    @Option(
            names = "--sip",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "127.0.0.1:5070",
            converter = Address.class,
            description =
                    "Where it speaks SIP: UDP, with --trunks TCP too; trunk and phones must reach it there. Default:"
                            + " ${DEFAULT-VALUE}.")
    private InetSocketAddress sip;

    @Option(
            names = "--trunk",
            paramLabel = "ADDRESS:PORT",
            converter = Address.class,
            description = "The SIP gateway that takes calls to customers, over UDP. Default: 127.0.0.1:5060.")
    private @Nullable InetSocketAddress trunk;

    @Option(
            names = "--trunks",
            paramLabel = "FILE",
            description = "Instead of --trunk: trunks of several gateways with their limits and credentials, in YAML;"
                    + " 'releve trunks check FILE' says what it makes of one.")
    private @Nullable Path trunks;

    @Option(
            names = "--trunk-analyses",
            description =
                    "The trunk's gateway tells who or what answered (application/x-cisco-cpa bodies); campaigns with"
                            + " call progress analysis ask it to. Other trunks may refuse calls that ask.")
    private boolean trunkAnalyses;

    @Option(
            names = "--peer",
            paramLabel = "ADDRESS",
            split = ",",
            defaultValue = "127.0.0.1",
            description = "Where agents' phones and the IVR are: SIP from any other address but the trunk's is dropped."
                    + " Default: ${DEFAULT-VALUE}.")
    private List<String> peers;

    @Option(
            names = "--http",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "127.0.0.1:8080",
            converter = Address.class,
            description = "Where API and console listen. Default: ${DEFAULT-VALUE}.")
    private InetSocketAddress http;

    @Option(
            names = "--http-name",
            paramLabel = "NAME",
            split = ",",
            description = "Names besides loopback's and the address itself by which browsers reach API and console.")
    private List<String> httpNames = List.of();

    @Option(
            names = "--operator-key",
            paramLabel = "KEY",
            defaultValue = "${env:RELEVE_OPERATOR_KEY:-}",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
            description =
                    "What operators' commands over HTTP from beyond this machine must show as a bearer token; better"
                            + " given as RELEVE_OPERATOR_KEY. Without it they are refused.")
    private String operatorKey;

    @Option(
            names = "--ports",
            defaultValue = "3000",
            paramLabel = "N",
            description = "Calls under way at once, 1 to 20000. Default: ${DEFAULT-VALUE}.")
    private int ports;

    @Option(
            names = "--calls-per-second",
            defaultValue = "60",
            paramLabel = "N",
            description = "New calls a second, 0.1 to 10000. Default: ${DEFAULT-VALUE}.")
    private double callsPerSecond;

    @Option(
            names = "--monitoring-limit",
            defaultValue = "5400",
            paramLabel = "SECONDS",
            description =
                    "How long connected calls are followed in maintenance, 1 to 86400. Default: ${DEFAULT-VALUE}.")
    private int monitoringLimitSeconds;

    @Option(
            names = "--gateway-limit",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description =
                    "How long agents' desktops may take to move to the other side in maintenance, 1 to 3600; then they are"
                            + " cut. Default: ${DEFAULT-VALUE}.")
    private int gatewayLimitSeconds;

    @Option(
            names = "--lease",
            defaultValue = "3",
            paramLabel = "SECONDS",
            description =
                    "For how long the right to dial is leased, 1 to 60; it is renewed six times as often, and the other"
                            + " side takes over when it has run out. Default: ${DEFAULT-VALUE}.")
    private double leaseSeconds;

    @Option(
            names = "--prompts",
            paramLabel = "DIR",
            defaultValue = "var/prompts",
            description =
                    "Recordings for customers, WAV files at 8000 Hz; campaigns name them. Default: ${DEFAULT-VALUE}.")
    private Path prompts;

    @Option(
            names = "--agent-key",
            paramLabel = "KEY",
            defaultValue = "${env:RELEVE_AGENT_KEY:-}",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
            description =
                    "What agents' desktops show at login; better given as RELEVE_AGENT_KEY. Without it nobody logs in.")
    private String agentKey;

    @Override
    public Integer call() {
        try {
            Set<Role> mine = roles();
            StoreAddress address = store.settings().address();
            RunningNode node = mine.contains(Role.DIALER)
                    ? Node.start(config(mine), address)
                    : GatewayNode.start(config(mine).gateways(), address);
            node.heedSignals();
            System.out.println("side " + side + " ready, console at " + node.url());
            int status = node.awaitExit();
            System.out.println("side " + side + " stopped with status " + status);
            return status;
        } catch (IOException | StoreRefused | HttpServer.NotStarted e) {
            throw new Refusal(String.valueOf(e.getMessage()), e);
        }
    }

    private NodeConfig config(Set<Role> mine) {
        check(ports >= 1 && ports <= 20_000, "--ports", "1 to 20000");
        check(callsPerSecond >= 0.1 && callsPerSecond <= 10_000, "--calls-per-second", "0.1 to 10000");
        check(monitoringLimitSeconds >= 1 && monitoringLimitSeconds <= 86_400, "--monitoring-limit", "1 to 86400");
        check(gatewayLimitSeconds >= 1 && gatewayLimitSeconds <= 3_600, "--gateway-limit", "1 to 3600");
        check(leaseSeconds >= 1 && leaseSeconds <= 60, "--lease", "1 to 60");
        return new NodeConfig(
                store.pair(),
                side,
                sip,
                trunks(),
                new NodeConfig.AllowedPeers(addresses()),
                httpSettings(),
                ports,
                callsPerSecond,
                Duration.ofSeconds(monitoringLimitSeconds),
                Duration.ofSeconds(gatewayLimitSeconds),
                Duration.ofMillis(Math.round(leaseSeconds * 1000)),
                prompts,
                agentKey.isBlank() ? Optional.empty() : Optional.of(agentKey),
                mine);
    }

    private Set<Role> roles() {
        Set<Role> mine = EnumSet.noneOf(Role.class);
        for (String name : roles) {
            mine.add(Role.of(name)
                    .orElseThrow(() -> new picocli.CommandLine.ParameterException(
                            spec.commandLine(),
                            "'%s' is no role: --roles is one or more of dialer, agent-gateway, routing-gateway."
                                    .formatted(name))));
        }
        return mine;
    }

    private TrunkPlan trunks() {
        if (trunks == null) {
            InetSocketAddress only = trunk == null ? new InetSocketAddress("127.0.0.1", 5060) : trunk;
            return TrunkPlan.of(only, callsPerSecond, ports, trunkAnalyses);
        }
        if (trunk != null || trunkAnalyses) {
            throw new picocli.CommandLine.ParameterException(
                    spec.commandLine(),
                    "--trunks says where calls go and whether gateways analyse: leave --trunk and --trunk-analyses out.");
        }
        try {
            return TrunkFile.read(trunks, System.getenv());
        } catch (UnusableTrunks e) {
            throw new Refusal(String.valueOf(e.getMessage()), e);
        }
    }

    private HttpSettings httpSettings() {
        return new HttpSettings(
                http.getAddress().getHostAddress(),
                http.getPort(),
                Set.copyOf(httpNames),
                operatorKey.isBlank() ? null : operatorKey);
    }

    private Set<InetAddress> addresses() {
        Set<InetAddress> addresses = new HashSet<>();
        for (String peer : peers) {
            try {
                addresses.add(InetAddress.getByName(peer));
            } catch (UnknownHostException e) {
                throw new Refusal("--peer " + peer + " is no address that can be found.", e);
            }
        }
        return addresses;
    }

    private void check(boolean holds, String option, String range) {
        if (!holds) {
            throw new picocli.CommandLine.ParameterException(spec.commandLine(), option + " is " + range + ".");
        }
    }

    /** Reads {@code address:port}; the address may be a name, looked up now. */
    static final class Address implements ITypeConverter<InetSocketAddress> {
        @Override
        public InetSocketAddress convert(String text) {
            int colon = text.lastIndexOf(':');
            @Nullable Integer port = colon < 1 ? null : port(text.substring(colon + 1));
            if (port == null) {
                throw new TypeConversionException("'" + text + "' is not ADDRESS:PORT, such as 127.0.0.1:5060.");
            }
            InetSocketAddress address = new InetSocketAddress(text.substring(0, colon), port);
            if (address.isUnresolved()) {
                throw new TypeConversionException("the address of '" + text + "' cannot be found.");
            }
            return address;
        }

        private static @Nullable Integer port(String text) {
            try {
                int port = Integer.parseInt(text);
                return port >= 0 && port <= 65_535 ? port : null;
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }
}
