package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 4.19.4: how a restore ends that the server fills, when something is in its way. */
class LongRestoreIT {
    private static final int CONTACTS = 300;
    private static final int HALF = CONTACTS / 2;

    /** All contacts have more than 4 MiB: two chunks, and too much for the smallest book that can be set. */
    private static final String NOTE = "x".repeat(15_000);

    private final LibertyServer server;

    LongRestoreIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory).withDatabase("long_restore").start();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aRestoreEndsWithItsReason() {
        Device phone = Device.ofNewUser(server);
        Device tablet = phone.another("tablet");
        phone.apply(puts(0, HALF));
        phone.apply(puts(HALF, CONTACTS));
        String full = phone.checkCode();
        phone.apply(deletes());
        String empty = phone.checkCode();

        String upload = held(tablet);
        String waited = restore(phone, key());
        assertThat(phone.task(waited).is(200).string("state")).isEqualTo("receiving");
        tablet.cancel(upload).is(204);
        assertThat(phone.finished(waited).getString("state")).isEqualTo("done");
        assertThat(phone.checkCode()).isEqualTo(full);
        phone.apply(deletes());

        held(tablet);
        String key = key();
        String stopped = restore(phone, key);
        Instant start = Instant.now();
        server.stop();
        System.out.println("stop of an instance that restores: " + Duration.between(start, Instant.now()));
        server.with("BOOK_BYTES", "4194304").start();

        JsonObject ended = phone.task(stopped).is(200).json();
        assertThat(ended.getString("state")).as("%s", ended).isEqualTo("expired");
        assertThat(ended.getJsonObject("problem").getString("detail")).contains("stopped");
        phone.post("/v1/book/restore", "{\"seq\":2}", "Idempotency-Key", key).is(ProblemType.TASK_EXPIRED);
        assertThat(phone.checkCode()).isEqualTo(empty);

        tablet.get("/v1/sync-tasks").is(200).array("tasks").getValuesAs(JsonObject.class).stream()
                .map(task -> task.getString("id"))
                .forEach(each -> tablet.cancel(each).is(204));
        String another = key();
        JsonObject failed = phone.finished(restore(phone, another));
        assertThat(failed.getString("state")).isEqualTo("failed");
        assertThat(failed.getJsonObject("problem").getString("type")).endsWith(":book-full");
        phone.post("/v1/book/restore", "{\"seq\":2}", "Idempotency-Key", another)
                .is(ProblemType.BOOK_FULL);
        phone.apply(new Changes().put("x", Changes.card("nothing is held")));
    }

    private static String restore(Device device, String key) {
        return device.post("/v1/book/restore", "{\"seq\":2}", "Idempotency-Key", key, "Prefer", "respond-async")
                .is(202)
                .string("id");
    }

    private static String held(Device device) {
        String upload = device.opened("changes", 2, 2);
        device.chunk(upload, 1, new Changes().put("held", Changes.card("held")).body())
                .is(200);
        return upload;
    }

    private static String key() {
        return "\"" + UUID.randomUUID() + "\"";
    }

    private static Changes puts(int from, int to) {
        Changes changes = new Changes();
        for (int n = from; n < to; n++) {
            changes.put(
                    Changes.uid(n),
                    "{\"@type\":\"Card\",\"notes\":{\"k1\":{\"note\":\"" + NOTE + "\"}},\"version\":\"1.0\"}");
        }
        return changes;
    }

    private static Changes deletes() {
        Changes changes = new Changes().confirmDeletes();
        for (int n = 0; n < CONTACTS; n++) {
            changes.delete(Changes.uid(n));
        }
        return changes;
    }
}
