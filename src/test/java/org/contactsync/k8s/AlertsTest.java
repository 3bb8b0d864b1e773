package org.contactsync.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example alerts speak of figures that there are. That the figures are served is for {@code OperationIT}. */
class AlertsTest {
    private static final Pattern FIGURE = Pattern.compile("contactsync_[a-z_]+");

    @Test
    void everyFigureOfAnAlertIsInTheTable() throws IOException {
        Set<String> documented = figures(Files.readString(Path.of("docs/operations.md")));

        for (Map<?, ?> rule : rules()) {
            String expression = String.valueOf(rule.get("expr"));
            assertThat(figures(expression))
                    .as(expression)
                    .isNotEmpty()
                    .allSatisfy(figure -> assertThat(documented).contains(figure.replaceFirst("_bucket$", "")));
        }
    }

    @Test
    void everyAlertSaysWhatToLookAt() throws IOException {
        assertThat(rules()).isNotEmpty().allSatisfy(rule -> {
            assertThat(String.valueOf(rule.get("alert"))).matches("ContactSync[A-Za-z]+");
            assertThat(((Map<?, ?>) rule.get("labels")).get("severity")).isIn("critical", "warning");
            assertThat(String.valueOf(((Map<?, ?>) rule.get("annotations")).get("summary")))
                    .endsWith(".");
        });
    }

    private static List<Map<?, ?>> rules() throws IOException {
        Map<?, ?> file =
                new KubernetesSerialization().unmarshal(Files.readString(Path.of("k8s/alerts.yaml")), Map.class);
        return ((List<?>) file.get("groups"))
                .stream()
                        .flatMap(group -> ((List<?>) ((Map<?, ?>) group).get("rules")).stream())
                        .<Map<?, ?>>map(rule -> (Map<?, ?>) rule)
                        .toList();
    }

    private static Set<String> figures(String text) {
        Set<String> figures = new TreeSet<>();
        Matcher matcher = FIGURE.matcher(text);
        while (matcher.find()) {
            figures.add(matcher.group());
        }
        return figures;
    }
}
