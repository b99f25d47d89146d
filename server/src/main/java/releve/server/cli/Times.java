package releve.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times as people read and write them. */
public final class Times {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY_AND_CLOCK = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private Times() {}

    /** Such as {@code 4 s}, {@code 2 min 5 s}, {@code 1 h 30 min}, {@code 3 d 4 h}. */
    public static String length(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String two(long large, String unit, long small, String smallUnit) {
        return small == 0 ? large + " " + unit : large + " " + unit + " " + small + " " + smallUnit;
    }

    /** The time of day on this machine's clock. */
    public static String clock(Instant at) {
        return CLOCK.withZone(ZoneId.systemDefault()).format(at);
    }

    /** Day and time on this machine's clock. */
    public static String dayAndClock(Instant at) {
        return DAY_AND_CLOCK.withZone(ZoneId.systemDefault()).format(at);
    }

    /** Reads {@code 32s}, {@code 500ms}, {@code 30m}, {@code 1h}, {@code 2d}; a bare number is seconds. */
    public static final class Length implements ITypeConverter<Duration> {
        private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9}) ?(ms|s|m|min|h|d)?");

        @Override
        public Duration convert(String text) {
            Matcher written = WRITTEN.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (!written.matches()) {
                throw new TypeConversionException("'" + text + "' is no length of time: write 32s, 30m, 1h or 2d");
            }
            long amount = Long.parseLong(written.group(1));
            return switch (written.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "m", "min" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                case null, default -> Duration.ofSeconds(amount);
            };
        }
    }
}
