package org.contactsync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.contactsync.it.LibertyServer;
import org.contactsync.it.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL that answers its health question, and does not do the rest: one statement takes too long, its disk is full. */
class BusyDatabaseIT {
    /** As many as one user may have. */
    private static final int READINGS = 4;

    /** A reading is answered after 15 s; the rest is for a busy machine. */
    private static final Duration MOST = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path directory;

    private static LibertyServer server;
    private static SteadyWriter user;

    @BeforeAll
    static void start() throws Exception {
        server = LibertyServer.in(directory);
        Assumptions.assumeTrue(
                TestDatabase.kind().equals("postgres"),
                "the view that sleeps and the trigger that raises 53100 are PostgreSQL's");
        server.withDatabase("busy").start();
        user = new SteadyWriter(server, "ada");
        assertThat(user.tryOnce().statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void aStatementThatNobodyWaitsForEndsInTheDatabase() throws Exception {
        execute("alter table contact rename to contact_rows");
        // 100 s: longer than anything else that would end it.
        execute("create view contact as select * from contact_rows where pg_sleep(100) is null");
        try {
            long start = System.nanoTime();
            assertThat(readings()).allSatisfy(answer -> {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            });
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(took).isLessThan(MOST);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(8))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> slowStatements() == 0);
            System.out.printf(
                    "slow statements: answered after %s, none left after %s%n",
                    took, Duration.ofNanos(System.nanoTime() - start));
        } finally {
            execute("drop view contact");
            execute("alter table contact_rows rename to contact");
        }
        assertThat(readings())
                .as("all places are free")
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
    }

    /** What PostgreSQL says when it cannot extend a file. */
    @Test
    void aFullDiskOfTheDatabaseIsSaidAndPasses() throws Exception {
        execute("create function no_room() returns trigger language plpgsql as"
                + " $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$");
        execute("create trigger no_room before insert on sync_task for each row execute function no_room()");
        HttpResponse<String> refused = user.tryOnce();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(SteadyWriter.json(refused).getString("detail")).isEqualTo("the disk of the database is full");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(user.get("/v1/book/contacts").statusCode()).isEqualTo(200);
        Awaitility.await()
                .atMost(MOST)
                .until(() -> server.send(server.request("/metrics").build())
                        .body()
                        .lines()
                        .anyMatch(line -> line.startsWith("contactsync_overload_total")
                                && line.contains("reason=\"disk\"")
                                && line.contains("status=\"503\"")));

        execute("drop trigger no_room on sync_task");
        assertThat(user.tryOnce().statusCode()).isEqualTo(200);
    }

    private static List<HttpResponse<String>> readings() {
        ExecutorService threads = Executors.newFixedThreadPool(READINGS);
        try {
            List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
            for (int i = 0; i < READINGS; i++) {
                sent.add(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return user.get("/v1/book/contacts");
                            } catch (java.io.IOException e) {
                                throw new CompletionException(e);
                            }
                        },
                        threads));
            }
            return sent.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }

    private static long slowStatements() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity where state = 'active'"
                        + " and datname = current_database() and pid <> pg_backend_pid()"
                        + " and query like '%from contact c%'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%s/contact_sync_busy"
                        .formatted(System.getenv("DB_HOST"), System.getenv("DB_PORT")),
                System.getenv("DB_USER"),
                System.getenv("DB_PASSWORD"));
    }
}
