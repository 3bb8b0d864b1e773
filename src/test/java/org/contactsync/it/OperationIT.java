package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator sees of the service: health, its own figures, its description, and no contact data. */
@ExtendWith(SharedServer.class)
class OperationIT {
    private static final Duration FRESH = Duration.ofSeconds(20);

    private final LibertyServer server;
    private final Device phone;

    OperationIT(LibertyServer server) {
        this.server = server;
        phone = Device.ofNewUser(server);
    }

    @Test
    void tellsThatItIsHealthy() {
        for (String check : List.of("started", "live", "ready")) {
            HttpAnswer answer = phone.withToken("").get("/health/" + check);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.string("status")).isEqualTo("UP");
        }
    }

    @Test
    void countsWhatItDoes() {
        double done = figure("contactsync_steps_total\\{[^}]*kind=\"applychanges\"[^}]*outcome=\"done\"[^}]*}");
        double mismatches = figure("contactsync_check_code_mismatches_total\\{[^}]*}");
        double bytes = figure("contactsync_upload_bytes_total\\{[^}]*}");
        double waits = figure("contactsync_queue_wait_seconds_count\\{[^}]*}");
        String first = phone.checkCode();

        phone.apply(new Changes().put("ada", Changes.card("Ada")));
        phone.patch(first, new Changes().delete("ada").body()).is(ProblemType.CHECK_CODE_MISMATCH);
        String task = phone.opened("replace", 1, 2);
        phone.chunk(task, 1, Changes.contacts(0, 2)).is(200);
        phone.commit(task, "{\"confirmDeletes\":true}").is(200);

        // One answer of figures serves all who ask within a moment.
        await().atMost(FRESH).untilAsserted(() -> {
            assertThat(figure("contactsync_steps_total\\{[^}]*kind=\"applychanges\"[^}]*outcome=\"done\"[^}]*}"))
                    .isGreaterThanOrEqualTo(done + 1);
            assertThat(figure("contactsync_steps_total\\{[^}]*outcome=\"refused_412\"[^}]*}"))
                    .isPositive();
            assertThat(figure("contactsync_check_code_mismatches_total\\{[^}]*}"))
                    .isGreaterThanOrEqualTo(mismatches + 1);
            assertThat(figure("contactsync_upload_bytes_total\\{[^}]*}"))
                    .isGreaterThanOrEqualTo(bytes + Changes.contacts(0, 2).length());
            assertThat(figure("contactsync_queue_wait_seconds_count\\{[^}]*}")).isGreaterThanOrEqualTo(waits + 5);
            assertThat(figure("contactsync_step_seconds_count\\{[^}]*}")).isPositive();
        });
    }

    /** An alert that speaks of a figure that is not served is never given. */
    @Test
    void servesTheFiguresThatAlertsAreMadeOf() throws Exception {
        phone.withToken("x").get("/v1/book").is(ProblemType.UNAUTHORIZED);
        phone.checkCode();
        String alerts = Files.readString(Path.of("k8s/alerts.yaml"));
        await().atMost(FRESH).untilAsserted(() -> {
            String served = phone.withToken("").get("/metrics").text();
            Matcher figures = Pattern.compile("contactsync_[a-z_]+").matcher(alerts);
            while (figures.find()) {
                // Overload has come to nobody yet. Webhooks are not configured here: WebhookIT has them.
                if (!figures.group().equals("contactsync_overload_total")
                        && !figures.group().startsWith("contactsync_webhook_")) {
                    assertThat(served).contains("\n" + figures.group() + "{");
                }
            }
            assertThat(served)
                    .contains("contactsync_step_seconds_bucket{mp_scope=\"application\",le=\"0.001\",}")
                    .contains("contactsync_step_seconds_bucket{mp_scope=\"application\",le=\"60.0\",}")
                    .doesNotContain("contactsync_step_seconds{");
            assertThat(served.lines().filter(line -> line.startsWith("# HELP contactsync_")))
                    .hasSizeGreaterThan(15)
                    .allMatch(line -> line.matches("# HELP \\S+ \\S.*"));
            assertThat(figure("contactsync_refused_answers_total\\{[^}]*route=\"/v1/book\"[^}]*status=\"401\"[^}]*}"))
                    .isPositive();
        });
    }

    @Test
    void inventedPathsAndMethodsMakeNoFigures() {
        long before = ownFigures();
        for (int i = 0; i < 50; i++) {
            phone.get("/v1/invented-" + i);
            phone.contact("invented-" + i);
            phone.get("/invented/" + i);
        }

        Pause.of(FRESH.dividedBy(4));
        assertThat(ownFigures() - before).isLessThan(5);
    }

    private long ownFigures() {
        return phone.withToken("")
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("contactsync_"))
                .count();
    }

    /** The description that is served is the one that is written. */
    @Test
    void servesItsDescription() throws Exception {
        KubernetesSerialization yaml = new KubernetesSerialization();
        JsonNode written =
                yaml.unmarshal(Files.readString(Path.of("src/main/webapp/META-INF/openapi.yaml")), JsonNode.class);
        HttpAnswer answer = phone.withToken("").get("/openapi");
        assertThat(answer.status()).isEqualTo(200);
        JsonNode served = yaml.unmarshal(answer.text(), JsonNode.class);

        assertThat(served.get("openapi").asText()).startsWith("3.");
        assertThat(served.get("info")).isEqualTo(written.get("info"));
        assertThat(served.get("paths")).isEqualTo(written.get("paths"));
        assertThat(served.get("components")).isEqualTo(written.get("components"));
    }

    /** No contact data and no tokens in logs and figures. */
    @Test
    void tellsNobodyWhatIsInTheBooks() throws Exception {
        String secret = "secret-" + java.util.UUID.randomUUID();
        String code =
                phone.apply(new Changes().put(secret, Changes.card(secret))).tag();
        phone.patch(
                        code,
                        "{\"changes\":[{\"op\":\"put\",\"uid\":\"" + secret + "\",\"card\":{\"a\":null,\"b\":\""
                                + secret + "\"}}]}")
                .is(ProblemType.INVALID_CONTACTS);
        phone.patch(code, "{\"" + secret + "\":1}").is(ProblemType.MALFORMED_REQUEST);
        phone.contact(secret + "?").is(ProblemType.NOT_FOUND);
        phone.withToken(phone.token() + "x").get("/v1/book").is(ProblemType.UNAUTHORIZED);

        assertThat(Files.readString(server.log())).doesNotContain(secret, phone.token());
        assertThat(phone.get("/metrics").text()).doesNotContain(secret, phone.token());
    }

    private double figure(String pattern) {
        Matcher figures = Pattern.compile("(?m)^" + pattern + " ([0-9.E]+)$")
                .matcher(phone.withToken("").get("/metrics").text());
        double sum = 0;
        while (figures.find()) {
            sum += Double.parseDouble(figures.group(1));
        }
        return sum;
    }
}
