package releve.sip.locate;

import java.util.Locale;

/**
 * One question to the DNS.
 *
 * @param name the domain name, in lower case and without a final dot
 * @param type what is asked for
 */
public record Question(String name, Type type) {
    /** The record types that locating needs (RFC 3263 section 4). */
    public enum Type {
        NAPTR,
        SRV,
        A,
        AAAA
    }

    /** Names compare without regard to case (RFC 4343), and with or without their final dot. */
    public Question {
        name = canonical(name);
    }

    static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    @Override
    public String toString() {
        return name + " " + type;
    }
}
