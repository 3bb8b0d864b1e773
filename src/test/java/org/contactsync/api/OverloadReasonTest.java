package org.contactsync.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.json.ProblemJson;
import org.junit.jupiter.api.Test;

/** A refusal for overload is counted under a word of the service's own. */
class OverloadReasonTest {
    private static final Pattern MADE = Pattern.compile("new (?:Problem\\.)?Unavailable\\(\\s*(?:\"([^\"]+)\",)?");

    /** Other ways to make a problem of the type. */
    private static final Pattern OTHERWISE =
            Pattern.compile("(?:ProblemException\\.of|Plain)\\(\\s*(?:ProblemType\\.)?UNAVAILABLE");

    /** A new one needs a word, which the alerts and dashboards of operators then have too. */
    @Test
    void knowsEachTextThatTheServiceSays() throws IOException {
        Set<String> made = new TreeSet<>();
        for (Path source : sources()) {
            String code = Files.readString(source);
            Matcher problems = MADE.matcher(code);
            while (problems.find()) {
                assertThat(problems.group(1))
                        .as("the text of a problem in %s is a constant", source)
                        .isNotNull();
                made.add(problems.group(1));
            }
            assertThat(code).as("no 503 but Unavailable: %s", source).doesNotContainPattern(OTHERWISE);
        }

        assertThat(made).isEqualTo(OverloadReason.OF_503.keySet());
    }

    @Test
    void usesTheWordsThatOperatorsAreTold() throws IOException {
        String operations = Files.readString(Path.of("docs/operations.md"));
        assertThat(OverloadReason.OF_503.values())
                .allSatisfy(word -> assertThat(operations).contains("`" + word + "`"));
    }

    @Test
    void readsTheReasonFromTheProblem() {
        String late = ProblemJson.of(Problem.Unavailable.databaseLate(Duration.ofSeconds(1)));
        String quota = ProblemJson.of(new Problem.QuotaExceeded("readings", 4, "detail", Duration.ofSeconds(1)));

        assertThat(OverloadReason.of(503, late)).hasValue("database");
        assertThat(OverloadReason.of(429, quota)).hasValue("readings");
        assertThat(OverloadReason.of(409, quota)).isEmpty();
    }

    @Test
    void makesNoLabelOfAnUnknownText() {
        String unknown = ProblemJson.of(new Problem.Unavailable("uid urn:uuid:1 is away", Duration.ofSeconds(1)));

        assertThat(OverloadReason.of(503, unknown)).hasValue(OverloadReason.OTHER);
        assertThat(OverloadReason.of(429, "{\"quota\":\"Ada Lovelace\"}")).hasValue(OverloadReason.OTHER);
        assertThat(OverloadReason.of(503, null)).hasValue(OverloadReason.OTHER);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return new ArrayList<>(
                    files.filter(each -> each.toString().endsWith(".java")).toList());
        }
    }
}
