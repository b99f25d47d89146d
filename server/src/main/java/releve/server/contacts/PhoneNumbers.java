package releve.server.contacts;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

/**
 * Phone numbers as people write them, made E.164. A number passes when its length is possible in its numbering plan;
 * that its range has been assigned is not asked for, because ranges open faster than tables are published, and because
 * the ranges reserved for fiction have to be dialable in a first look.
 */
public final class PhoneNumbers {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    private static final int WRITTEN_LENGTH_MAX = 60;

    private final String region;

    /**
     * @param region ISO 3166 code of the country whose national numbers are understood, such as {@code US}
     * @throws UnreadableList when there is no numbering plan for it
     */
    public PhoneNumbers(String region) {
        if (!PLANS.getSupportedRegions().contains(region)) {
            throw new UnreadableList("there is no numbering plan for the region '" + region
                    + "': give the two letters of a country, such as US, GB or FR");
        }
        this.region = region;
    }

    /** What a written number is. */
    public sealed interface Reading {}

    /** @param e164 such as {@code +12025550143} */
    public record Good(String e164) implements Reading {}

    /** @param why in words that follow the number in a sentence */
    public record Bad(String why) implements Reading {}

    /** Reads one written number. */
    public Reading read(String written) {
        if (written.length() > WRITTEN_LENGTH_MAX) {
            return new Bad("is longer than " + WRITTEN_LENGTH_MAX + " characters");
        }
        PhoneNumber number;
        try {
            number = PLANS.parse(international(written), region);
        } catch (NumberParseException failed) {
            return new Bad(
                    switch (failed.getErrorType()) {
                        case INVALID_COUNTRY_CODE -> "has a country code that does not exist";
                        case NOT_A_NUMBER -> "is not a phone number";
                        case TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN -> "is too short";
                        case TOO_LONG -> "is too long";
                    });
        }
        if (number.hasExtension()) {
            return new Bad("has an extension, which cannot be dialed");
        }
        ValidationResult possible = PLANS.isPossibleNumberWithReason(number);
        return switch (possible) {
            case IS_POSSIBLE -> new Good(PLANS.format(number, PhoneNumberFormat.E164));
            case IS_POSSIBLE_LOCAL_ONLY -> new Bad("lacks its area code");
            case INVALID_COUNTRY_CODE -> new Bad("has a country code that does not exist");
            case TOO_SHORT -> new Bad("is too short");
            case TOO_LONG -> new Bad("is too long");
            case INVALID_LENGTH -> new Bad("has a length that its numbering plan does not have");
        };
    }

    /** 00 is how most of the world dials abroad; where the plan itself says so the library knows it already. */
    private String international(String written) {
        String trimmed = written.strip();
        return trimmed.startsWith("00") && !region.equals("US") ? "+" + trimmed.substring(2) : trimmed;
    }
}
