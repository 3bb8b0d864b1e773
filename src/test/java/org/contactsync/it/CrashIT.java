package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an answer promised holds when the server is killed (protocol 1.5, 8.7). One server for all tests, in their order: each
 * start takes seconds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class CrashIT {
    private static final String KEY = "Idempotency-Key";
    private static final int CHUNKS = 4;
    private static final int IN_A_CHUNK = 250;

    private final LibertyServer server;

    CrashIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory).withDatabase("crash").start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    /** {@code kill -9} in the middle of an upload, right after a 200, and with tasks that were accepted. */
    @Test
    @Order(1)
    void nothingThatWasAnsweredIsLostWhenTheServerIsKilled() {
        Device uploading = Device.ofNewUser(server);
        Device writing = Device.ofNewUser(server);
        Device queueing = Device.ofNewUser(server);
        BookModel uploaded = BookModel.of(uploading);
        BookModel queued = BookModel.of(queueing);

        // tasks that were accepted behind an upload, and some without one
        Device other = uploading.another("tablet");
        String upload = uploading.opened("initial", CHUNKS, CHUNKS * IN_A_CHUNK);
        chunk(uploading, upload, 1).is(200);
        chunk(uploading, upload, 2).is(200);
        List<String> behind = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            behind.add(accepted(other, uploaded.checkCode(), "behind " + i));
        }
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            accepted.add(accepted(queueing, queued.checkCode(), "accepted " + i));
        }
        // a change that was answered 200
        String before = writing.checkCode();
        String key = "\"" + UUID.randomUUID() + "\"";
        String body = new Changes().put("ada", Changes.card("Ada")).body();
        HttpAnswer written = writing.patch(before, body, KEY, key).is(200);
        // a chunk that is under way
        byte[] third = chunkBody(3);
        uploading.sendAsync(
                "PUT",
                "/v1/sync-tasks/" + upload + "/chunks/3",
                java.net.http.HttpRequest.BodyPublishers.ofByteArray(third),
                "Content-Type",
                "application/json",
                "Content-Digest",
                Device.contentDigest(third));
        server.kill();
        server.start();

        assertThat(writing.checkCode()).isEqualTo(written.tag());
        HttpAnswer repeated = writing.patch(before, body, KEY, key).is(200);
        assertThat(repeated.text()).isEqualTo(written.text());
        assertThat(writing.book().number("seq")).isEqualTo(1);

        for (int i = 0; i < accepted.size(); i++) {
            JsonObject task = queueing.finished(accepted.get(i));
            assertThat(task.getString("state")).as("%s", task).isEqualTo("done");
            queued.put("accepted " + i, Changes.card("accepted " + i));
            assertThat(task.getJsonObject("result").getInt("seq")).isEqualTo(i + 1);
            assertThat(task.getJsonObject("result").getString("checkCode")).isEqualTo(queued.checkCode());
        }
        assertThat(queueing.read().contacts()).isEqualTo(queued.contacts());

        assertThat(uploading.book().number("count")).isZero();
        JsonObject task = uploading.task(upload).is(200).json();
        assertThat(task.getString("state")).isEqualTo("receiving");
        assertThat(task.getInt("nextChunk")).isBetween(3, 4);
        for (int next = task.getInt("nextChunk"); next <= CHUNKS; next++) {
            chunk(uploading, upload, next).is(200);
        }
        chunk(uploading, upload, 2).is(200);
        HttpAnswer committed = uploading.commit(upload).is(200);
        for (int i = 0; i < CHUNKS * IN_A_CHUNK; i++) {
            uploaded.put(Changes.uid(i), Changes.numbered(i));
        }
        assertThat(committed.tag()).isEqualTo(uploaded.checkCode());
        for (int i = 0; i < behind.size(); i++) {
            assertThat(other.finished(behind.get(i)).getString("state")).isEqualTo("done");
            uploaded.put("behind " + i, Changes.card("behind " + i));
        }
        BookModel read = uploading.read();
        assertThat(read.contacts()).isEqualTo(uploaded.contacts());
        assertThat(uploading.checkCode()).isEqualTo(uploaded.checkCode());
    }

    /** SIGTERM, also while an upload is open and tasks wait; then on the same data with a short lease (8.7). */
    @Test
    @Order(2)
    void stopsWhenAskedToAndGoesOnAfterwards() {
        Device phone = Device.ofNewUser(server);
        Device tablet = phone.another("tablet");
        String before = phone.checkCode();
        String upload = phone.opened("initial", CHUNKS, CHUNKS * IN_A_CHUNK);
        chunk(phone, upload, 1).is(200);
        String waiting = accepted(tablet, before, "waiting");

        Instant asked = Instant.now();
        server.stop();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(55));

        server.with("UPLOAD_LEASE", "PT3S").start();
        assertThat(phone.task(upload).is(200).number("nextChunk")).isEqualTo(2);
        chunk(phone, upload, 2).is(200);
        // nobody goes on with it: it ends, and what waited behind it runs
        assertThat(phone.finished(upload).getString("state")).isEqualTo("expired");
        assertThat(tablet.finished(waiting).getString("state")).isEqualTo("done");
        chunk(phone, upload, 3).is(ProblemType.TASK_EXPIRED);
        phone.commit(upload).isAnyProblem();
        assertThat(phone.cancel(upload).status()).isEqualTo(204);
        assertThat(phone.read().uids()).containsExactly("waiting");
    }

    private static HttpAnswer chunk(Device device, String upload, int number) {
        return device.chunk(upload, number, chunkBody(number));
    }

    private static byte[] chunkBody(int number) {
        return Changes.contacts((number - 1) * IN_A_CHUNK, number * IN_A_CHUNK).getBytes(StandardCharsets.UTF_8);
    }

    /** A task that was answered 202. */
    private static String accepted(Device device, String code, String name) {
        return device.patch(
                        code,
                        new Changes()
                                .putOver(null, name, Changes.card(name))
                                .rebase()
                                .body(),
                        "Prefer",
                        "respond-async")
                .is(202)
                .string("id");
    }
}
