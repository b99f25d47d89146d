package releve.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import releve.core.engine.Counts;

/**
 * A bar whose segments stand for counts, laid out on a width of 100 units for SVG (inline styles are barred by the
 * content security policy).
 */
public record Bar(List<Segment> segments, String summary) {

    /** One count: its name, its colour's class, and where it lies on the bar. */
    public record Segment(String name, String tone, long count, double from, double width) {}

    /** The calls of a dialer, in the order in which a call passes through them. */
    public static Bar ofCalls(Counts calls) {
        return of(
                List.of("dialing", "ringing", "cancelling", "analysing", "transferring", "connected"),
                List.of(
                        (long) calls.dialing(),
                        (long) calls.ringing(),
                        (long) calls.cancelling(),
                        (long) calls.analysing(),
                        (long) calls.transferring(),
                        (long) calls.connected()),
                "no calls");
    }

    /** The agents who are logged in, the busiest first. */
    public static Bar ofAgents(Overview.AgentFigures agents) {
        return of(
                List.of("talking", "reserved", "preview", "ready", "wrap-up", "not ready"),
                List.of(
                        (long) agents.talking(),
                        (long) agents.reserved(),
                        (long) agents.preview(),
                        (long) agents.ready(),
                        (long) agents.wrapUp(),
                        (long) agents.notReady()),
                "no agents");
    }

    private static Bar of(List<String> names, List<Long> counts, String nothing) {
        long total = counts.stream().mapToLong(Long::longValue).sum();
        List<Segment> segments = new ArrayList<>();
        double from = 0;
        for (int i = 0; i < names.size(); i++) {
            double width = total == 0 ? 0 : 100.0 * counts.get(i) / total;
            segments.add(new Segment(names.get(i), "t-" + names.get(i).replace(' ', '-'), counts.get(i), from, width));
            from += width;
        }
        String summary = segments.stream()
                .filter(segment -> segment.count() > 0)
                .map(segment -> segment.count() + " " + segment.name())
                .collect(Collectors.joining(", "));
        return new Bar(List.copyOf(segments), summary.isEmpty() ? nothing : summary);
    }
}
