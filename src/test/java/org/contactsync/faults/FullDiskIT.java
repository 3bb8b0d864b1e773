package org.contactsync.faults;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.contactsync.it.LibertyServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A disk that somebody else fills, under the embedded database. Where file systems may not be mounted it is skipped. */
@TestMethodOrder(OrderAnnotation.class)
class FullDiskIT {
    private static final int MEBIBYTES = 160;
    private static final long FLOOR = 48L << 20;
    private static final int USERS = 4;

    /** For a busy machine; some seconds otherwise. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Duration EACH_FILL = Duration.ofSeconds(15);
    private static final int MOST_FILLS = 6;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path directory;

    private static @Nullable SmallDisk mounted;
    private static LibertyServer server;

    @BeforeAll
    static void mount() {
        server = LibertyServer.in(directory.resolve("server")).with("DISK_FREE_MIN", Long.toString(FLOOR));
        try {
            mounted = SmallDisk.of(MEBIBYTES, server.data());
        } catch (NotPermitted e) {
            Assumptions.abort(e.getMessage());
        }
    }

    @AfterAll
    static void end() {
        server.close();
        if (mounted != null) {
            mounted.close();
        }
    }

    private static SmallDisk disk() {
        return requireNonNull(mounted);
    }

    @Test
    @Order(1)
    void refusesChangesBeforeTheDiskIsFullAndTakesThemWhenThereIsRoom() throws Exception {
        server.start();
        SteadyWriter user = new SteadyWriter(server, "ada");
        assertThat(user.tryOnce().statusCode()).isEqualTo(200);
        HttpResponse<String> opened = user.send(
                "POST",
                "/v1/sync-tasks",
                "{\"kind\":\"replace\",\"checkBefore\":\"%s\",\"chunks\":1,\"contacts\":1}"
                        .formatted(SteadyWriter.json(user.get("/v1/book")).getString("checkCode")));
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
        assertThat(health()).contains("\"disk\":\"UP\"");

        disk().leave(FLOOR - (4L << 20));
        await(() -> user.tryOnce().statusCode() == 503);

        HttpResponse<String> refused = user.tryOnce();
        assertThat(SteadyWriter.json(refused).getString("type")).isEqualTo("urn:contact-sync:problem:unavailable");
        assertThat(SteadyWriter.json(refused).getString("detail")).isEqualTo("the server's disk is nearly full");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("30");
        assertThat(user.get("/v1/book").statusCode()).isEqualTo(200);
        assertThat(user.get("/v1/book/contacts").body()).contains("tried");
        assertThat(server.ready()).as("it reads").isTrue();
        assertThat(health()).contains("\"disk\":\"LOW\"");
        // What ends something makes room.
        String upload = "/v1/sync-tasks/" + SteadyWriter.json(opened).getString("id");
        assertThat(user.send("DELETE", upload, "").statusCode()).isEqualTo(204);
        await(() -> figure("contactsync_disk_low") == 1
                && figure("contactsync_overload_total{") > 0
                && figure("contactsync_disk_free_bytes") < FLOOR);

        // As much as the floor is not yet enough.
        disk().leave(FLOOR + (2L << 20));
        await(() -> figure("contactsync_disk_free_bytes") > FLOOR);
        assertThat(user.tryOnce().statusCode()).isEqualTo(503);

        disk().free();
        await(() -> health().contains("\"disk\":\"UP\""));
        assertThat(Files.readString(server.log()))
                .contains("the disk is nearly full; changes are refused", "the disk has space again");
        SteadyWriter another = new SteadyWriter(server, "grace");
        assertThat(another.tryOnce().statusCode()).isEqualTo(200);
    }

    /** The last byte is taken at once, in the middle of changes: the database closes itself, and the process does not stay. */
    @Test
    @Order(2)
    void endsWhenTheDatabaseHasClosedItselfAndHasAllThatWasAcknowledged() throws Exception {
        List<SteadyWriter> writers = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            writers.add(new SteadyWriter(server, "writer-" + i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(USERS);
        try {
            writers.forEach(threads::submit);
            allGoOn(writers);
            ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
            fillUntilItEnds(process, writers);
            assertThat(Files.readString(server.log()))
                    .contains("contact-sync stops: the embedded database has closed itself");
            disk().free();
            server.start();
            allGoOn(writers);
        } finally {
            writers.forEach(SteadyWriter::end);
            threads.shutdown();
            assertThat(threads.awaitTermination(LONGEST.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
        for (SteadyWriter writer : writers) {
            writer.hasAllThatWasAcknowledged();
        }
    }

    /**
     * A look at the disk while it is being filled refuses all changes: nothing is written any more, the database stays open, and the
     * process with it. Then it is filled again.
     */
    private static void fillUntilItEnds(ProcessHandle process, List<SteadyWriter> writers) {
        for (int i = 0; i < MOST_FILLS && process.isAlive(); i++) {
            if (i > 0) {
                disk().free();
                allGoOn(writers);
            }
            disk().fill();
            endsWithin(process, EACH_FILL);
        }
        assertThat(process.isAlive()).isFalse();
    }

    private static void endsWithin(ProcessHandle process, Duration longest) {
        try {
            process.onExit().get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Then it goes on.
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void allGoOn(List<SteadyWriter> writers) {
        for (SteadyWriter writer : writers) {
            int before = writer.done();
            await(() -> writer.done() > before + 5);
        }
    }

    private static String health() throws IOException {
        return server.send(server.request("/health/ready").build()).body();
    }

    /** The first figure whose line begins so. */
    private static double figure(String name) throws IOException {
        return server.send(server.request("/metrics").build())
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(condition);
    }
}
