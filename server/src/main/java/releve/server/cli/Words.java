package releve.server.cli;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import releve.core.campaign.AbandonTreatment;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.MachineTreatment;
import releve.core.campaign.SelectionOrder;

/** How the command line writes what a campaign chooses from: small letters and hyphens. */
final class Words {
    private Words() {}

    /** A constant as it is written. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E read(String text, E[] all) {
        return Stream.of(all)
                .filter(constant -> of(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + Stream.of(all).map(Words::of).collect(Collectors.joining(", "))));
    }

    /** hang-up, message, ivr. */
    static final class OfTreatment implements ITypeConverter<AbandonTreatment> {
        @Override
        public AbandonTreatment convert(String text) {
            return read(text, AbandonTreatment.values());
        }
    }

    /** other-agent, next-business-day, abandon. */
    static final class OfAbsence implements ITypeConverter<AbsentAgentRule> {
        @Override
        public AbsentAgentRule convert(String text) {
            return read(text, AbsentAgentRule.values());
        }
    }

    /** abandon, transfer-to-agent, transfer-to-ivr, wait-for-beep-and-play. */
    static final class OfMachine implements ITypeConverter<MachineTreatment> {
        @Override
        public MachineTreatment convert(String text) {
            return read(text, MachineTreatment.values());
        }
    }

    /** B, R and P, each once. */
    static final class OfOrder implements ITypeConverter<SelectionOrder> {
        @Override
        public SelectionOrder convert(String text) {
            if (!SelectionOrder.isOrder(text)) {
                throw new TypeConversionException("'" + text + "' is no order: write B, R and P, each once");
            }
            return new SelectionOrder(text);
        }
    }

    /** Numbers from 1, Monday, to 7. */
    static final class OfDays implements ITypeConverter<Set<DayOfWeek>> {
        @Override
        public Set<DayOfWeek> convert(String text) {
            if (!text.matches("[1-7]{1,7}")) {
                throw new TypeConversionException("'" + text + "' are no days: write numbers from 1, Monday, to 7");
            }
            Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
            text.chars().forEach(digit -> days.add(DayOfWeek.of(digit - '0')));
            return days;
        }
    }

    /** A region of the time zone database. */
    static final class OfZone implements ITypeConverter<ZoneId> {
        @Override
        public ZoneId convert(String text) {
            try {
                return ZoneId.of(text);
            } catch (DateTimeException e) {
                throw new TypeConversionException("'" + text + "' is no time zone: write one such as Europe/Paris");
            }
        }
    }
}
