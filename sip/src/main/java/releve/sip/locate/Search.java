package releve.sip.locate;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipUri;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/**
 * One pass of the search of RFC 3263 section 4 over the answers that are known. A pass that misses answers says which; it
 * is run anew, from its start, when they have come: so the search has no state but the answers.
 *
 * <pre>
 * transport (4.1)                          port and address (4.2)
 * given in the URI        → that           literal host         → that, port of the URI or the default
 * literal host, or a port → UDP, sips: TLS name with a port     → A/AAAA
 * NAPTR                   → the domain's   name without a port  → SRV, then A/AAAA of its targets
 * none: SRV of each       → ours           no SRV               → A/AAAA of the name, default port
 * none: UDP, sips: TLS
 * </pre>
 */
final class Search {
    private final LocatePolicy policy;
    private final Function<Question, @Nullable Answer> known;
    private final RandomGenerator random;
    private final Set<Question> missing = new LinkedHashSet<>();
    private final Set<Hop> hops = new LinkedHashSet<>();
    private @Nullable String failure;

    /** A name under which a service's SRV records are, and the transport they are for. */
    private record Service(String name, Transport transport) {}

    private Search(LocatePolicy policy, Function<Question, @Nullable Answer> known, RandomGenerator random) {
        this.policy = policy;
        this.known = known;
        this.random = random;
    }

    static Location of(
            String uri, LocatePolicy policy, Function<Question, @Nullable Answer> known, RandomGenerator random) {
        SipUri parsed;
        try {
            parsed = SipUri.parse(uri);
        } catch (MalformedMessageException e) {
            return new Location.Nowhere(uri + " leads to no SIP server: " + e.getMessage() + ".");
        }
        Search search = new Search(policy, known, random);
        String unusable = search.run(parsed);
        if (unusable != null) {
            return new Location.Nowhere(uri + " leads to no SIP server: " + unusable + ".");
        }
        if (!search.missing.isEmpty()) {
            return new Location.Unsettled(search.missing);
        }
        if (!search.hops.isEmpty()) {
            return new Location.Found(
                    search.hops.stream().limit(policy.hopsMax()).toList());
        }
        String why = search.failure != null ? search.failure : "the DNS has no address for it";
        return new Location.Nowhere(uri + " leads to no SIP server: " + why + ".");
    }

    /** @return why nothing can come of it, or null */
    private @Nullable String run(SipUri uri) {
        String maddr = uri.params().get("maddr");
        String host = maddr != null ? maddr : uri.host();
        boolean sips = uri.scheme().equals("sips");
        String asked = uri.params().get("transport");
        Transport given = asked == null ? null : Transport.ofUri(asked, sips);
        if (asked != null && (given == null || !policy.transports().contains(given))) {
            return "its transport " + asked + " is none of ours";
        }
        Transport usual = given != null ? given : sips ? Transport.TLS : Transport.UDP;
        InetAddress literal = literal(host);
        if (literal != null) {
            add(usual, literal, uri.port() >= 0 ? uri.port() : usual.defaultPort(), host);
        } else if (uri.port() >= 0) {
            addresses(host, usual, uri.port(), host);
        } else {
            byServices(host, given, usual, sips);
        }
        return null;
    }

    private void byServices(String host, @Nullable Transport given, Transport usual, boolean sips) {
        List<Service> services = given != null ? List.of(service(host, given)) : offered(host, sips);
        boolean any = false;
        for (Service service : services) {
            any |= servers(service, host);
        }
        if (!any && missing.isEmpty()) {
            addresses(host, usual, usual.defaultPort(), host);
        }
    }

    /** The services that NAPTR records name, in the domain's order; without any, one of each transport of ours. */
    private List<Service> offered(String host, boolean sips) {
        List<DnsRecord.Naptr> pointers =
                records(new Question(host, Question.Type.NAPTR), DnsRecord.Naptr.class).stream()
                        .filter(naptr ->
                                naptr.flags().equalsIgnoreCase("s") && isOurs(transportOf(naptr.service(), sips)))
                        .sorted(Comparator.comparingInt(DnsRecord.Naptr::order)
                                .thenComparingInt(DnsRecord.Naptr::preference))
                        .toList();
        List<Service> services = new ArrayList<>();
        for (DnsRecord.Naptr naptr : pointers) {
            Transport transport = transportOf(naptr.service(), sips);
            if (transport != null && naptr.order() == pointers.getFirst().order()) {
                services.add(new Service(naptr.replacement(), transport));
            }
        }
        if (services.isEmpty() && missing.isEmpty()) {
            for (Transport transport : policy.transports()) {
                if (!transport.isWebSocket() && (transport.isSecure() || !sips)) {
                    services.add(service(host, transport));
                }
            }
        }
        return services;
    }

    private boolean isOurs(@Nullable Transport transport) {
        return transport != null && policy.transports().contains(transport);
    }

    /** RFC 3263 section 4.1, RFC 7118 section 11.3; a sips URI takes secure services only. */
    private static @Nullable Transport transportOf(String service, boolean sips) {
        return switch (service.toUpperCase(Locale.ROOT)) {
            case "SIP+D2U" -> sips ? null : Transport.UDP;
            case "SIP+D2T" -> sips ? null : Transport.TCP;
            case "SIPS+D2T" -> Transport.TLS;
            case "SIP+D2W" -> sips ? null : Transport.WS;
            case "SIPS+D2W" -> Transport.WSS;
            default -> null;
        };
    }

    private static Service service(String host, Transport transport) {
        String prefix = switch (transport) {
            case UDP -> "_sip._udp.";
            case TCP -> "_sip._tcp.";
            case TLS -> "_sips._tcp.";
            case WS -> "_sip._ws.";
            case WSS -> "_sips._ws.";
        };
        return new Service(prefix + host, transport);
    }

    /** Adds the servers of a service. @return whether the service exists, even if by saying that it does not serve */
    private boolean servers(Service service, String domain) {
        List<DnsRecord.Srv> records = records(new Question(service.name(), Question.Type.SRV), DnsRecord.Srv.class);
        List<DnsRecord.Srv> tried = records.size() <= policy.hopsMax() ? records : records.subList(0, policy.hopsMax());
        for (DnsRecord.Srv server : ServiceOrder.of(tried, random)) {
            if (server.target().isEmpty() || server.target().equals(".")) {
                failure = "its domain says that it has no such service";
            } else {
                addresses(server.target(), service.transport(), server.port(), domain);
            }
        }
        return !records.isEmpty();
    }

    private void addresses(String name, Transport transport, int port, String domain) {
        for (Question.Type family : policy.families()) {
            for (DnsRecord.Address found : records(new Question(name, family), DnsRecord.Address.class)) {
                add(transport, found.address(), port, domain);
            }
        }
    }

    /** The certificate of a secure server has to be for the domain that was asked for (RFC 5922 section 4). */
    private void add(Transport transport, InetAddress address, int port, String domain) {
        Hop hop = Hop.of(transport, new InetSocketAddress(address, port));
        hops.add(transport.isSecure() ? hop.named(domain) : hop);
    }

    private <R extends DnsRecord> List<R> records(Question question, Class<R> type) {
        return switch (known.apply(question)) {
            case null -> {
                missing.add(question);
                yield List.of();
            }
            case Answer.Found found ->
                found.records().stream()
                        .filter(type::isInstance)
                        .map(type::cast)
                        .toList();
            case Answer.Absent _ -> List.of();
            case Answer.Failed failed -> {
                failure = question + " could not be asked: " + failed.reason();
                yield List.of();
            }
        };
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
