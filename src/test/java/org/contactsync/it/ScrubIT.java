package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.checkcode.Sha256;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were damaged while the service did not run are reported, not repaired, and reported no more after a repair. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScrubIT {
    private static final Duration MOST = Duration.ofMinutes(2);
    private static final String PATH = "/admin/v1/differences";
    private static final int CONTACTS = 250;

    private final LibertyServer server;
    private final UUID run = UUID.randomUUID();

    ScrubIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory)
                .with("SCRUB_PERIOD", "PT1S")
                .with("SCRUB_RATE", "600000")
                .withDatabase("scrub")
                .start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    @Test
    void whatWasDamagedIsReportedUntilItIsRepaired() throws Exception {
        for (String part : List.of("count", "sum", "bytes", "card", "honest")) {
            Device.ofUser(server, user(part)).apply(Changes.puts(0, CONTACTS));
        }
        Device honest = Device.ofUser(server, user("honest"));
        honest.withToken(server.operatorsToken()).get(PATH).is(200);
        honest.get(PATH).is(ProblemType.FORBIDDEN);
        honest.withToken(server.operatorsToken()).get(PATH + "?after=x").is(ProblemType.MALFORMED_REQUEST);
        server.stop();
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            statement.execute("update book set contact_count = contact_count + 1" + of(user("count")));
            statement.execute("update book set entry_sum = check_key" + of(user("sum")));
            statement.execute("update book set card_bytes = card_bytes + 1" + of(user("bytes")));
            statement.execute("update contact set card = cast('" + Changes.numbered(8)
                    + "' as bytea) where uid = cast('" + Changes.uid(7)
                    + "' as bytea) and book_id = (select id from book" + of(user("card")) + ")");
        }
        server.start();

        Device operator = Device.ofUser(server, user("honest")).withToken(server.operatorsToken());
        await().atMost(MOST)
                .untilAsserted(() -> assertThat(operator.get(PATH).is(200).array("differences"))
                        .hasSize(4));
        List<JsonObject> found = operator.get(PATH).is(200).array("differences").getValuesAs(JsonObject.class);
        assertThat(of(found, "count").getJsonArray("differs")).hasToString("[\"count\"]");
        assertThat(of(found, "sum").getJsonArray("differs")).hasToString("[\"sum\"]");
        assertThat(of(found, "bytes").getJsonArray("differs")).hasToString("[\"bytes\"]");
        JsonObject card = of(found, "card");
        assertThat(card.getJsonArray("differs")).hasToString("[\"contacts\"]");
        assertThat(card.getInt("contacts")).isEqualTo(1);
        assertThat(card.getJsonArray("items"))
                .hasToString("[{\"uidSha256\":\""
                        + HexFormat.of().formatHex(Sha256.digest(Changes.uid(7).getBytes()))
                        + "\",\"differs\":[\"card\"]}]");
        assertThat(operator.get(PATH).text()).doesNotContain("contact-0", "Contact 8");
        HttpAnswer page = operator.get(PATH + "?limit=3").is(200);
        assertThat(page.array("differences")).hasSize(3);
        assertThat(operator.get(PATH + "?limit=3&after=" + page.string("next"))
                        .is(200)
                        .array("differences"))
                .hasSize(1);
        await().atMost(MOST).untilAsserted(() -> {
            assertThat(figure("contactsync_scrub_differing_books")).isEqualTo(4);
            assertThat(figure("contactsync_scrub_books_total")).isGreaterThan(5);
            assertThat(figure("contactsync_scrub_age_seconds")).isBetween(0.0, 300.0);
        });
        assertLoggedOnce();

        // Nothing was repaired by itself; an upload of the whole book writes all rows anew.
        assertThat(Device.ofUser(server, user("count")).book().number("count")).isEqualTo(CONTACTS + 1);
        for (String part : List.of("count", "sum", "bytes", "card")) {
            Device phone = Device.ofUser(server, user(part));
            String task = phone.opened("replace", 1, CONTACTS);
            phone.chunk(task, 1, Changes.contacts(0, CONTACTS)).is(200);
            phone.commit(task).is(200);
        }
        await().atMost(MOST)
                .untilAsserted(() -> assertThat(operator.get(PATH).is(200).array("differences"))
                        .isEmpty());
        await().atMost(MOST)
                .untilAsserted(() ->
                        assertThat(figure("contactsync_scrub_differing_books")).isZero());
        assertThat(Files.readString(server.log()))
                .contains("a book agrees with its contacts again: owner=" + key(user("card")))
                .doesNotContain("scrub interrupted", "could not be compared");
    }

    private void assertLoggedOnce() throws IOException {
        String log = Files.readString(server.log());
        for (String part : List.of("count", "sum", "bytes")) {
            assertThat(log.split(
                            "a book does not agree with its contacts: owner=" + key(user(part)) + " differs=" + part,
                            -1))
                    .as(part)
                    .hasSize(2);
        }
        assertThat(log).contains("owner=" + key(user("card")) + " differs=contacts contacts=1 seq=1");
        assertThat(log).doesNotContain(key(user("honest")) + " differs");
    }

    private double figure(String name) {
        Matcher figure = Pattern.compile("(?m)^" + name + "\\{[^}]*} (\\S+)$")
                .matcher(Device.ofNewUser(server).withToken("").get("/metrics").text());
        assertThat(figure.find()).as(name).isTrue();
        return Double.parseDouble(figure.group(1));
    }

    private String user(String part) {
        return part + "-" + run;
    }

    private JsonObject of(List<JsonObject> found, String part) {
        return found.stream()
                .filter(each -> each.getString("owner").equals(key(user(part))))
                .findFirst()
                .orElseThrow();
    }

    private static String of(String user) {
        return " where subject = '" + user + "'";
    }

    private static String key(String user) {
        return new Owner(TokenIssuer.DEVELOPMENT_NAME, user).key();
    }

    private Connection database() throws SQLException {
        return TestDatabase.kind().equals("postgres")
                ? TestDatabase.connect("contact_sync_scrub")
                : DriverManager.getConnection(
                        "jdbc:h2:file:" + server.data().resolve("h2").resolve("contact-sync")
                                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
                        "sa",
                        "");
    }
}
