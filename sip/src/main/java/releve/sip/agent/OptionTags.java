package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;

/** Option tags of Require and Supported (RFC 3261 sections 20.32 and 20.37). */
final class OptionTags {
    /** Reliable provisional responses (RFC 3262). */
    static final String RELIABLE = "100rel";

    /** Session timers (RFC 4028). */
    static final String TIMER = "timer";

    private static final List<String> KNOWN = List.of(RELIABLE, "replaces", "norefersub", "tdialog");

    private OptionTags() {}

    static boolean requires(Headers headers, String tag) {
        return has(headers, HeaderName.REQUIRE, tag);
    }

    /** Whether the sender understands the extension: it says so, or requires it. */
    static boolean supports(Headers headers, String tag) {
        return has(headers, HeaderName.SUPPORTED, tag) || requires(headers, tag);
    }

    /** What is required that we do not have (section 8.2.2.3). @param timers whether sessions have timers here */
    static List<String> unknown(Headers headers, boolean timers) {
        List<String> unknown = new ArrayList<>();
        for (String required : headers.values(HeaderName.REQUIRE)) {
            boolean timer = timers && required.equalsIgnoreCase(TIMER);
            if (!required.isEmpty() && !timer && KNOWN.stream().noneMatch(required::equalsIgnoreCase)) {
                unknown.add(required);
            }
        }
        return unknown;
    }

    private static boolean has(Headers headers, String name, String tag) {
        return headers.has(name) && headers.values(name).stream().anyMatch(tag::equalsIgnoreCase);
    }
}
