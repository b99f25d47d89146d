package releve.core.campaign;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a campaign dials, in its own time zone. What a law says of the customer's time is checked besides, contact by
 * contact.
 *
 * @param zone of all times here
 * @param days on which it dials
 * @param from the first minute of the day's dialing
 * @param to the first minute after it; {@code 00:00} is the end of the day
 * @param start the first day; null for no limit
 * @param end the last day; null for no limit
 */
public record Schedule(
        ZoneId zone,
        Set<DayOfWeek> days,
        LocalTime from,
        LocalTime to,
        @Nullable LocalDate start,
        @Nullable LocalDate end) {
    /** Every day, around the clock, in UTC. */
    public static final Schedule ALWAYS = new Schedule(
            ZoneOffset.UTC, EnumSet.allOf(DayOfWeek.class), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, null, null);

    private static final Set<DayOfWeek> WEEKEND = EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);

    public Schedule {
        days = Set.copyOf(days);
    }

    /** Why it does not dial now; empty when it does. */
    public String hindrance(Instant now) {
        ZonedDateTime local = now.atZone(zone);
        LocalDate day = local.toLocalDate();
        LocalTime time = local.toLocalTime();
        if (start != null && day.isBefore(start)) {
            return "the campaign starts on " + start;
        }
        if (end != null && day.isAfter(end)) {
            return "the campaign ended on " + end;
        }
        boolean open = days.contains(local.getDayOfWeek())
                && !time.isBefore(from)
                && (to.equals(LocalTime.MIDNIGHT) || time.isBefore(to));
        return open ? "" : "outside the campaign's hours";
    }

    /** When the hours that are open now end; empty when they are not open, or go on past midnight. */
    public Optional<Instant> closesAt(Instant now) {
        boolean endless = to.equals(LocalTime.MIDNIGHT) && from.equals(LocalTime.MIDNIGHT);
        if (endless || !hindrance(now).isEmpty()) {
            return Optional.empty();
        }
        LocalDate day = now.atZone(zone).toLocalDate();
        return Optional.of((to.equals(LocalTime.MIDNIGHT)
                        ? day.plusDays(1).atStartOfDay(zone)
                        : day.atTime(to).atZone(zone))
                .toInstant());
    }

    /** The same local time on the next business day: a day on which the campaign dials, and no weekend if it can be. */
    public Instant sameTimeNextBusinessDay(Instant time) {
        ZonedDateTime local = time.atZone(zone);
        Set<DayOfWeek> business = EnumSet.copyOf(days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days);
        if (!WEEKEND.containsAll(business)) {
            business.removeAll(WEEKEND);
        }
        do {
            local = local.plusDays(1);
        } while (!business.contains(local.getDayOfWeek()));
        return local.toInstant();
    }
}
