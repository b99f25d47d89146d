package releve.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of RFC sections in docs/SIP.md names tests; each of them must be there. */
class SectionTableTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)\\.(\\w+)`");

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("docs/SIP.md")) ? here : here.getParent();
    }

    private static Map<String, String> sourcesOfTests(Path root) throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("sip", "server", "sim", "system-tests")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
                    String name = file.getFileName().toString();
                    sources.merge(name.substring(0, name.length() - 5), Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }

    @Test
    void shouldNameOnlyTestsThatExist() throws IOException {
        Path root = root();
        Map<String, String> sources = sourcesOfTests(root);
        List<String> missing = new ArrayList<>();
        var named = NAMED.matcher(Files.readString(root.resolve("docs/SIP.md")));
        int count = 0;
        while (named.find()) {
            count++;
            String source = sources.getOrDefault(named.group(1), "");
            if (!Pattern.compile("\\s" + named.group(2) + "\\(").matcher(source).find()) {
                missing.add(named.group());
            }
        }
        assertThat(count).isPositive();
        assertThat(missing).isEmpty();
    }
}
