package releve.sip.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The torture messages of RFC 4475 and RFC 5118, byte for byte, by section and name. */
public final class Torture {
    private Torture() {}

    /** All 49 messages of RFC 4475, by names such as {@code 3.1.1.1 wsinv}. */
    public static Map<String, byte[]> rfc4475() {
        return read("rfc4475.txt");
    }

    /** All messages of RFC 5118, by names such as {@code 4.1 ipv6-good}. */
    public static Map<String, byte[]> rfc5118() {
        return read("rfc5118.txt");
    }

    /** One message. @param name its short name in the RFC */
    public static byte[] named(String name) {
        Map<String, byte[]> all = rfc4475();
        all.putAll(rfc5118());
        return all.entrySet().stream()
                .filter(e -> e.getKey().endsWith(" " + name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, byte[]> read(String resource) {
        Map<String, ByteArrayOutputStream> messages = new LinkedHashMap<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try (InputStream in = Torture.class.getResourceAsStream(resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (line.startsWith("==== ")) {
                    message = new ByteArrayOutputStream();
                    messages.put(line.substring(5), message);
                } else if (!messages.isEmpty()) {
                    message.writeBytes(line(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        messages.forEach((name, out) -> bytes.put(name, out.toByteArray()));
        return bytes;
    }

    /** A line of the file as the bytes it stands for: with its CRLF, unless a single backslash ends it. */
    private static byte[] line(String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            } else if (i + 1 == line.length()) {
                return out.toByteArray();
            } else if (line.charAt(i + 1) == 'x') {
                out.write(Integer.parseInt(line.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                out.write('\\');
                i++;
            }
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }
}
