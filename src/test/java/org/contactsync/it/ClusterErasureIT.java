package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.store.account.BookTables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** An account is erased at one instance while its devices work with another one. */
class ClusterErasureIT {
    private static final Duration MOST = Duration.ofMinutes(1);
    private static final int WRITERS = 3;
    private static final int ERASURES = 15;

    @Test
    void whatAnotherInstanceWritesBesideLeavesNothing(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws SQLException {
        try (Cluster cluster = new Cluster(directory, "cluster_erasure")) {
            LibertyServer a = cluster.start("a", "b");
            LibertyServer b = cluster.instance("b");
            Device phone = Device.ofNewUser(a);
            Device tablet = phone.at(b).another("tablet");
            eraseBesideWriters(phone, tablet);
            goneForBoth(phone, tablet);

            assertThat(phone.delete("/v1/account").status()).isIn(202, 204);
            await().atMost(MOST)
                    .untilAsserted(
                            () -> assertThat(leftOver(cluster.database())).isEmpty());
        }
    }

    private static void eraseBesideWriters(Device phone, Device tablet) {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger applied = new AtomicInteger();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Device writer = tablet.another("writer-" + i);
            writers.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; !over.get(); n++) {
                    HttpAnswer answer = writer.patch(
                            writer.checkCode(), Changes.puts(n, n + 3).body(), "Prefer", "wait=50");
                    assertThat(answer.status()).isIn(200, 412, 429, 503);
                    if (answer.status() == 200) {
                        applied.incrementAndGet();
                    }
                }
            }));
        }
        for (int i = 0; i < ERASURES; i++) {
            int before = applied.get();
            await().atMost(MOST).until(() -> applied.get() > before + 3);
            assertThat(phone.delete("/v1/account").status()).isIn(202, 204);
        }
        over.set(true);
        writers.forEach(CompletableFuture::join);
    }

    /** What one instance has accepted, the other one erases: an upload, a task that waits, a code. */
    private static void goneForBoth(Device phone, Device tablet) {
        String upload = tablet.opened("changes", 2, 2);
        tablet.chunk(upload, 1, Changes.puts(0, 1).body()).is(200);
        String old = tablet.checkCode();
        String waiting = tablet.patch(old, Changes.puts(5, 6).body(), "Prefer", "respond-async")
                .is(202)
                .string("id");

        assertThat(phone.delete("/v1/account").status()).isIn(202, 204);

        tablet.chunk(upload, 2, Changes.puts(1, 2).body()).is(ProblemType.NOT_FOUND);
        tablet.task(waiting).is(ProblemType.NOT_FOUND);
        Changes puts = new Changes().putOver(null, "old", Changes.card("old")).rebase();
        tablet.patch(old, puts.body(), "Prefer", "wait=50").is(ProblemType.CHECK_CODE_MISMATCH);
        JsonObject book = tablet.book().json();
        assertThat(book.getInt("seq")).isZero();
        assertThat(book.getInt("count")).isZero();
        assertThat(phone.checkCode()).isEqualTo(book.getString("checkCode"));
    }

    /** Tables with rows of books that do not exist. */
    private static List<String> leftOver(String database) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = TestDatabase.connect(database);
                Statement statement = connection.createStatement()) {
            for (String table : Stream.concat(BookTables.BY_BOOK.stream(), BookTables.BY_ENDPOINT.stream())
                    .toList()) {
                try (ResultSet rows = statement.executeQuery(
                        "select count(*) from " + table + " where book_id not in (select id from book)")) {
                    rows.next();
                    if (rows.getLong(1) > 0) {
                        found.add(table + ": " + rows.getLong(1));
                    }
                }
            }
            for (String table : List.of("staged_change", "upload_chunk", "garbage", "seen_device")) {
                try (ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
                    rows.next();
                    if (rows.getLong(1) > 0) {
                        found.add(table + ": " + rows.getLong(1));
                    }
                }
            }
        }
        return found;
    }
}
