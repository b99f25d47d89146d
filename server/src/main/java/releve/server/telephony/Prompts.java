package releve.server.telephony;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import releve.media.prompt.Prompt;
import releve.media.prompt.UnreadablePrompt;

/**
 * The directory of recordings for customers. Each is read once; a change of the file counts after a restart, so that a
 * campaign never plays half of an old one and half of a new one.
 */
public final class Prompts {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    /** More recordings than this are not kept; each may take a megabyte. */
    private static final int KEPT_MAX = 100;

    private final Path directory;
    private final Map<String, Prompt> kept = new ConcurrentHashMap<>();

    public Prompts(Path directory) {
        this.directory = directory;
    }

    /**
     * The recording of that name.
     *
     * @param name a file's in the directory, such as {@code sorry.wav}
     * @throws UnreadablePrompt with one sentence that names the file
     */
    public Prompt prompt(String name) throws UnreadablePrompt {
        Prompt known = kept.get(name);
        if (known != null) {
            return known;
        }
        if (!NAME.matcher(name).matches()) {
            throw new UnreadablePrompt(
                    "'" + name + "' is no name of a recording: a file's name without its directory.");
        }
        Path file = directory.resolve(name);
        Prompt read = read(file);
        if (kept.size() < KEPT_MAX) {
            kept.put(name, read);
        }
        return read;
    }

    private static Prompt read(Path file) throws UnreadablePrompt {
        try {
            if (Files.size(file) > Prompt.FILE_BYTES_MAX) {
                throw new UnreadablePrompt(
                        "It is too large; up to %d s can be played.".formatted(Prompt.LENGTH_MAX.toSeconds()));
            }
            return Prompt.read(Files.readAllBytes(file));
        } catch (UnreadablePrompt e) {
            throw new UnreadablePrompt("The recording " + file + " cannot be used: " + e.getMessage());
        } catch (IOException e) {
            throw new UnreadablePrompt("There is no recording " + file + " that can be read; put it there.");
        }
    }
}
