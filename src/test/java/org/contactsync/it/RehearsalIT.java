package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an instance works through before it is ready leaves nothing behind, and nobody else can ask for it. */
class RehearsalIT {
    private static final String DATABASE = "rehearsal";
    private static final Pattern DONE = Pattern.compile("Rehearsed ([0-9]+) changes in [0-9]+ ms");
    private static final String EVERYBODY = "{\"changes\":[{\"op\":\"delete\",\"uid\":\"a\"}]}";

    @TempDir
    private Path directory;

    @Test
    void nothingStaysOfARehearsal() throws IOException, SQLException {
        try (LibertyServer server = LibertyServer.in(directory.resolve("server"))
                .withDatabase(DATABASE)
                .with("WARM_UP", "PT20S")
                .start()) {
            String log = Files.readString(server.log());
            assertThat(DONE.matcher(log).results().map(MatchResult::group)).hasSize(1);
            assertThat(changes(log)).isGreaterThan(8);
            assertThat(server.send(server.request("/health/ready").build()).body())
                    .containsPattern("\"rehearsal\" *: *\"OVER\"");

            Figures figures = Figures.fresh(server);
            assertThat(figures.stepsWorked()).isZero();
            assertThat(figures.text()).doesNotContainPattern("route=\"/v1/rehearsal\",status=\"40");

            server.stop();
            assertThat(rows(server)).isEmpty();

            server.with("WARM_UP", "PT0S").start();
            Device phone = Device.ofNewUser(server);
            phone.apply(new Changes().put("a", Changes.card("A")));
            assertThat(phone.book().number("count")).isEqualTo(1);
            phone.post(
                            "/v1/rehearsal",
                            EVERYBODY,
                            "If-Match",
                            phone.get("/v1/book").tag(),
                            "Rehearsal-Secret",
                            "")
                    .is(ProblemType.NOT_FOUND);
            assertThat(phone.book().number("count")).isEqualTo(1);
        }
    }

    private static int changes(String log) {
        return DONE.matcher(log)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }

    /** Tables that have rows of books, with their number. */
    private static List<String> rows(LibertyServer server) throws SQLException {
        List<String> tables = new ArrayList<>(List.of("book"));
        List<String> found = new ArrayList<>();
        try (Connection connection = TestDatabase.connect(server, DATABASE);
                Statement statement = connection.createStatement()) {
            try (ResultSet names = statement.executeQuery("select distinct table_name from information_schema.columns"
                    + " where lower(column_name) = 'book_id' and lower(table_schema) = 'public'")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            assertThat(tables).contains("contact", "sync_task", "contact_version");
            for (String table : tables) {
                try (ResultSet count = statement.executeQuery("select count(*) from " + table)) {
                    count.next();
                    if (count.getLong(1) > 0) {
                        found.add(table + ": " + count.getLong(1));
                    }
                }
            }
        }
        return found;
    }
}
