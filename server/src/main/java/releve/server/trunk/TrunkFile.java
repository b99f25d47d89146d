package releve.server.trunk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import releve.sip.auth.Account;
import releve.sip.limit.AccessList;
import releve.sip.limit.Prefix;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipUri;
import releve.sip.transaction.Transport;
import releve.sip.transport.TlsSettings;
import releve.sip.trunk.CallSettings;
import releve.sip.trunk.CallSettings.ReliableProvisional;
import releve.sip.trunk.GatewayConfig;
import releve.sip.trunk.Probing;
import releve.sip.trunk.TrunkConfig;

/**
 * Reads trunks from YAML. Passwords are never in it: it names the file or the environment variable that has one. Paths are
 * relative to the file's own directory.
 */
public final class TrunkFile {
    private static final int BYTES_MAX = 1 << 20;
    private static final int PASSWORD_BYTES_MAX = 1_024;
    private static final int TRUNKS_MAX = 32;
    private static final int GATEWAYS_MAX = 64;
    private static final int RANGES_MAX = 1_000;
    private static final int DNS_MAX = 8;
    private static final int DNS_PORT = 53;
    private static final int CALLS_PER_SECOND_MAX = 10_000;
    private static final int PORTS_MAX = 20_000;

    private final Path directory;
    private final Map<String, String> environment;
    private final List<Prefix> access = new ArrayList<>();

    private TrunkFile(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** @param environment where passwords may be */
    public static TrunkPlan read(Path file, Map<String, String> environment) throws UnusableTrunks {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new UnusableTrunks(file + " is larger than 1 MiB: it is no description of trunks.");
            }
            Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
            return parse(Files.readString(file), file.toString(), directory, environment);
        } catch (IOException failed) {
            throw new UnusableTrunks(file + " cannot be read: check that it is there and may be read.");
        }
    }

    /**
     * The same from a text.
     *
     * @param source what to call it in errors
     * @param directory that paths are relative to
     */
    public static TrunkPlan parse(String yaml, String source, Path directory, Map<String, String> environment)
            throws UnusableTrunks {
        return new TrunkFile(directory, environment).plan(YamlFields.parse(yaml, source));
    }

    private TrunkPlan plan(YamlFields root) throws UnusableTrunks {
        root.knowOnly("trunks", "access", "dns", "tls");
        ranges(root);
        List<TrunkSettings> trunks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlFields each : root.list("trunks", TRUNKS_MAX)) {
            TrunkSettings trunk = trunk(each);
            if (!names.add(trunk.name())) {
                throw each.wrong("name", "is that of another trunk, too: '" + trunk.name() + "'");
            }
            trunks.add(trunk);
        }
        if (trunks.isEmpty()) {
            throw root.wrong("trunks", "is missing: describe one at least");
        }
        YamlFields tls = root.within("tls");
        tls.knowOnly("trust", "certificate", "key", "port");
        return new TrunkPlan(
                trunks,
                new AccessList(access),
                dns(root),
                root.has("tls") ? Optional.of(tls(tls)) : Optional.empty(),
                tls.whole("port", 1, 65_535, TrunkPlan.TLS_PORT),
                true);
    }

    private TrunkSettings trunk(YamlFields of) throws UnusableTrunks {
        of.knowOnly(
                "name",
                "gateways",
                "outboundProxy",
                "callsPerSecond",
                "ports",
                "probe",
                "answerWithin",
                "caller",
                "sessionTimer",
                "reliableProgress",
                "analyses",
                "credentials",
                "access");
        ranges(of);
        double callsPerSecond = of.number("callsPerSecond", 0.1, CALLS_PER_SECOND_MAX);
        int ports = of.whole("ports", 1, PORTS_MAX, PORTS_MAX);
        List<GatewayConfig> gateways = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlFields each : of.list("gateways", GATEWAYS_MAX)) {
            GatewayConfig gateway = gateway(each, callsPerSecond, ports);
            if (!names.add(gateway.name())) {
                throw each.wrong("name", "is that of another gateway of this trunk, too: '" + gateway.name() + "'");
            }
            gateways.add(gateway);
        }
        if (gateways.isEmpty()) {
            throw of.wrong("gateways", "is missing: give one at least");
        }
        Optional<String> proxy = of.has("outboundProxy") ? Optional.of(uri(of, "outboundProxy")) : Optional.empty();
        TrunkConfig sip =
                new TrunkConfig(of.text("name"), gateways, callsPerSecond, ports, proxy, probing(of), calls(of));
        return new TrunkSettings(
                sip,
                caller(of),
                of.has("credentials") ? List.of(account(of.within("credentials"))) : List.of(),
                of.flag("analyses", false),
                Math.round(1_000 * of.number("answerWithin", 0.5, 32, TrunkSettings.ANSWER_WITHIN_MS / 1_000.0)));
    }

    private static GatewayConfig gateway(YamlFields of, double callsPerSecond, int ports) throws UnusableTrunks {
        of.knowOnly("name", "uri", "priority", "weight", "callsPerSecond", "ports");
        return new GatewayConfig(
                of.text("name"),
                uri(of, "uri"),
                of.whole("priority", 0, 65_535, 0),
                of.whole("weight", 1, 65_535, 1),
                of.number("callsPerSecond", 0.1, CALLS_PER_SECOND_MAX, callsPerSecond),
                of.whole("ports", 1, PORTS_MAX, ports));
    }

    /** A URI of a host; without a scheme it is a sip URI. */
    private static String uri(YamlFields of, String field) throws UnusableTrunks {
        String text = of.text(field);
        String whole = SipUri.isSip(text) ? text : "sip:" + text;
        try {
            SipUri uri = SipUri.parse(whole);
            String transport = uri.params().get("transport");
            Transport known = Transport.ofUri(transport, uri.scheme().equals("sips"));
            if (known == null || known.isWebSocket()) {
                throw of.wrong(field, "has the transport '" + transport + "'; known are udp, tcp and tls");
            }
            if (uri.user() != null || !uri.headers().isEmpty()) {
                throw of.wrong(field, "is a host with port and transport, without user and headers: '" + text + "'");
            }
            return whole;
        } catch (MalformedMessageException e) {
            throw of.wrong(
                    field,
                    "is a SIP address such as sip:sbc.example.com or 192.0.2.1:5060;transport=tcp, not '" + text + "'");
        }
    }

    private static Probing probing(YamlFields of) throws UnusableTrunks {
        YamlFields probe = of.within("probe");
        probe.knowOnly("every", "downAfter", "upAfter");
        double everySeconds = probe.number("every", 0, 3_600, Probing.DEFAULT.everyMs() / 1_000.0);
        if (everySeconds > 0 && everySeconds < 0.5) {
            throw probe.wrong("every", "is 0 for no probing, or 0.5 to 3600 seconds");
        }
        return new Probing(
                Math.round(1_000 * everySeconds),
                probe.whole("downAfter", 1, 100, Probing.DEFAULT.downAfter()),
                probe.whole("upAfter", 1, 100, Probing.DEFAULT.upAfter()));
    }

    private static CallSettings calls(YamlFields of) throws UnusableTrunks {
        YamlFields timer = of.within("sessionTimer");
        timer.knowOnly("expires", "min");
        int expires = of.has("sessionTimer") ? timer.whole("expires", 90, 86_400, 1_800) : 0;
        int least = timer.whole("min", 90, 86_400, 90);
        if (expires > 0 && least > expires) {
            throw timer.wrong("min", "is longer than the " + expires + " s of 'expires'");
        }
        ReliableProvisional reliable = switch (of.textIfAny("reliableProgress").orElse("none")) {
            case "none" -> ReliableProvisional.OFF;
            case "supported" -> ReliableProvisional.SUPPORTED;
            case "required" -> ReliableProvisional.REQUIRED;
            case String other ->
                throw of.wrong("reliableProgress", "is none, supported or required, not '" + other + "'");
        };
        return new CallSettings(reliable, CallSettings.Transfer.BRIDGE, expires, least);
    }

    private static ShownCaller caller(YamlFields of) throws UnusableTrunks {
        YamlFields caller = of.within("caller");
        caller.knowOnly("domain", "asserted", "withheld");
        Optional<String> domain = caller.textIfAny("domain");
        if (domain.isPresent() && !domain.get().matches("[A-Za-z0-9.:\\[\\]-]{1,255}")) {
            throw caller.wrong("domain", "is a host name or address, not '" + domain.get() + "'");
        }
        return new ShownCaller(domain, caller.flag("asserted", false), caller.flag("withheld", false));
    }

    private Account account(YamlFields of) throws UnusableTrunks {
        if (of.has("password")) {
            throw of.wrong("password", "does not belong here: name a 'passwordFile' or a 'passwordEnvironment'");
        }
        of.knowOnly("user", "realm", "passwordFile", "passwordEnvironment");
        Optional<String> file = of.textIfAny("passwordFile");
        Optional<String> variable = of.textIfAny("passwordEnvironment");
        if (file.isPresent() == variable.isPresent()) {
            throw of.wrong("passwordFile", "or 'passwordEnvironment' is wanted, one of them");
        }
        String password = file.isPresent()
                ? passwordOf(of, directory.resolve(file.get()))
                : environment.getOrDefault(variable.orElseThrow(), "");
        if (password.isEmpty()) {
            throw variable.isPresent()
                    ? of.wrong("passwordEnvironment", "names " + variable.get() + ", which is not set")
                    : of.wrong("passwordFile", "names a file that is empty");
        }
        return new Account(of.textIfAny("realm").orElse(""), of.text("user"), password);
    }

    private static String passwordOf(YamlFields of, Path file) throws UnusableTrunks {
        try {
            if (Files.size(file) > PASSWORD_BYTES_MAX) {
                throw of.wrong("passwordFile", "names " + file + ", which is too large for a password");
            }
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw of.wrong("passwordFile", "names " + file + ", which cannot be read");
        }
    }

    private void ranges(YamlFields of) throws UnusableTrunks {
        for (String range : of.texts("access", RANGES_MAX)) {
            try {
                access.add(Prefix.parse(range));
            } catch (IllegalArgumentException e) {
                throw of.wrong(
                        "access",
                        "has '" + range + "', which is no address such as 192.0.2.1 and no prefix such"
                                + " as 192.0.2.0/24");
            }
        }
    }

    private static List<InetSocketAddress> dns(YamlFields root) throws UnusableTrunks {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String text : root.texts("dns", DNS_MAX)) {
            try {
                SipUri at = SipUri.parse("sip:" + text);
                InetAddress address = InetAddress.ofLiteral(at.host().replaceAll("[\\[\\]]", ""));
                servers.add(new InetSocketAddress(address, at.port() < 0 ? DNS_PORT : at.port()));
            } catch (MalformedMessageException | IllegalArgumentException e) {
                throw root.wrong("dns", "has '" + text + "', which is no address such as 192.0.2.53 or 192.0.2.53:53");
            }
        }
        return servers;
    }

    private TrunkPlan.Tls tls(YamlFields of) throws UnusableTrunks {
        Path trust = of.textIfAny("trust").map(directory::resolve).orElse(null);
        Optional<Path> certificate = of.textIfAny("certificate").map(directory::resolve);
        Optional<Path> key = of.textIfAny("key").map(directory::resolve);
        if (certificate.isPresent() != key.isPresent()) {
            throw of.wrong(certificate.isPresent() ? "key" : "certificate", "is missing: the two belong together");
        }
        try {
            TlsSettings settings = certificate.isPresent()
                    ? TlsSettings.ofPem(
                            certificate.get(), key.orElseThrow(), trust, TlsSettings.ClientCertificates.OPTIONAL)
                    : TlsSettings.trusting(trust);
            return new TrunkPlan.Tls(settings, certificate.isPresent());
        } catch (IOException e) {
            throw of.wrong(
                    certificate.isPresent() ? "certificate" : "trust",
                    "cannot be used: " + withoutStop(String.valueOf(e.getMessage())));
        }
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
