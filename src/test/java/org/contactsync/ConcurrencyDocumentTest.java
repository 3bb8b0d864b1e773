package org.contactsync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The waits in {@code docs/concurrency.md} are those of the configuration and the code. */
class ConcurrencyDocumentTest {
    /** The place of a wait: a file's name, and what stands in it. */
    private static final Pattern PLACE =
            Pattern.compile("(?m)^\\| [^|]+ \\| [^|]+ \\| `([A-Za-z0-9.-]+)` `([^`]+)` \\|");

    private static final int LEAST = 25;

    @Test
    void namesOnlyWaitsThatAreConfiguredSo() throws IOException {
        String document = Files.readString(Path.of("docs", "concurrency.md"));
        String table =
                document.substring(document.indexOf("<!-- waits:begin -->"), document.indexOf("<!-- waits:end -->"));
        List<MatchResult> places = PLACE.matcher(table).results().toList();
        assertThat(places).hasSizeGreaterThan(LEAST);
        for (MatchResult place : places) {
            assertThat(contents(place.group(1))).as(place.group(1)).anyMatch(text -> text.contains(place.group(2)));
        }
    }

    private static List<String> contents(String name) throws IOException {
        try (Stream<Path> files = Files.find(
                Path.of("src", "main"),
                12,
                (file, attributes) -> file.getFileName().toString().equals(name))) {
            return files.map(ConcurrencyDocumentTest::content).toList();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
