package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Call progress analysis by a gateway, as bodies of the type {@value #CONTENT_TYPE}: lines of {@code name=value}. The caller
 * asks in its INVITE, beside the description; the gateway says in a provisional response, or in its answer, that it listens,
 * and in an UPDATE what it heard, before the answer too.
 */
public sealed interface GatewayAnalysis {
    String CONTENT_TYPE = "application/x-cisco-cpa";

    /**
     * What the caller wants to know, within which times in ms.
     *
     * @param minimumSilenceMs what ends a greeting
     * @param maximumToneMs how long a terminating tone is waited for
     */
    record Request(int minimumSilenceMs, int periodMs, int maximumTimeMs, int minimumSpeechMs, int maximumToneMs)
            implements GatewayAnalysis {}

    /** The gateway listens. */
    record Enabled() implements GatewayAnalysis {}

    /** The gateway has heard something. */
    record Detected(Heard heard) implements GatewayAnalysis {}

    /** What a gateway tells apart. */
    enum Heard {
        /** A live voice. */
        LV,
        /** An answering machine. */
        ASM,
        /** An answering machine's terminating tone. */
        ASMT,
        /** A fax or modem. */
        FT,
        /** Special information tone: intercept. */
        SITIC,
        /** Special information tone: no circuit. */
        SITNC,
        /** Special information tone: vacant code. */
        SITVC,
        /** Special information tone: reorder. */
        SITRO,
        /** Special information tone of another kind. */
        SITMT,
        /** Low volume, or dead air. */
        LS;

        /** As it is written on the wire. */
        public String word() {
            return switch (this) {
                case LV, FT, LS -> name();
                case ASM -> "Asm";
                case ASMT -> "AsmT";
                case SITIC -> "SitIC";
                case SITNC -> "SitNC";
                case SITVC -> "SitVC";
                case SITRO -> "SitRO";
                case SITMT -> "SitMT";
            };
        }

        /** What a word means, whatever its case; empty when it means nothing here. */
        public static Optional<Heard> of(String word) {
            for (Heard heard : values()) {
                if (heard.name().equals(word.strip().toUpperCase(Locale.ROOT))) {
                    return Optional.of(heard);
                }
            }
            return Optional.empty();
        }
    }

    /** Reads a body; empty when it says nothing that is known here, such as a new kind of event. */
    static Optional<GatewayAnalysis> parse(byte[] body) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : new String(body, StandardCharsets.UTF_8).split("\r?\n", 64)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(
                        line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        line.substring(equals + 1).strip());
            }
        }
        if (lines.containsKey("events")) {
            return Optional.of(new Request(
                    number(lines, "cpaminsilenceperiod"),
                    number(lines, "cpaanalysisperiod"),
                    number(lines, "cpamaxtimeanalysis"),
                    number(lines, "cpaminvalidspeechtime"),
                    number(lines, "cpamaxtermtoneanalysis")));
        }
        String event = lines.getOrDefault("event", "");
        if (event.equalsIgnoreCase("enabled")) {
            return Optional.of(new Enabled());
        }
        return event.equalsIgnoreCase("detected")
                ? Heard.of(lines.getOrDefault("status", "")).map(Detected::new)
                : Optional.empty();
    }

    /** 0, the gateway's own default, when it is not there or no number. */
    private static int number(Map<String, String> lines, String name) {
        String value = lines.getOrDefault(name, "");
        return value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
    }

    /** As a part of a body that those may pass over who do not analyse. */
    default BodyPart asPart() {
        return BodyPart.optional(CONTENT_TYPE, text().getBytes(StandardCharsets.UTF_8));
    }

    private String text() {
        return switch (this) {
            case Request r ->
                """
                    Events=FT,Asm,AsmT,Sit
                    CPAMinSilencePeriod=%d
                    CPAAnalysisPeriod=%d
                    CPAMaxTimeAnalysis=%d
                    CPAMinValidSpeechTime=%d
                    CPAMaxTermToneAnalysis=%d
                    """.formatted(
                                r.minimumSilenceMs(),
                                r.periodMs(),
                                r.maximumTimeMs(),
                                r.minimumSpeechMs(),
                                r.maximumToneMs())
                        .replace("\n", "\r\n");
            case Enabled enabled -> "event=enabled\r\n";
            case Detected detected ->
                "event=detected\r\nstatus=" + detected.heard().word() + "\r\n";
        };
    }
}
