package org.contactsync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each paragraph of {@code docs/protocol.md} that says MUST is named by a test. A test names a paragraph in a comment: {@code
 * Protocol 4.3.2}, or, at the beginning of its Javadoc, the number alone. Several numbers are separated by commas or "and".
 */
class ProtocolParagraphsTest {
    private static final Path PROTOCOL = Path.of("docs", "protocol.md");
    private static final Path TESTS = Path.of("src", "test", "java");

    /** Paragraphs that say MUST and have no test yet. Do not add to this list: write the test. */
    private static final List<String> WITHOUT_A_TEST = List.of();

    private static final Pattern PARAGRAPH = Pattern.compile("^\\*\\*(\\d+(?:\\.\\d+)+)[ *]");
    private static final Pattern HEADING = Pattern.compile("^#+ (\\d+(?:\\.\\d+)*)");
    private static final Pattern MUST = Pattern.compile("\\bMUST\\b");

    private static final Pattern TEST = Pattern.compile("@(Test|ParameterizedTest|Property)\\b");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
    private static final String NUMBER = "§?\\d{1,2}(?:\\.\\d{1,2})+(?![\\d.]*\\d)";
    private static final Pattern NAMED =
            Pattern.compile("(?:[Pp]rotocol |^/\\*\\*\\s+)(" + NUMBER + "(?:(?:, and |, | and )" + NUMBER + ")*)");

    @Test
    void everyParagraphThatSaysMustIsNamedByATest() throws IOException {
        Set<String> obligations = paragraphs().entrySet().stream()
                .filter(paragraph -> MUST.matcher(paragraph.getValue()).find())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        assertThat(obligations).as("paragraphs with MUST").hasSizeGreaterThan(25);

        Set<String> unnamed = new HashSet<>(obligations);
        unnamed.removeAll(named().keySet());

        assertThat(unnamed)
                .as("paragraphs of %s with MUST that no test names: write a test, and name the paragraph", PROTOCOL)
                .containsExactlyInAnyOrderElementsOf(WITHOUT_A_TEST);
    }

    @Test
    void testsNameOnlyParagraphsThatExist() throws IOException {
        Map<String, Set<Path>> named = named();
        named.keySet().removeAll(paragraphs().keySet());

        assertThat(named).as("numbers that %s does not have", PROTOCOL).isEmpty();
    }

    /** Number and text of each paragraph, and of each heading with a number. */
    private static Map<String, String> paragraphs() throws IOException {
        Map<String, StringBuilder> found = new LinkedHashMap<>();
        StringBuilder current = new StringBuilder();
        for (String line : Files.readAllLines(PROTOCOL)) {
            Matcher paragraph = PARAGRAPH.matcher(line);
            Matcher heading = HEADING.matcher(line);
            if (paragraph.find()) {
                current = found.computeIfAbsent(paragraph.group(1), number -> new StringBuilder());
            } else if (heading.find()) {
                current = found.computeIfAbsent(heading.group(1), number -> new StringBuilder());
            }
            current.append(line).append('\n');
        }
        Map<String, String> paragraphs = new LinkedHashMap<>();
        found.forEach((number, text) -> paragraphs.put(number, text.toString()));
        return paragraphs;
    }

    /** Each number that a test names, and who does. */
    private static Map<String, Set<Path>> named() throws IOException {
        Map<String, Set<Path>> named = new TreeMap<>();
        try (Stream<Path> files = Files.walk(TESTS)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                for (String number : numbers(read(file))) {
                    named.computeIfAbsent(number, unused -> new HashSet<>()).add(file);
                }
            });
        }
        return named;
    }

    private static Set<String> numbers(String source) {
        Set<String> numbers = new HashSet<>();
        if (TEST.matcher(source).find()) {
            COMMENT.matcher(source)
                    .results()
                    .flatMap(comment -> NAMED.matcher(comment.group()).results())
                    .flatMap(name -> Stream.of(name.group(1).split(", and |, | and ", -1)))
                    .map(number -> number.replace("§", ""))
                    .forEach(numbers::add);
        }
        return numbers;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
