package releve.server.cli;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import releve.core.campaign.Campaign;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.server.http.Overview.AbandonFigures;
import releve.server.http.ReportFigures;
import releve.server.store.CampaignStore;
import releve.server.store.DeskReports;
import releve.server.store.DeskReports.Desk;
import releve.server.store.Reports;
import releve.server.store.Reports.Attempts;
import releve.server.store.Reports.CampaignFigures;
import releve.server.store.Reports.Contacts;
import releve.server.store.Reports.HalfHour;
import releve.server.store.StoreConnections;
import releve.server.store.WorkReports;
import releve.server.store.WorkReports.Work;

/** Figures from the ledger. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows each campaign's figures: all of its time, or by half hour or day of the attempts' start.",
            "The times are this machine's; days are its days.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  releve report",
            "  releve report --campaign spring --interval half-hour",
            "  releve report --interval day --from 2026-03-01 --json",
            "  releve report --desk",
        })
public final class ReportCommand extends CommandOnStore {
    /** The length of a line of the report. */
    public enum Interval {
        HALF_HOUR("half-hour"),
        DAY("day");

        private final String written;

        Interval(String written) {
            this.written = written;
        }

        @Override
        public String toString() {
            return written;
        }

        /** Only as written, not by the constant's name. */
        static final class Written implements ITypeConverter<Interval> {
            @Override
            public Interval convert(String text) {
                return Stream.of(values())
                        .filter(interval -> interval.written.equals(text))
                        .findFirst()
                        .orElseThrow(() ->
                                new TypeConversionException("'" + text + "' is no interval: choose half-hour or day"));
            }
        }
    }

    @Option(names = "--campaign", paramLabel = "NAME", description = "Only this one.")
    private @Nullable String campaignName;

    @Option(
            names = "--interval",
            paramLabel = "LENGTH",
            converter = Interval.Written.class,
            description = "${COMPLETION-CANDIDATES}.")
    private @Nullable Interval interval;

    @Option(
            names = "--desk",
            description = "What agents decided: offers by answer, calls by disposition, callbacks left.")
    private boolean desk;

    @Option(
            names = "--from",
            paramLabel = "DAY",
            description = "The first day (default: today for half hours, else 30 days ago).")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "The last day (default: today).")
    private @Nullable LocalDate to;

    /** A line: a campaign, over all or in one interval. */
    private record Line(
            String campaign,
            @Nullable Instant start,
            Attempts attempts,
            Work work,
            @Nullable Overall all) {}

    /** What stands beside a campaign's attempts as a whole. */
    private record Overall(Contacts contacts, AbandonFigures abandoned) {}

    @Override
    protected int run(OpenStore store) {
        CampaignStore campaigns = new CampaignStore(store.pool());
        String name = campaignName;
        List<Campaign> chosen = name == null
                ? campaigns.list()
                : List.of(campaigns.find(name).orElseThrow(() -> CampaignCommand.noCampaign(campaigns, name)));
        try (HikariDataSource pool = StoreConnections.reportPool(store.address(), "releve report", 1)) {
            if (desk) {
                ZoneId zone = ZoneId.systemDefault();
                LocalDate last = to == null ? LocalDate.now(zone) : to;
                LocalDate first = from == null ? last.minusDays(30) : from;
                Map<CampaignId, Desk> desks = new DeskReports(pool)
                        .desks(
                                first.atStartOfDay(zone).toInstant(),
                                last.plusDays(1).atStartOfDay(zone).toInstant());
                print(
                        chosen.stream()
                                .map(each -> DeskReport.json(each, desks.getOrDefault(each.id(), Desk.NONE)))
                                .toList(),
                        DeskReport.table(chosen, desks).toString());
                return CommandLines.DONE;
            }
            Reports reports = new Reports(pool);
            WorkReports work = new WorkReports(pool);
            List<Line> lines =
                    interval == null ? overall(reports, work, chosen) : byInterval(reports, work, chosen, interval);
            print(
                    lines.stream().map(ReportCommand::json).toList(),
                    lines.isEmpty()
                            ? "There is nothing to report."
                            : table(lines).toString());
        }
        return CommandLines.DONE;
    }

    private static List<Line> overall(Reports reports, WorkReports work, List<Campaign> campaigns) {
        var figures = reports.campaigns();
        Function<Campaign, AbandonFigures> abandonment = ReportFigures.abandonment(reports);
        return campaigns.stream()
                .map(each -> {
                    CampaignFigures of = figures.getOrDefault(each.id(), CampaignFigures.NONE);
                    Work done =
                            work
                                    .halfHours(
                                            each.id(),
                                            Instant.EPOCH,
                                            Instant.now().plus(1, ChronoUnit.DAYS))
                                    .stream()
                                    .map(WorkReports.HalfHour::work)
                                    .reduce(Work.NONE, Work::plus);
                    Overall all = new Overall(of.contacts(), abandonment.apply(each));
                    return new Line(each.name(), null, of.attempts(), done, all);
                })
                .toList();
    }

    private List<Line> byInterval(Reports reports, WorkReports work, List<Campaign> campaigns, Interval length) {
        ZoneId zone = ZoneId.systemDefault();
        LocalDate last = to == null ? LocalDate.now(zone) : to;
        LocalDate first = from != null ? from : length == Interval.DAY ? last.minusDays(30) : last;
        Instant begin = first.atStartOfDay(zone).toInstant();
        Instant end = last.plusDays(1).atStartOfDay(zone).toInstant();
        List<Line> lines = new ArrayList<>();
        for (Campaign each : campaigns) {
            Map<Instant, Attempts> sums = new TreeMap<>();
            for (HalfHour half : reports.halfHours(each.id(), begin, end)) {
                sums.merge(start(half.start(), length, zone), half.attempts(), ReportCommand::sum);
            }
            Map<Instant, Work> done = new TreeMap<>();
            for (WorkReports.HalfHour half : work.halfHours(each.id(), begin, end)) {
                done.merge(start(half.start(), length, zone), half.work(), Work::plus);
            }
            sums.forEach((start, attempts) ->
                    lines.add(new Line(each.name(), start, attempts, done.getOrDefault(start, Work.NONE), null)));
        }
        return lines;
    }

    /** When the interval begins that a half hour belongs to. */
    private static Instant start(Instant halfHour, Interval length, ZoneId zone) {
        return length == Interval.HALF_HOUR
                ? halfHour
                : halfHour.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
    }

    private static Attempts sum(Attempts one, Attempts other) {
        Map<CallResult, Long> results = new EnumMap<>(CallResult.class);
        results.putAll(one.byResult());
        other.byResult().forEach((result, count) -> results.merge(result, count, Long::sum));
        return new Attempts(
                one.total() + other.total(), one.live() + other.live(), one.connected() + other.connected(), results);
    }

    private Table table(List<Line> lines) {
        Table table = interval == null
                ? new Table(head("CAMPAIGN", "CONTACTS", "LEFT", "PENETRATION"))
                : new Table(head("CAMPAIGN", interval == Interval.DAY ? "DAY" : "FROM"));
        for (Line line : lines) {
            List<Object> cells = new ArrayList<>(List.of(line.campaign()));
            Overall all = line.all();
            Instant start = line.start();
            if (all != null) {
                cells.addAll(List.of(
                        all.contacts().total(),
                        all.contacts().left(),
                        percent(all.contacts().penetrationPercent())));
            } else if (start != null) {
                String written = Times.dayAndClock(start);
                cells.add(interval == Interval.DAY ? written.substring(0, 10) : written);
            }
            Attempts of = line.attempts();
            cells.addAll(List.of(
                    of.total(),
                    of.connected(),
                    of.of(CallResult.VOICE),
                    of.of(CallResult.NO_ANSWER),
                    of.of(CallResult.BUSY),
                    of.of(CallResult.NOT_IN_SERVICE) + of.of(CallResult.INVALID_NUMBER),
                    of.of(CallResult.CUSTOMER_ABANDON),
                    of.of(CallResult.DIALER_ABANDON),
                    of.of(CallResult.UNKNOWN_DIALER_FAILED),
                    percent(of.hitRatePercent()),
                    percent(of.abandonPercent()),
                    Times.length(line.work().talk()),
                    Times.length(line.work().wrapUp())));
            if (all != null) {
                cells.add(againstLimit(all.abandoned()));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    private String[] head(String... first) {
        List<String> names = new ArrayList<>(List.of(first));
        names.addAll(List.of(
                "ATTEMPTS",
                "CONNECTED",
                "VOICE",
                "NO ANSWER",
                "BUSY",
                "BAD NUMBER",
                "CUST ABANDON",
                "DIALER ABANDON",
                "UNKNOWN",
                "HIT RATE",
                "ABANDON",
                "TALK",
                "WRAP-UP"));
        if (interval == null) {
            names.add("ABANDON, LIMIT");
        }
        return names.toArray(String[]::new);
    }

    private static Object json(Line line) {
        Overall all = line.all();
        Attempts of = line.attempts();
        Map<String, @Nullable Object> fields = JsonOutput.object("campaign", line.campaign(), "start", line.start());
        if (all != null) {
            fields.putAll(JsonOutput.object(
                    "contacts", all.contacts().total(),
                    "contactsLeft", all.contacts().left(),
                    "penetrationPercent", all.contacts().penetrationPercent(),
                    "abandonment", all.abandoned()));
        }
        fields.putAll(JsonOutput.object(
                "attempts", of.total(),
                "live", of.live(),
                "connected", of.connected(),
                "results", byCode(of),
                "hitRatePercent", of.hitRatePercent(),
                "abandonPercent", of.abandonPercent(),
                "talkSeconds", line.work().talk().toMillis() / 1_000.0,
                "wrapUpSeconds", line.work().wrapUp().toMillis() / 1_000.0));
        return fields;
    }

    /** Counts by the result's code and meaning, in the order of codes. */
    static Map<String, Long> byCode(Attempts attempts) {
        Map<String, Long> results = new LinkedHashMap<>();
        for (CallResult result : CallResult.values()) {
            if (attempts.of(result) > 0) {
                results.put(result.code() + " " + result.meaning(), attempts.of(result));
            }
        }
        return results;
    }

    /** The share with the limit that it is held against. */
    static String againstLimit(AbandonFigures abandoned) {
        return percent(abandoned.percent()) + " " + abandoned.terms();
    }

    static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f %%", value);
    }
}
