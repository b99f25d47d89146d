package releve.sim.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import releve.sip.message.GatewayAnalysis.Heard;

/**
 * What becomes of calls to numbers of which it is written down: one number a line, then the fates of its first call, its
 * second and so on; the last holds for all that follow. Lines that begin with {@code #} are comments.
 *
 * <pre>
 * +12025550101 busy answer        busy at first, then somebody answers who leaves the end to the agent
 * +12025550102 answer:4s          answers, and hangs up after 4 s with the agent
 * +12025550103 hang-up            answers, and hangs up within half a second
 * +12025550104 no-answer          and: invalid, congestion, refused, unavailable
 * +12025550105 person             as answer, and the carrier's analysis says so after half a second
 * +12025550106 machine            and: machine-beep, fax, dead-air, each told by analysis
 * +12025550107 sit-vacant         a tone in place of an answer; and: sit-intercept, sit-reorder, sit-no-circuit
 * </pre>
 *
 * Analysis tells only those who ask for it; all others meet somebody who answers, and for a tone a phone that rings on.
 */
public final class FateScript {
    /** Nothing is written down. */
    public static final FateScript EMPTY = new FateScript(Map.of());

    private static final int LINES_MAX = 100_000;
    private static final int RING_MS = 500;
    private static final int PATIENCE_MS = 15_000;
    private static final int GREETING_MS = 400;
    private static final int HEARD_MS = 500;
    private static final int BEEP_MS = 1_500;
    private static final Progress RINGING = new Progress(Progress.Kind.RINGING, 0);

    private final Map<String, List<Fate>> fates;

    private FateScript(Map<String, List<Fate>> fates) {
        this.fates = fates;
    }

    /**
     * Reads a script.
     *
     * @throws IOException with one sentence when the file cannot be read or a line means nothing
     */
    public static FateScript read(Path file) throws IOException {
        return of(Files.readAllLines(file));
    }

    /** @throws IOException with one sentence when a line means nothing */
    public static FateScript of(List<String> lines) throws IOException {
        if (lines.size() > LINES_MAX) {
            throw new IOException("The script has %d lines; it may have %d.".formatted(lines.size(), LINES_MAX));
        }
        Map<String, List<Fate>> fates = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", -1);
            if (words.length < 2 || !words[0].matches("\\+?[0-9]{3,18}")) {
                throw new IOException("Line %d of the script is no number with its fates: %s".formatted(i + 1, line));
            }
            List<Fate> ofNumber = new ArrayList<>();
            for (int w = 1; w < words.length; w++) {
                ofNumber.add(fate(words[w], i + 1));
            }
            fates.put(words[0], List.copyOf(ofNumber));
        }
        return new FateScript(Map.copyOf(fates));
    }

    /** What is written of a call; empty when nothing is. */
    public Optional<Fate> fateOf(String phone, int callsBefore) {
        return Optional.ofNullable(fates.get(phone)).map(all -> all.get(Math.min(callsBefore, all.size() - 1)));
    }

    private static Fate fate(String word, int line) throws IOException {
        if (word.matches("answer:[0-9]{1,4}s")) {
            int seconds = Integer.parseInt(word.substring(7, word.length() - 1));
            return new Fate.Answers(RINGING, RING_MS, seconds * 1_000, PATIENCE_MS);
        }
        return switch (word) {
            case "answer" -> new Fate.Answers(RINGING, RING_MS, Fate.UNTIL_AGENT_ENDS, PATIENCE_MS);
            case "hang-up" -> new Fate.Answers(RINGING, RING_MS, GREETING_MS, GREETING_MS);
            case "person" -> heard(new Fate.Heard(HEARD_MS, Heard.LV));
            case "machine" -> heard(new Fate.Heard(HEARD_MS, Heard.ASM));
            case "machine-beep" -> heard(new Fate.Heard(HEARD_MS, Heard.ASM), new Fate.Heard(BEEP_MS, Heard.ASMT));
            case "fax" -> heard(new Fate.Heard(HEARD_MS, Heard.FT));
            case "dead-air" -> heard(new Fate.Heard(HEARD_MS, Heard.LS));
            case "sit-vacant" -> new Fate.Tone(RINGING, HEARD_MS, Heard.SITVC);
            case "sit-intercept" -> new Fate.Tone(RINGING, HEARD_MS, Heard.SITIC);
            case "sit-reorder" -> new Fate.Tone(RINGING, HEARD_MS, Heard.SITRO);
            case "sit-no-circuit" -> new Fate.Tone(RINGING, HEARD_MS, Heard.SITNC);
            case "no-answer" -> new Fate.NoAnswer(RINGING);
            case "busy" -> refused(Fate.Refusal.BUSY);
            case "invalid" -> refused(Fate.Refusal.INVALID);
            case "congestion" -> refused(Fate.Refusal.CONGESTION);
            case "refused" -> refused(Fate.Refusal.REFUSED);
            case "unavailable" -> refused(Fate.Refusal.UNAVAILABLE);
            default ->
                throw new IOException("Line %d of the script: '%s' is no fate; there are answer, answer:4s, hang-up,"
                                .formatted(line, word)
                        + " no-answer, busy, invalid, congestion, refused, unavailable, person, machine, machine-beep, fax,"
                        + " dead-air, sit-vacant, sit-intercept, sit-reorder and sit-no-circuit.");
        };
    }

    private static Fate heard(Fate.Heard... heard) {
        return new Fate.Answers(RINGING, RING_MS, Fate.UNTIL_AGENT_ENDS, PATIENCE_MS, List.of(heard));
    }

    private static Fate refused(Fate.Refusal refusal) {
        return new Fate.Refused(Progress.SILENT, RING_MS, refusal);
    }
}
