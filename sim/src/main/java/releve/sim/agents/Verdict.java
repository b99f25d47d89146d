package releve.sim.agents;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent makes of a call.
 *
 * @param result the call result that he gives, 0 for none
 * @param callbackInSeconds for a callback, from now; else 0
 * @param personal he promises to call back himself
 * @param leaves he logs out after it, and stays away
 */
record Verdict(int result, int callbackInSeconds, boolean personal, boolean leaves) {
    /** He says nothing. */
    static final Verdict NONE = new Verdict(0, 0, false, false);

    static final int DONE = 10;
    static final int MACHINE = 12;
    static final int CALLBACK = 14;
    static final int WRONG_NUMBER = 23;
    static final int NOT_HOME = 24;
    static final int DO_NOT_CALL = 26;

    private static final Pattern PROMISE = Pattern.compile("(personal-)?callback:([0-9]{1,6})s");
    private static final String LEAVES = "+leave";

    static Verdict callback(int inSeconds, boolean personal) {
        return new Verdict(CALLBACK, inSeconds, personal, false);
    }

    static Verdict of(int result) {
        return new Verdict(result, 0, false, false);
    }

    /**
     * Reads a word such as {@code done}, {@code callback:30s}, {@code personal-callback:30s} or {@code done+leave}.
     *
     * @throws IllegalArgumentException with one sentence when it means nothing
     */
    static Verdict of(String text) {
        boolean leaves = text.endsWith(LEAVES);
        String word = leaves ? text.substring(0, text.length() - LEAVES.length()) : text;
        Matcher promise = PROMISE.matcher(word);
        if (promise.matches()) {
            return new Verdict(CALLBACK, Integer.parseInt(promise.group(2)), promise.group(1) != null, leaves);
        }
        int result = switch (word) {
            case "none" -> 0;
            case "done" -> DONE;
            case "machine" -> MACHINE;
            case "wrong-number" -> WRONG_NUMBER;
            case "not-home" -> NOT_HOME;
            case "do-not-call" -> DO_NOT_CALL;
            default ->
                throw new IllegalArgumentException("'" + word + "' is nothing to make of a call; there are none, done,"
                        + " machine, wrong-number, not-home, do-not-call, callback:30s, personal-callback:30s.");
        };
        return new Verdict(result, 0, false, leaves);
    }
}
