package releve.sim.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Reads a scenario from YAML; what is wrong with it is said in one sentence: what, in which field, what would be right. */
public final class ScenarioReader {
    private static final long HOUR_MS = 3_600_000;

    private ScenarioReader() {}

    /** The scenario cannot be run; the message says why. */
    public static final class Unusable extends Exception {
        public Unusable(String message) {
            super(message);
        }
    }

    public static Scenario read(Path file) throws Unusable {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException failed) {
            throw new Unusable(file + " cannot be read: check that it is there and may be read.");
        }
    }

    /** @param source what to call it in errors */
    public static Scenario parse(String yaml, String source) throws Unusable {
        JsonNode tree;
        try {
            tree = new ObjectMapper(new YAMLFactory()).readTree(yaml);
        } catch (JsonProcessingException wrong) {
            int line = wrong.getLocation() == null ? 0 : wrong.getLocation().getLineNr();
            throw new Unusable(
                    source + ", line " + line + ": this is not YAML: " + firstLine(wrong.getOriginalMessage()));
        }
        if (tree == null || !tree.isObject()) {
            throw new Unusable(source + ": a scenario is a set of fields, such as 'agents: 30'; see docs/SIMULATE.md.");
        }
        return new Fields(tree, source, "").scenario();
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** One level of fields. */
    private record Fields(JsonNode node, String source, String path) {

        Scenario scenario() throws Unusable {
            known(
                    "name",
                    "days",
                    "seeds",
                    "hours",
                    "agents",
                    "shifts",
                    "breaks",
                    "answer",
                    "ring",
                    "talk",
                    "wrapUp",
                    "analysis",
                    "waitSeconds",
                    "abandonLimit",
                    "window",
                    "linesPerAgentMax",
                    "delays",
                    "faults");
            int days = (int) number("days", 1, 60, 1);
            long[] hours = hours("hours", "00:00-24:00");
            String window = text("window", "day");
            if (!window.equals("day") && !window.equals("30 days")) {
                throw wrong("window", "is 'day' or '30 days', not '" + window + "'");
            }
            return new Scenario(
                    text("name", source),
                    days,
                    seeds(),
                    hours[0],
                    hours[1],
                    shifts(hours),
                    breaks(),
                    answers(),
                    ring(),
                    span("talk", null),
                    span("wrapUp", new Span.Fixed(0)),
                    analysis(),
                    number("waitSeconds", 0, 10, 2),
                    number("abandonLimit", 0.1, 100, 3) / 100,
                    window.equals("30 days"),
                    number("linesPerAgentMax", 1, 100, 100),
                    delays(),
                    faults(days));
        }

        private List<Long> seeds() throws Unusable {
            JsonNode seeds = node.path("seeds");
            if (seeds.isMissingNode()) {
                return List.of(1L);
            }
            if (!seeds.isArray() || seeds.isEmpty() || seeds.size() > 100) {
                throw wrong("seeds", "is a list of 1 to 100 whole numbers, such as [1, 2, 3]");
            }
            List<Long> found = new ArrayList<>();
            for (JsonNode seed : seeds) {
                if (!seed.isIntegralNumber()) {
                    throw wrong("seeds", "is a list of whole numbers, and '" + seed.asText() + "' is none");
                }
                found.add(seed.asLong());
            }
            return found;
        }

        private List<Scenario.ShiftPlan> shifts(long[] hours) throws Unusable {
            if (!node.has("shifts")) {
                if (!node.has("agents")) {
                    throw wrong("agents", "is missing: say how many there are, or describe 'shifts'");
                }
                return List.of(new Scenario.ShiftPlan((int) number("agents", 1, 1000, 1), hours[0], hours[1]));
            }
            if (node.has("agents")) {
                throw wrong("agents", "and 'shifts' say the same thing: keep one of them");
            }
            List<Scenario.ShiftPlan> plans = new ArrayList<>();
            for (Fields shift : list("shifts")) {
                shift.known("agents", "hours");
                long[] at = shift.hours("hours", null);
                if (at[0] < hours[0] || at[1] > hours[1]) {
                    throw shift.wrong("hours", "must lie within the scenario's hours");
                }
                plans.add(new Scenario.ShiftPlan((int) shift.number("agents", 1, 1000, null), at[0], at[1]));
            }
            return List.copyOf(plans);
        }

        private Scenario.Breaks breaks() throws Unusable {
            Fields breaks = within("breaks");
            breaks.known("afterCall", "length");
            return new Scenario.Breaks(
                    breaks.number("afterCall", 0, 1, 0), breaks.span("length", new Span.LogNormal(600, 0.5)));
        }

        private Scenario.Answers answers() throws Unusable {
            Fields answer = within("answer");
            answer.known("rate", "byHour", "drift", "jumps");
            double[] byHour = new double[24];
            Arrays.fill(byHour, 1);
            Iterator<Map.Entry<String, JsonNode>> factors =
                    answer.node.path("byHour").fields();
            Fields hours = answer.within("byHour");
            while (factors.hasNext()) {
                String hour = factors.next().getKey();
                if (!hour.matches("[0-9]|1[0-9]|2[0-3]")) {
                    throw hours.wrong(hour, "is no hour: they are 0 to 23");
                }
                byHour[Integer.parseInt(hour)] = hours.number(hour, 0.01, 10, null);
            }
            Fields jumps = answer.within("jumps");
            jumps.known("everyMinutes", "from", "to");
            return new Scenario.Answers(
                    answer.number("rate", 0.005, 0.95, null),
                    byHour,
                    answer.number("drift", 0, 1, 0),
                    60 * jumps.number("everyMinutes", 0, 1440, 0),
                    jumps.number("from", 0.05, 10, 1),
                    jumps.number("to", 0.05, 10, 1));
        }

        private Scenario.Ring ring() throws Unusable {
            Fields ring = within("ring");
            ring.known("live", "other", "limit", "noAnswer");
            return new Scenario.Ring(
                    ring.span("live", null),
                    ring.span("other", null),
                    ring.number("limit", 0, 90, 0),
                    ring.number("noAnswer", 0, 1, 0));
        }

        private Scenario.Analysis analysis() throws Unusable {
            Fields analysis = within("analysis");
            analysis.known("machines", "human", "machine");
            return new Scenario.Analysis(
                    analysis.number("machines", 0, 1, 0),
                    analysis.span("human", new Span.Fixed(0)),
                    analysis.span("machine", new Span.Fixed(0)));
        }

        private Scenario.Delays delays() throws Unusable {
            Fields delays = within("delays");
            delays.known("store", "network", "transfer");
            Scenario.Delays usual = Scenario.Delays.DEFAULT;
            return new Scenario.Delays(
                    delays.ms("store", usual.storeMs()),
                    delays.ms("network", usual.networkMs()),
                    delays.ms("transfer", usual.transferMs()));
        }

        /** Seconds as written, up to two. */
        private long ms(String field, long otherwise) throws Unusable {
            return Math.round(1000 * number(field, 0, 2, otherwise / 1000.0));
        }

        private List<Scenario.Fault> faults(int days) throws Unusable {
            List<Scenario.Fault> faults = new ArrayList<>();
            for (Fields fault : list("faults")) {
                fault.known("kind", "day", "at", "share", "seconds");
                String kind = fault.text("kind", null);
                Scenario.Fault.Kind which = switch (kind) {
                    case "crash" -> Scenario.Fault.Kind.CRASH;
                    case "handover" -> Scenario.Fault.Kind.HANDOVER;
                    case "overlap" -> Scenario.Fault.Kind.OVERLAP;
                    case "agents leave" -> Scenario.Fault.Kind.AGENTS_LEAVE;
                    case String other ->
                        throw fault.wrong(
                                "kind", "is 'crash', 'handover', 'overlap' or 'agents leave', not '" + other + "'");
                };
                faults.add(new Scenario.Fault(
                        which,
                        (int) fault.number("day", 1, days, null),
                        fault.clock("at", fault.text("at", null)),
                        fault.number("share", 0, 1, 0.5),
                        fault.number("seconds", 0, 86_400, 5)));
            }
            return List.copyOf(faults);
        }

        private Span span(String field, @org.jspecify.annotations.Nullable Span otherwise) throws Unusable {
            JsonNode value = node.path(field);
            if (value.isMissingNode()) {
                if (otherwise == null) {
                    throw wrong(field, "is missing: give it a time, such as 'lognormal 150 1.1'");
                }
                return otherwise;
            }
            String[] words = value.asText().trim().split(" +");
            double[] figures = new double[words.length];
            try {
                for (int i = words.length == 1 ? 0 : 1; i < words.length; i++) {
                    figures[i] = Double.parseDouble(words[i]);
                    if (!(figures[i] >= 0 && figures[i] <= 86_400)) {
                        throw wrong(field, "has a time of '" + words[i] + "'; times are 0 to 86400 s");
                    }
                }
            } catch (NumberFormatException none) {
                throw wrong(field, "has '" + value.asText() + "', where a figure is missing or is none");
            }
            return switch (words.length + words[0]) {
                case "2exponential" -> new Span.Exponential(figures[1]);
                case "3lognormal" -> new Span.LogNormal(figures[1], figures[2]);
                case "3uniform" -> new Span.Uniform(figures[1], figures[2]);
                case String other when words.length == 1 -> new Span.Fixed(figures[0]);
                case String other ->
                    throw wrong(
                            field,
                            "is a number of seconds, 'exponential MEAN', 'lognormal MEAN CV' or "
                                    + "'uniform FROM TO', not '" + value.asText() + "'");
            };
        }

        private long[] hours(String field, @org.jspecify.annotations.Nullable String otherwise) throws Unusable {
            String text = text(field, otherwise);
            String[] ends = text.split("-", -1);
            if (ends.length != 2) {
                throw wrong(field, "is a span such as 09:00-17:00, not '" + text + "'");
            }
            long[] at = {clock(field, ends[0]), clock(field, ends[1])};
            if (at[0] >= at[1]) {
                throw wrong(field, "ends before it begins: '" + text + "'");
            }
            return at;
        }

        private long clock(String field, String text) throws Unusable {
            if (!text.trim().matches("([01][0-9]|2[0-3]):[0-5][0-9]|24:00")) {
                throw wrong(field, "has no time of day such as \"09:30\" in '" + text + "' (put it in quotes)");
            }
            String[] parts = text.trim().split(":", -1);
            return Integer.parseInt(parts[0]) * HOUR_MS + Integer.parseInt(parts[1]) * 60_000L;
        }

        private double number(
                String field, double least, double most, @org.jspecify.annotations.Nullable Number otherwise)
                throws Unusable {
            JsonNode value = node.path(field);
            if (value.isMissingNode() && otherwise != null) {
                return otherwise.doubleValue();
            }
            if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
                throw wrong(
                        field,
                        value.isMissingNode()
                                ? "is missing"
                                : "is a number from %s to %s, not '%s'"
                                        .formatted(plain(least), plain(most), value.asText()));
            }
            return value.asDouble();
        }

        private static String plain(double figure) {
            return figure == Math.rint(figure) ? Long.toString((long) figure) : Double.toString(figure);
        }

        private String text(String field, @org.jspecify.annotations.Nullable String otherwise) throws Unusable {
            JsonNode value = node.path(field);
            if (value.isMissingNode() && otherwise != null) {
                return otherwise;
            }
            if (!value.isValueNode()) {
                throw wrong(
                        field, value.isMissingNode() ? "is missing" : "is one value, not a list or a set of fields");
            }
            return value.asText();
        }

        private Fields within(String field) throws Unusable {
            JsonNode value = node.path(field);
            if (!value.isMissingNode() && !value.isObject()) {
                throw wrong(field, "is a set of fields, not '" + value.asText() + "'");
            }
            return new Fields(value, source, path + field + ".");
        }

        private List<Fields> list(String field) throws Unusable {
            JsonNode value = node.path(field);
            if (!value.isMissingNode() && !value.isArray()) {
                throw wrong(field, "is a list: each entry begins with '- '");
            }
            List<Fields> found = new ArrayList<>();
            for (int i = 0; i < value.size(); i++) {
                found.add(new Fields(value.get(i), source, path + field + "[" + (i + 1) + "]."));
            }
            return found;
        }

        private void known(String... names) throws Unusable {
            Iterator<String> fields = node.fieldNames();
            while (fields.hasNext()) {
                String field = fields.next();
                if (!Arrays.asList(names).contains(field)) {
                    throw wrong(field, "is unknown here; known are " + String.join(", ", names));
                }
            }
        }

        private Unusable wrong(String field, String what) {
            return new Unusable(source + ": '" + path + field + "' " + what + ".");
        }
    }
}
