package org.contactsync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps files short and packages small enough to be read as a whole. */
class SourceRulesTest {
    private static final Path MAIN = Path.of("src/main/java");
    private static final int MOST_LINES = 300;

    /** Classes of one package; one with more says in its {@code package-info} why it is one room. */
    private static final int MOST_CLASSES = 15;

    private static final String REASON = "<p><b>One room.</b>";

    static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(MAIN)) {
            return all.filter(SourceRulesTest::isJava).toList().stream();
        }
    }

    static Stream<Path> packages() throws IOException {
        return files().map(Path::getParent).distinct();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileIsShort(Path file) throws IOException {
        assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageIsSmallOrSaysWhyNot(Path folder) throws IOException {
        String info = Files.readString(folder.resolve("package-info.java"));
        List<Path> classes = classes(folder);
        if (classes.size() > MOST_CLASSES) {
            assertThat(info).as("%d classes", classes.size()).contains(REASON);
        } else {
            assertThat(info).doesNotContain(REASON);
        }
    }

    private static List<Path> classes(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(SourceRulesTest::isJava)
                    .filter(file -> !file.endsWith("package-info.java"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }
}
