package org.contactsync.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of settings in {@code docs/operations.md} and the defaults of the server are those of {@link Setting}. */
class SettingsDocumentTest {
    private static final Path SERVER = Path.of("src", "main", "liberty", "config");
    private static final Pattern VARIABLE = Pattern.compile("<variable name=\"([a-z.]+)\" defaultValue=\"([^\"]*)\"/>");

    @Test
    void everySettingIsDocumentedAsItIs() throws IOException {
        String document = Files.readString(Path.of("docs", "operations.md"));
        String begin = "<!-- settings:begin -->\n";
        assertThat(document.substring(
                        document.indexOf(begin) + begin.length(), document.indexOf("<!-- settings:end -->")))
                .isEqualTo(Arrays.stream(Setting.values())
                        .map(SettingsDocumentTest::row)
                        .collect(Collectors.joining(
                                "\n", "| variable | default | value | meaning |\n|---|---|---|---|\n", "\n")));
    }

    @Test
    void theServerHasTheSameDefaults() throws IOException {
        List<MatchResult> variables = new ArrayList<>();
        try (Stream<Path> files = Files.list(SERVER)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".xml")).toList()) {
                VARIABLE.matcher(Files.readString(file))
                        .results()
                        // Not set by operators: it follows from DB_TLS.
                        .filter(variable -> !variable.group(1).equals("db.ssl.mode"))
                        .forEach(variables::add);
            }
        }
        assertThat(variables)
                .hasSizeGreaterThan(10)
                .allSatisfy(variable -> assertThat(Setting.valueOf(variable.group(1)
                                        .toUpperCase(Locale.ROOT)
                                        .replace('.', '_'))
                                .otherwise())
                        .as(variable.group(1))
                        .contains(variable.group(2)));
    }

    private static String row(Setting setting) {
        String otherwise = setting.otherwise()
                .map(value -> value.isEmpty() ? "none" : "`" + value + "`")
                .orElse("must be set");
        return "| `%s` | %s | %s | %s |"
                .formatted(setting, otherwise, setting.type().expected(), setting.meaning());
    }
}
