package releve.server.telephony;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import releve.sip.locate.Answer;
import releve.sip.locate.DnsRecord;
import releve.sip.locate.Question;

/**
 * Asks the DNS what locating SIP servers needs (RFC 3263). Nothing blocks: answers come on a thread of the resolver, each
 * question gets exactly one.
 */
public final class DnsClient {
    /** How long a question may take, every server and repetition included. */
    public static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** For how long an absence holds of which the zone does not say it (RFC 2308 section 5 has SOA for it). */
    private static final long ABSENT_MS = 30_000;

    /** The most aliases followed from one name. */
    private static final int ALIASES_MAX = 8;

    private final Resolver resolver;
    private final BiConsumer<Question, Answer> answers;

    /**
     * @param resolver such as {@code new ExtendedResolver()}, which asks the servers that the machine is set up with
     * @param answers is called on another thread
     */
    public DnsClient(Resolver resolver, BiConsumer<Question, Answer> answers) {
        this.resolver = resolver;
        this.answers = answers;
        resolver.setTimeout(TIMEOUT);
    }

    public void ask(Question question) {
        Message query;
        try {
            Name name = Name.fromString(question.name(), Name.root);
            query = Message.newQuery(Record.newRecord(name, type(question.type()), DClass.IN));
        } catch (TextParseException e) {
            answers.accept(question, new Answer.Failed("it is no domain name"));
            return;
        }
        resolver.sendAsync(query)
                .whenComplete((response, failure) -> answers.accept(question, read(question, response, failure)));
    }

    private static int type(Question.Type type) {
        return switch (type) {
            case NAPTR -> Type.NAPTR;
            case SRV -> Type.SRV;
            case A -> Type.A;
            case AAAA -> Type.AAAA;
        };
    }

    private static Answer read(Question question, @Nullable Message response, @Nullable Throwable failure) {
        if (failure != null || response == null) {
            return new Answer.Failed("no DNS server answered");
        }
        return switch (response.getRcode()) {
            case Rcode.NOERROR -> records(question, response);
            case Rcode.NXDOMAIN -> new Answer.Absent(absentMs(response));
            default -> new Answer.Failed("the DNS server says " + Rcode.string(response.getRcode()));
        };
    }

    /** The records of the name and of those it is an alias of; the shortest TTL of all of them counts. */
    private static Answer records(Question question, Message response) {
        List<Record> section = response.getSection(Section.ANSWER);
        Set<Name> names = new HashSet<>();
        names.add(response.getQuestion().getName());
        long ttlSeconds = Long.MAX_VALUE;
        for (int i = 0; i < ALIASES_MAX; i++) {
            for (Record each : section) {
                if (each instanceof CNAMERecord alias
                        && names.contains(alias.getName())
                        && names.add(alias.getTarget())) {
                    ttlSeconds = Math.min(ttlSeconds, alias.getTTL());
                }
            }
        }
        List<DnsRecord> found = new ArrayList<>(section.size());
        for (Record each : section) {
            DnsRecord read =
                    names.contains(each.getName()) && each.getType() == type(question.type()) ? read(each) : null;
            if (read != null) {
                found.add(read);
                ttlSeconds = Math.min(ttlSeconds, each.getTTL());
            }
        }
        return found.isEmpty() ? new Answer.Absent(absentMs(response)) : new Answer.Found(found, 1_000 * ttlSeconds);
    }

    private static @Nullable DnsRecord read(Record each) {
        return switch (each) {
            case ARecord a -> new DnsRecord.Address(a.getAddress());
            case AAAARecord aaaa -> new DnsRecord.Address(aaaa.getAddress());
            case SRVRecord srv ->
                new DnsRecord.Srv(srv.getPriority(), srv.getWeight(), srv.getPort(), text(srv.getTarget()));
            case NAPTRRecord naptr ->
                new DnsRecord.Naptr(
                        naptr.getOrder(),
                        naptr.getPreference(),
                        naptr.getFlags(),
                        naptr.getService(),
                        text(naptr.getReplacement()));
            default -> null;
        };
    }

    /** Without the final dot, but for the root, by which a domain says that it has no such service. */
    private static String text(Name name) {
        return name.equals(Name.root) ? "." : name.toString(true);
    }

    private static long absentMs(Message response) {
        for (Record each : response.getSection(Section.AUTHORITY)) {
            if (each instanceof SOARecord soa) {
                return 1_000 * Math.min(soa.getTTL(), soa.getMinimum());
            }
        }
        return ABSENT_MS;
    }
}
