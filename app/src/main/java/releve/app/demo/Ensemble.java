package releve.app.demo;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import releve.app.Releve;
import releve.core.common.Side;
import releve.server.config.FreePorts;
import releve.server.store.EmbeddedStore;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.Schema;
import releve.server.store.StoreAddress;
import releve.server.store.StoreConnections;

/**
 * A whole contact centre on this machine: PostgreSQL with a database of its own, carrier, agents and the two sides of a pair,
 * each a process of its own. Everything listens on loopback, on free ports.
 */
public final class Ensemble implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /**
     * What is put on.
     *
     * @param directory logs and journals; emptied of those of the last run
     * @param storeDirectory the embedded PostgreSQL, kept between runs
     * @param database made anew, and dropped first if it is there
     * @param carrier further options of {@code releve carrier}
     * @param agents further options of {@code releve agents}; empty list for none, and no agents at all when absent
     * @param node further options of {@code releve node}
     */
    public record Cast(
            Path directory,
            Path storeDirectory,
            String database,
            List<String> carrier,
            Optional<List<String>> agents,
            List<String> node) {}

    private final Cast cast;
    private final Map<Side, InetSocketAddress> sip = new EnumMap<>(Side.class);
    private final Map<Side, InetSocketAddress> http = new EnumMap<>(Side.class);
    private final InetSocketAddress trunk;
    private final InetSocketAddress phones;
    private final Map<Side, ChildProcess> nodes = new EnumMap<>(Side.class);
    private final Map<Side, ChildProcess> gateways = new EnumMap<>(Side.class);
    private final List<ChildProcess> others = new ArrayList<>();
    private final String agentKey;
    private final StoreAddress address;
    private final HikariDataSource pool;
    private Optional<StoreAddress> nodesSee = Optional.empty();
    private String nodesRun = ChildProcess.ownClassPath();

    private Ensemble(Cast cast, OptionalInt consoles) throws IOException, SQLException {
        this.cast = cast;
        this.trunk = FreePorts.address();
        this.phones = FreePorts.address();
        for (Side side : Side.values()) {
            sip.put(side, FreePorts.address());
            http.put(side, httpPort(side, consoles));
        }
        byte[] key = new byte[16];
        new SecureRandom().nextBytes(key);
        this.agentKey = HexFormat.of().formatHex(key);
        Files.createDirectories(cast.directory());
        for (String old : List.of("carrier.jsonl", "agents.jsonl", "carrier.log", "agents.log")) {
            Files.deleteIfExists(cast.directory().resolve(old));
        }
        this.address = freshDatabase(EmbeddedStore.startOrJoin(cast.storeDirectory()), cast.database());
        this.pool = StoreConnections.pool(address, "releve-ensemble", 4);
    }

    /** Prepares store and ports; no process is started yet. */
    public static Ensemble prepare(Cast cast) throws IOException, SQLException {
        return withTables(new Ensemble(cast, OptionalInt.empty()));
    }

    /** The same without tables: the first node makes them, which may be another build and know fewer of them. */
    public static Ensemble prepareEmpty(Cast cast) throws IOException, SQLException {
        return new Ensemble(cast, OptionalInt.empty());
    }

    private static Ensemble withTables(Ensemble ensemble) {
        Schema.migrate(ensemble.pool());
        return ensemble;
    }

    /** The same, with the consoles at well-known ports: side A's at the given one, side B's at the next, where these are free. */
    static Ensemble prepare(Cast cast, int consoles) throws IOException, SQLException {
        return withTables(new Ensemble(cast, OptionalInt.of(consoles)));
    }

    /** Starts carrier, side A, side B and agents, each when the one before is ready. */
    public Ensemble startAll() throws IOException, InterruptedException {
        startCarrier();
        startNode(Side.A);
        startNode(Side.B);
        if (cast.agents().isPresent()) {
            startAgents();
        }
        return this;
    }

    public ChildProcess startCarrier() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "carrier", "--listen", text(trunk), "--journal", journal().toString()));
        arguments.addAll(cast.carrier());
        ChildProcess carrier = ChildProcess.start("carrier", cast.directory(), Map.of(), arguments);
        others.add(carrier);
        carrier.awaitLine("carrier ready", START_LIMIT);
        return carrier;
    }

    public ChildProcess startAgents() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "agents",
                "--listen",
                text(phones),
                "--gateways",
                url(Side.A) + "," + url(Side.B),
                "--journal",
                cast.directory().resolve("agents.jsonl").toString()));
        arguments.addAll(cast.agents().orElseGet(List::of));
        ChildProcess agents =
                ChildProcess.start("agents", cast.directory(), Map.of("RELEVE_AGENT_KEY", agentKey), arguments);
        others.add(agents);
        agents.awaitLine("agents ready", START_LIMIT);
        return agents;
    }

    /** Starts a side, for the first time or again. */
    public ChildProcess startNode(Side side, String... more) throws IOException, InterruptedException {
        return startAt(side, text(http.get(side)), more);
    }

    /** Starts a side's dialer in a process without gateways. */
    public ChildProcess startDialer(Side side) throws IOException, InterruptedException {
        return startAt(side, "127.0.0.1:0", "--roles", "dialer");
    }

    private ChildProcess startAt(Side side, String console, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("node", "--side", side.name(), "--sip", text(sip.get(side)), "--http", console));
        if (!cast.node().contains("--trunks")) {
            arguments.addAll(List.of("--trunk", text(trunk)));
        }
        arguments.addAll(cast.node());
        arguments.addAll(List.of(more));
        Map<String, String> environment = new HashMap<>(environment(nodesSee.orElse(address)));
        environment.put("RELEVE_AGENT_KEY", agentKey);
        ChildProcess node = ChildProcess.start(
                "node-" + side + "-" + System.nanoTime(), cast.directory(), environment, arguments, nodesRun);
        nodes.put(side, node);
        node.awaitLine("side " + side + " ready", START_LIMIT);
        return node;
    }

    /** Starts a side's gateways in a process of their own, where agents look for that side; {@link #startDialer} its dialer. */
    public ChildProcess startGateways(Side side) throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "node",
                "--side",
                side.name(),
                "--roles",
                "agent-gateway,routing-gateway",
                "--http",
                text(http.get(side)));
        Map<String, String> environment = new HashMap<>(environment(nodesSee.orElse(address)));
        environment.put("RELEVE_AGENT_KEY", agentKey);
        ChildProcess process = ChildProcess.start(
                "gateways-" + side + "-" + System.nanoTime(), cast.directory(), environment, arguments, nodesRun);
        gateways.put(side, process);
        process.awaitLine("side " + side + " ready", START_LIMIT);
        return process;
    }

    /** A side's gateways, if they were started in a process of their own. */
    public ChildProcess gateways(Side side) {
        ChildProcess process = gateways.get(side);
        if (process == null) {
            throw new IllegalStateException("gateways of side " + side + " have not been started");
        }
        return process;
    }

    /** Lets nodes that start from now on reach the store by another way, so that it can be cut. */
    public void letNodesSee(StoreAddress other) {
        nodesSee = Optional.of(other);
    }

    /** Lets nodes that start from now on run another build, by its class path. */
    public void letNodesRun(String classPath) {
        nodesRun = classPath;
    }

    public ChildProcess node(Side side) {
        ChildProcess node = nodes.get(side);
        if (node == null) {
            throw new IllegalStateException("side " + side + " has not been started");
        }
        return node;
    }

    /** Where logs and journals are. */
    public Path directory() {
        return cast.directory();
    }

    /** The carrier's journal. */
    public Path journal() {
        return cast.directory().resolve("carrier.jsonl");
    }

    public StoreAddress address() {
        return address;
    }

    public HikariDataSource pool() {
        return pool;
    }

    public NodeRegistry registry() {
        return new NodeRegistry(pool);
    }

    public GatewayRegistry gatewayRoles() {
        return new GatewayRegistry(pool);
    }

    public OperatorStore operators() {
        return new OperatorStore(pool);
    }

    /** What desktops show at login. */
    public String agentKey() {
        return agentKey;
    }

    /** Where a side's console is. */
    public String url(Side side) {
        return "http://" + text(http.get(side));
    }

    /** What a command printed, and its exit status. */
    public record Printed(int status, String text) {}

    /** Runs a command against this ensemble's store. */
    public Printed run(String... arguments) {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text);
        CommandLine command = Releve.commandLine();
        command.setOut(writer);
        command.setErr(writer);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--database-url", databaseUrl()));
        int status = command.execute(all.toArray(String[]::new));
        writer.flush();
        return new Printed(status, text.toString().strip());
    }

    /** The IVR of the agents' phones. */
    public String ivr() {
        return "sip:ivr@" + phones.getAddress().getHostAddress() + ":" + phones.getPort();
    }

    /** Where the agents' phones and the IVR are. */
    public InetSocketAddress phones() {
        return phones;
    }

    /** Where the trunk is. */
    public InetSocketAddress trunk() {
        return trunk;
    }

    /** Where a side speaks SIP. */
    public InetSocketAddress sip(Side side) {
        InetSocketAddress at = sip.get(side);
        if (at == null) {
            throw new IllegalStateException("no address for side " + side);
        }
        return at;
    }

    /** What a process needs in its environment to find this ensemble's store. */
    public Map<String, String> environment() {
        return environment(address);
    }

    private static Map<String, String> environment(StoreAddress store) {
        return Map.of(
                "RELEVE_DATABASE_URL", store.url(),
                "RELEVE_DATABASE_USER", store.user(),
                "RELEVE_DATABASE_PASSWORD", store.password());
    }

    /** This ensemble's store as {@code --database-url} takes it, password included: for commands run in this process only. */
    public String databaseUrl() {
        return address.url()
                .replaceFirst(
                        "^jdbc:postgresql://",
                        "postgresql://" + encoded(address.user()) + ":" + encoded(address.password()) + "@");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Ends every process that still runs; the store stays. */
    @Override
    public void close() {
        List<ChildProcess> all = new ArrayList<>(others);
        all.addAll(nodes.values());
        all.addAll(gateways.values());
        all.forEach(ChildProcess::kill);
        pool.close();
    }

    private static StoreAddress freshDatabase(StoreAddress server, String name) throws SQLException {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("'" + name + "' is no name for a database");
        }
        try (Connection admin = DriverManager.getConnection(server.url(), server.user(), server.password());
                Statement statement = admin.createStatement()) {
            statement.execute("drop database if exists " + name + " with (force)");
            statement.execute("create database " + name);
        }
        return new StoreAddress(
                server.url().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1"), server.user(), server.password());
    }

    private static InetSocketAddress httpPort(Side side, OptionalInt consoles) throws IOException {
        if (consoles.isPresent()) {
            InetSocketAddress wanted = new InetSocketAddress(LOOPBACK, consoles.getAsInt() + side.ordinal());
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(wanted);
                return wanted;
            } catch (BindException taken) {
                // Then any other will do; the demonstration says which.
            }
        }
        return FreePorts.address();
    }

    private static String text(@Nullable InetSocketAddress at) {
        if (at == null) {
            throw new IllegalStateException("no address");
        }
        return at.getAddress().getHostAddress() + ":" + at.getPort();
    }
}
