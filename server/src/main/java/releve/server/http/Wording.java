package releve.server.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the console writes times, durations and figures. */
public final class Wording {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);

    private Wording() {}

    /** The time of day on the server's clock; with the date when it is not of the last 20 hours. */
    public static String clock(Instant at, Instant now) {
        boolean recent = Duration.between(at, now).abs().toHours() < 20;
        return (recent ? TIME : DAY).format(at.atZone(ZoneId.systemDefault()));
    }

    /** As a machine reads it: for the datetime attribute. */
    public static String iso(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** How long ago, in its two greatest units: {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}, {@code 3 d 4 h}. */
    public static String since(Instant from, Instant now) {
        long s = Math.max(0, Duration.between(from, now).toSeconds());
        if (s < 60) {
            return s + " s";
        }
        if (s < 3600) {
            return s / 60 + " min " + s % 60 + " s";
        }
        if (s < 86_400) {
            return s / 3600 + " h " + s % 3600 / 60 + " min";
        }
        return s / 86_400 + " d " + s % 86_400 / 3600 + " h";
    }

    /** A length of time for reading: {@code 33 s}, {@code 90 min}, {@code 1 min 5 s}. */
    public static String length(Duration time) {
        long s = (time.toMillis() + 999) / 1000;
        if (s <= 90) {
            return s + " s";
        }
        return s % 60 == 0 ? s / 60 + " min" : s / 60 + " min " + s % 60 + " s";
    }

    /** What is left until then, counting down: {@code 0:14}, {@code 1:29:03}; 0:00 when it has passed; – when unknown. */
    public static String countdown(@Nullable Instant until, Instant now) {
        if (until == null) {
            return "–";
        }
        // Rounded up, so that 0:00 means that the time has come.
        long s = Math.max(0, (Duration.between(now, until).toMillis() + 999) / 1000);
        return s >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s % 3600 / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
    }

    /** A count with thin spaces between the thousands. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f');
    }

    /** A rate, with a decimal where it has one. */
    public static String rate(double value) {
        return value == Math.rint(value) ? count((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }

    /** A percentage with one decimal. */
    public static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f", value) + "\u202f%";
    }

    /** A number for an SVG attribute. */
    public static String units(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** The first letter in upper case. */
    public static String sentence(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
