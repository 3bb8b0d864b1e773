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
    private static final Pattern MADE = Pattern.compile("new (?:Problem\\.)?Unavailable\\(\\s*\"([^\"]+)\"");

    @Test
    void knowsNoTextThatTheServiceDoesNotSay() throws IOException {
        Set<String> made = new TreeSet<>();
        for (Path source : sources()) {
            Matcher problems = MADE.matcher(Files.readString(source));
            while (problems.find()) {
                made.add(problems.group(1));
            }
        }

        // What it says and is not known here is counted as other.
        assertThat(made).containsAll(OverloadReason.OF_503.keySet());
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
