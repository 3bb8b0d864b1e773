package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the embedded database has committed is there after its process was killed, also when it writes into space of its file
 * that was used before. The settings are those of the server.
 */
class EmbeddedDatabaseTest {
    private static final Path CONFIGURATION = Path.of("src/main/liberty/config/database-h2.xml");

    /** Space is used again at once; the default is after 45 seconds. */
    private static final String USED_AGAIN_AT_ONCE = ";RETENTION_TIME=0";

    private static final int COMMITS = 3;

    @TempDir
    private Path directory;

    @Test
    void keepsWhatWasCommittedBeforeItWasKilled() throws Exception {
        String settings = settings() + USED_AGAIN_AT_ONCE;

        for (int run = 0; run < 4; run++) {
            assertThat(commitAndDie(settings)).as("rows found by run %d", run).isEqualTo(run * COMMITS);
        }
    }

    /** H2 by itself leaves them as they are: it has no thread for it while commits may not be written later (decision 27). */
    @Test
    void bringsTogetherWhatIsHardlyUsed() throws Exception {
        String url = "jdbc:h2:file:" + directory.resolve("sparse");
        String settings = settings() + USED_AGAIN_AT_ONCE;
        try (Connection connection = DriverManager.getConnection(url + ";" + settings, "sa", "");
                Statement statement = connection.createStatement()) {
            CommitAndDie.makeSpace(connection, statement);
            int before = filled(statement);
            Path file = directory.resolve("sparse.mv.db");
            long size = Files.size(file);

            EmbeddedFile embedded = new EmbeddedFile(url, InstantSource.system());
            int steps = 0;
            while (embedded.compact() && steps < 100) {
                steps++;
            }
            // what is not used any more goes with later commits
            for (int i = 0; i < 3; i++) {
                statement.execute("create table another" + i + "(id int primary key)");
            }

            assertThat(before).isLessThan(EmbeddedFile.LEAST_USED);
            assertThat(steps).isBetween(1, 99);
            assertThat(filled(statement)).isGreaterThanOrEqualTo(EmbeddedFile.LEAST_USED);
            assertThat(Files.size(file)).isLessThan(size / 4);
            assertThat(CommitAndDie.count(statement, "gone")).isEqualTo(CommitAndDie.LEFT);
        }
    }

    private static int filled(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery(
                "select setting_value from information_schema.settings where setting_name = 'info.CHUNKS_FILL_RATE'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static String settings() throws Exception {
        Matcher url = Pattern.compile("jdbc:h2:file:[^;\"]+;([^\"]+)").matcher(Files.readString(CONFIGURATION));
        assertThat(url.find()).isTrue();
        return url.group(1);
    }

    private int commitAndDie(String settings) throws Exception {
        String h2 = location(org.h2.Driver.class);
        String tests = location(CommitAndDie.class);
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        h2 + File.pathSeparator + tests + File.pathSeparator + location(EmbeddedFile.class),
                        CommitAndDie.class.getName(),
                        "jdbc:h2:file:" + directory.resolve("database") + ";" + settings)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Integer.parseInt(Files.readString(out).strip());
    }

    private static String location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    /** Says how many rows it finds, makes space to be used again, commits some more rows and is gone. */
    static final class CommitAndDie {
        /** Rows of 10,000. */
        static final int LEFT = 200;

        private CommitAndDie() {}

        public static void main(String[] arguments) throws Exception {
            Connection connection = DriverManager.getConnection(arguments[0], "sa", "");
            Statement statement = connection.createStatement();
            statement.execute("create table if not exists kept(id int primary key)");
            int found = count(statement, "kept");
            makeSpace(connection, statement);
            connection.setAutoCommit(false);
            new EmbeddedFile(arguments[0].substring(0, arguments[0].indexOf(';')), InstantSource.system()).compact();
            for (int i = 0; i < COMMITS; i++) {
                statement.execute("insert into kept values " + (found + i));
                connection.commit();
            }
            System.out.println(found);
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }

        /** Of many small parts hardly anything is used then. */
        static void makeSpace(Connection connection, Statement statement) throws Exception {
            statement.execute("create table if not exists gone(id int primary key, content varchar)");
            connection.setAutoCommit(false);
            statement.execute("delete from gone");
            for (int i = 0; i < 100; i++) {
                statement.execute("insert into gone select " + i * 100 + " + a.n * 10 + b.n, repeat('x', 500) from "
                        + "(values 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) a(n), (values 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) b(n)");
                connection.commit();
            }
            for (int i = 1; i < 50; i++) {
                statement.execute("delete from gone where mod(id, 50) = " + i);
                connection.commit();
            }
            connection.setAutoCommit(true);
        }

        static int count(Statement statement, String table) throws Exception {
            try (ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }
}
