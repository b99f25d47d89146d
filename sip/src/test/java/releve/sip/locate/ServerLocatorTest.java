package releve.sip.locate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/** The search for servers (RFC 3263, RFC 2782) over a zone in memory. */
class ServerLocatorTest {
    private static final long TTL_MS = 60_000;

    private final Map<Question, Answer> zone = new HashMap<>();
    private final List<Question> asked = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(7);
    private ServerLocator locator = new ServerLocator(LocatePolicy.DEFAULT, random);
    private long nowMs = 1_000;

    private static Hop hop(Transport transport, String address, int port) {
        return Hop.of(transport, new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    private void zone(String name, Question.Type type, DnsRecord... records) {
        zone.put(new Question(name, type), new Answer.Found(List.of(records), TTL_MS));
    }

    private void host(String name, String... addresses) {
        List<DnsRecord> records = new ArrayList<>();
        for (String address : addresses) {
            records.add(new DnsRecord.Address(InetAddress.ofLiteral(address)));
        }
        zone.put(new Question(name, Question.Type.A), new Answer.Found(records, TTL_MS));
    }

    private void answerAll() {
        for (Question q = locator.nextQuestion(); q != null; q = locator.nextQuestion()) {
            asked.add(q);
            locator.answer(q, zone.getOrDefault(q, new Answer.Absent(TTL_MS)), nowMs);
        }
    }

    private Location locate(String uri) {
        long number = locator.locate(uri, nowMs);
        answerAll();
        ServerLocator.Result result = Objects.requireNonNull(locator.nextResult());
        assertThat(result.search()).isEqualTo(number);
        return result.location();
    }

    private List<Hop> hops(String uri) {
        assertThat(locate(uri)).isInstanceOf(Location.Found.class);
        asked.clear();
        return ((Location.Found) locate(uri)).hops();
    }

    @Test
    void shouldAskNothingForLiteralAddresses() {
        assertThat(hops("sip:192.0.2.1")).containsExactly(hop(Transport.UDP, "192.0.2.1", 5060));
        assertThat(hops("sip:a@192.0.2.1:5080;transport=tcp")).containsExactly(hop(Transport.TCP, "192.0.2.1", 5080));
        assertThat(hops("sips:a@192.0.2.1"))
                .containsExactly(hop(Transport.TLS, "192.0.2.1", 5061).named("192.0.2.1"));
        assertThat(hops("sip:a@[2001:db8::1]:5070")).containsExactly(hop(Transport.UDP, "2001:db8::1", 5070));
        assertThat(hops("sip:a@example.com;maddr=192.0.2.9")).containsExactly(hop(Transport.UDP, "192.0.2.9", 5060));
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldAskForAddressesOnlyWhenThePortIsGiven() {
        host("gw.example.com", "192.0.2.1", "192.0.2.2");
        assertThat(locate("sip:gw.example.com:5080")).isInstanceOf(Location.Found.class);
        assertThat(asked).containsExactly(new Question("gw.example.com", Question.Type.A));
        assertThat(hops("sip:gw.example.com:5080"))
                .containsExactly(hop(Transport.UDP, "192.0.2.1", 5080), hop(Transport.UDP, "192.0.2.2", 5080));
    }

    @Test
    void shouldTakeTheTransportThatTheDomainPrefersAmongOurs() {
        zone(
                "example.com",
                Question.Type.NAPTR,
                new DnsRecord.Naptr(10, 10, "s", "SIP+D2S", "_sip._sctp.example.com"),
                new DnsRecord.Naptr(20, 60, "s", "SIP+D2U", "_sip._udp.example.com"),
                new DnsRecord.Naptr(20, 50, "s", "SIPS+D2T", "_sips._tcp.example.com"),
                new DnsRecord.Naptr(30, 10, "s", "SIP+D2T", "_sip._tcp.example.com"));
        zone("_sips._tcp.example.com", Question.Type.SRV, new DnsRecord.Srv(1, 1, 5061, "a.example.com."));
        zone("_sip._udp.example.com", Question.Type.SRV, new DnsRecord.Srv(1, 1, 5062, "b.example.com."));
        zone("_sip._tcp.example.com", Question.Type.SRV, new DnsRecord.Srv(1, 1, 5063, "b.example.com."));
        host("a.example.com", "192.0.2.1");
        host("b.example.com", "192.0.2.2");
        assertThat(hops("sip:example.com"))
                .containsExactly(
                        hop(Transport.TLS, "192.0.2.1", 5061).named("example.com"),
                        hop(Transport.UDP, "192.0.2.2", 5062));
    }

    @Test
    void shouldUseSecureServicesOnlyForSips() {
        zone(
                "example.com",
                Question.Type.NAPTR,
                new DnsRecord.Naptr(1, 1, "s", "SIP+D2U", "_sip._udp.example.com"),
                new DnsRecord.Naptr(2, 1, "s", "SIPS+D2T", "_sips._tcp.example.com"));
        zone("_sip._udp.example.com", Question.Type.SRV, new DnsRecord.Srv(1, 1, 5060, "a.example.com"));
        zone("_sips._tcp.example.com", Question.Type.SRV, new DnsRecord.Srv(1, 1, 5061, "a.example.com"));
        host("a.example.com", "192.0.2.1");
        assertThat(hops("sips:x@example.com"))
                .containsExactly(hop(Transport.TLS, "192.0.2.1", 5061).named("example.com"));
    }

    @Test
    void shouldAskForServicesOfEachTransportWhenThereIsNoNaptr() {
        zone("_sip._tcp.example.com", Question.Type.SRV, new DnsRecord.Srv(1, 1, 5070, "a.example.com"));
        host("a.example.com", "192.0.2.1");
        assertThat(hops("sip:example.com")).containsExactly(hop(Transport.TCP, "192.0.2.1", 5070));
    }

    @Test
    void shouldFallBackToAddressesWhenThereIsNoService() {
        host("example.com", "192.0.2.1");
        assertThat(hops("sip:example.com")).containsExactly(hop(Transport.UDP, "192.0.2.1", 5060));
        assertThat(hops("sip:example.com;transport=tcp")).containsExactly(hop(Transport.TCP, "192.0.2.1", 5060));
    }

    @Test
    void shouldNotFallBackWhenTheDomainSaysThatItHasNoService() {
        host("example.com", "192.0.2.1");
        for (String service : List.of("_sip._udp", "_sip._tcp", "_sips._tcp")) {
            zone(service + ".example.com", Question.Type.SRV, new DnsRecord.Srv(0, 0, 0, "."));
        }
        assertThat(locate("sip:example.com"))
                .isEqualTo(new Location.Nowhere(
                        "sip:example.com leads to no SIP server: its domain says that it has no" + " such service."));
    }

    @Test
    void shouldTryServersByPriority() {
        zone(
                "_sip._udp.example.com",
                Question.Type.SRV,
                new DnsRecord.Srv(20, 1, 5062, "a.example.com"),
                new DnsRecord.Srv(10, 1, 5061, "a.example.com"),
                new DnsRecord.Srv(30, 1, 5063, "a.example.com"));
        host("a.example.com", "192.0.2.1");
        assertThat(hops("sip:example.com;transport=udp"))
                .extracting(h -> h.address().getPort())
                .containsExactly(5061, 5062, 5063);
    }

    @Test
    void shouldShareAmongServersOfOnePriorityByWeight() {
        zone(
                "_sip._udp.example.com",
                Question.Type.SRV,
                new DnsRecord.Srv(1, 0, 1, "a.example.com"),
                new DnsRecord.Srv(1, 25, 2, "a.example.com"),
                new DnsRecord.Srv(1, 75, 3, "a.example.com"));
        host("a.example.com", "192.0.2.1");
        int[] first = new int[4];
        for (int i = 0; i < 4_000; i++) {
            Location.Found found = (Location.Found) locate("sip:example.com;transport=udp");
            assertThat(found.hops()).hasSize(3).doesNotHaveDuplicates();
            first[found.hops().getFirst().address().getPort()]++;
        }
        assertThat(first[1]).as("weight 0 is drawn seldom, but drawn").isBetween(1, 150);
        assertThat(first[2]).isBetween(850, 1_150);
        assertThat(first[3]).isBetween(2_750, 3_150);
    }

    @Test
    void shouldAskAgainOnlyWhenTheAnswerHoldsNoMore() {
        host("gw.example.com", "192.0.2.1");
        locate("sip:gw.example.com:5060");
        asked.clear();
        nowMs += TTL_MS - 1;
        assertThat(locator.known("sip:gw.example.com:5060", nowMs)).isInstanceOf(Location.Found.class);
        locate("sip:gw.example.com:5060");
        assertThat(asked).isEmpty();
        nowMs += 1;
        assertThat(locator.known("sip:gw.example.com:5060", nowMs)).isNull();
        host("gw.example.com", "192.0.2.7");
        assertThat(hops("sip:gw.example.com:5060")).containsExactly(hop(Transport.UDP, "192.0.2.7", 5060));
    }

    @Test
    void shouldAskOnceForManyCallers() {
        host("gw.example.com", "192.0.2.1");
        for (int i = 0; i < 100; i++) {
            locator.locate("sip:gw.example.com:5060", nowMs);
        }
        answerAll();
        assertThat(asked).hasSize(1);
        for (int i = 0; i < 100; i++) {
            assertThat(Objects.requireNonNull(locator.nextResult()).location()).isInstanceOf(Location.Found.class);
        }
        assertThat(locator.searches()).isZero();
    }

    @Test
    void shouldEndTheSearchWhenTheDnsStaysSilent() {
        locator.locate("sip:gw.example.com:5060", nowMs);
        assertThat(locator.nextDeadlineMs()).isEqualTo(nowMs + ServerLocator.SEARCH_MS_MAX);
        locator.advance(nowMs + ServerLocator.SEARCH_MS_MAX);
        assertThat(Objects.requireNonNull(locator.nextResult()).location())
                .isEqualTo(
                        new Location.Nowhere("sip:gw.example.com:5060 was not found: the DNS did not answer in time."));
        assertThat(locator.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(locator.nextQuestion())
                .as("nobody waits for the answer any more")
                .isNull();
    }

    @Test
    void shouldSayWhyThereIsNoServer() {
        zone.put(new Question("down.example.com", Question.Type.A), new Answer.Failed("no server answered"));
        assertThat(locate("sip:down.example.com:5060"))
                .isEqualTo(new Location.Nowhere("sip:down.example.com:5060 leads to no SIP server: down.example.com A"
                        + " could not be asked: no server answered."));
        assertThat(locate("sip:none.example.com:5060"))
                .isEqualTo(new Location.Nowhere(
                        "sip:none.example.com:5060 leads to no SIP server: the DNS has no address for it."));
        assertThat(locate("sip:a@example.com;transport=sctp")).isInstanceOf(Location.Nowhere.class);
        assertThat(locate("tel:+33123")).isInstanceOf(Location.Nowhere.class);
    }

    @Test
    void shouldKeepNoMoreAnswersThanItsLimit() {
        for (int i = 0; i < ServerLocator.ANSWERS_MAX + 500; i++) {
            host("h" + i + ".example.com", "192.0.2.1");
            locate("sip:h" + i + ".example.com:5060");
        }
        assertThat(locator.answers()).isEqualTo(ServerLocator.ANSWERS_MAX);
    }

    @Test
    void shouldLimitServersAndTakeBothFamilies() {
        locator = new ServerLocator(
                new LocatePolicy(List.of(Transport.UDP), List.of(Question.Type.AAAA, Question.Type.A), 3), random);
        host("gw.example.com", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        zone("gw.example.com", Question.Type.AAAA, new DnsRecord.Address(InetAddress.ofLiteral("2001:db8::1")));
        assertThat(hops("sip:gw.example.com:5060"))
                .containsExactly(
                        hop(Transport.UDP, "2001:db8::1", 5060),
                        hop(Transport.UDP, "192.0.2.1", 5060),
                        hop(Transport.UDP, "192.0.2.2", 5060));
    }
}
