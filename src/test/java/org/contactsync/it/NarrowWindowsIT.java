package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.contactsync.contact.Uid;
import org.contactsync.it.Windows.Failure;
import org.contactsync.it.Windows.Stop;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Failures and crashes exactly between two steps of the work (docs/concurrency.md, "Crash windows"). For the crash, one request
 * after the other is stopped at its window; when all stand there the process is killed and started on the same data.
 */
class NarrowWindowsIT extends WindowsFrame {
    private static final int IN_A_CHUNK = 20;
    private static final int CHUNKS = 2;

    private Optional<OneChange> notSent = Optional.empty();
    private String notSentTask = "";

    NarrowWindowsIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        super(directory, "windows", Windows::of);
    }

    @Test
    @Order(1)
    void aMessageThatComesAgainChangesNothing() {
        OneChange change = OneChange.of(Device.ofNewUser(server), Windows.device(Failure.OF_ACKNOWLEDGEMENT));
        HttpAnswer first = change.send().is(200);
        windows.awaitReached(Failure.OF_ACKNOWLEDGEMENT, 2);
        assertThat(change.send().is(200).text()).isEqualTo(first.text());
        change.isThereOnce();
    }

    @Test
    @Order(2)
    void aChangeWhoseAnswerIsLostIsAnsweredFromItsRow() {
        OneChange change = OneChange.of(Device.ofNewUser(server), Windows.device(Failure.OF_REPLY));
        // It waits so long for the answer, and then looks for the row.
        HttpAnswer found = change.send("Prefer", "wait=20").is(200);
        assertThat(windows.timesReached(Failure.OF_REPLY)).isEqualTo(1);
        assertThat(change.send().is(200).text()).isEqualTo(found.text());
        change.isThereOnce();
    }

    @Test
    @Order(3)
    void aChangeWhoseTransactionIsNotCommittedCanBeRepeated() {
        OneChange change = OneChange.of(Device.ofNewUser(server), Windows.device(Failure.OF_DATABASE_COMMIT));
        change.send().isAnyProblem();
        assertThat(windows.timesReached(Failure.OF_DATABASE_COMMIT)).isEqualTo(1);
        assertThat(change.device.book().number("seq")).isZero();
        change.send().is(200);
        change.isThereOnce();
    }

    @Test
    @Order(4)
    void aTaskWhoseMessageIsNotSentIsAccepted() {
        OneChange change = OneChange.of(Device.ofNewUser(server), Windows.device(Failure.OF_SEND));
        notSentTask = change.send("Prefer", "respond-async").is(202).string("id");
        notSent = Optional.of(change);
        assertThat(windows.timesReached(Failure.OF_SEND)).isEqualTo(1);
    }

    /** All kinds of answers that come late: of a change, of steps of an upload, of a task that is waited for. */
    @Test
    @Order(5)
    void noAnswerIsLeftToAListenerThatTakesRequestsForEachOther() {
        OneChange change = OneChange.of(Device.ofNewUser(server), "another");
        change.send().is(200);
        OneUpload upload = new OneUpload(Device.ofNewUser(server));
        upload.chunk(1).is(200);
        upload.device.task(upload.id, "Prefer", "wait=1").is(200);
        upload.chunk(2).is(200);
        upload.commitsTo();
        assertThat(windows.answersByWriteListener()).isZero();
    }

    @Test
    @Order(6)
    void aPoisonedTaskIsGivenUpTheNextOneRunsAndAnOperatorHasItRunAgain() throws IOException {
        Device user = Device.ofNewUser(server);
        Device operator = user.withToken(server.operatorsToken());
        String before = user.checkCode();
        String poisoned = user.another(Windows.POISONED)
                .patch(before, put("ada", "Ada"), "Prefer", "respond-async")
                .is(202)
                .string("id");
        String next = user.another("next")
                .patch(before, put("grace", "Grace"), "Prefer", "respond-async")
                .is(202)
                .string("id");

        assertThat(user.finished(next).getString("state")).isEqualTo("done");
        JsonObject given = user.finished(poisoned);
        assertThat(given.getString("state")).isEqualTo("failed");
        assertThat(given.getJsonObject("problem").getString("type")).isEqualTo(ProblemType.TASK_FAILED.uri());
        assertThat(windows.readingsPoisoned()).isGreaterThanOrEqualTo(6);
        assertThat(user.read().contacts()).containsOnlyKeys(new Uid("grace"));

        String path = "/admin/v1/failed-tasks/" + poisoned;
        String owner = operator.get(path).is(200).string("owner");
        JsonArray listed =
                operator.get("/admin/v1/failed-tasks?owner=" + owner).is(200).array("tasks");
        assertThat(listed).singleElement().satisfies(each -> {
            assertThat(each.asJsonObject().getString("id")).isEqualTo(poisoned);
            assertThat(each.asJsonObject().getInt("attempts")).isEqualTo(6);
        });
        windows.heal();
        operator.post(path + "/retry", "").is(200);
        operator.post(path + "/retry", "").is(200);
        assertThat(user.finished(poisoned).getString("state")).isEqualTo("done");
        assertThat(user.read().contacts()).containsOnlyKeys(new Uid("ada"), new Uid("grace"));
        assertThat(user.book().number("seq")).isEqualTo(2);
        assertThat(operator.get("/admin/v1/failed-tasks?owner=" + owner).is(200).array("tasks"))
                .isEmpty();
        operator.delete(path).is(ProblemType.TASK_FINISHED);
        assertThat(server.log()).content().contains("admin action=retry").contains("task=" + poisoned);
        assertThat(server.data().resolve("audit/audit.0.log"))
                .content()
                .contains("admin action=retry")
                .contains("task=" + poisoned);
    }

    /** A quarter of a minute later, which the tests before have taken. */
    @Test
    @Order(7)
    void anAcceptedTaskWhoseMessageIsNotSentIsRun() {
        OneChange change = notSent.orElseThrow();
        assertThat(change.device.finished(notSentTask).getString("state")).isEqualTo("done");
        change.send().is(200);
        change.isThereOnce();
    }

    /** Leads to the same whatever else is in the book. */
    private static String put(String uid, String name) {
        return new Changes().putOver(null, uid, Changes.card(name)).rebase().body();
    }

    @Test
    @Order(8)
    void everyWindowOfACrashIsClosed() {
        OneChange replied = stoppedChange(Stop.AFTER_REPLY_BEFORE_ACKNOWLEDGEMENT);
        HttpAnswer told = replied.answered.join().is(200);
        OneChange committed = stoppedChange(Stop.AFTER_COMMIT_BEFORE_REPLY);
        OneChange notSent = stoppedChange(Stop.BEFORE_SEND);
        OneUpload betweenChunks = stoppedChunk(Stop.BEFORE_CHUNK);
        OneUpload chunkCommitted = stoppedChunk(Stop.AFTER_COMMIT_BEFORE_REPLY);
        OneUpload switched = stoppedCommit(Stop.AFTER_COMMIT_BEFORE_REPLY);
        OneChange accepted = stoppedChange(Stop.AFTER_ACCEPT_BEFORE_SEND, "Prefer", "respond-async");
        OneUpload switching = stoppedCommit(Stop.BEFORE_DATABASE_COMMIT);
        server.kill();
        server.start();

        assertThat(replied.send().is(200).text()).isEqualTo(told.text());
        replied.isThereOnce();

        assertThat(committed.device.book().number("seq")).isEqualTo(1);
        committed.send().is(200);
        committed.isThereOnce();

        assertThat(notSent.device.book().number("seq")).isZero();
        notSent.send().is(200);
        notSent.isThereOnce();

        // No message was ever sent for it: the sweeper does that.
        assertThat(accepted.device.finished(accepted.task()).getString("state")).isEqualTo("done");
        accepted.send().is(200);
        accepted.isThereOnce();

        betweenChunks.is("receiving", 2);
        betweenChunks.chunk(2).is(200);
        betweenChunks.commitsTo();

        chunkCommitted.is("receiving", 3);
        chunkCommitted.chunk(2).is(200);
        chunkCommitted.commitsTo();

        switching.is("receiving", 3);
        assertThat(switching.device.book().number("count")).isZero();
        switching.commitsTo();

        switched.is("done", 3);
        switched.commitsTo();
    }

    /** A request that has come to its window and stands there. */
    private OneChange stoppedChange(Stop stop, String... headers) {
        OneChange change = OneChange.of(freeUser(), Windows.device(stop));
        int before = windows.timesReached(stop);
        change.sendAsync(headers);
        windows.awaitReached(stop, before + 1);
        return change;
    }

    private OneUpload stoppedChunk(Stop stop) {
        OneUpload upload = new OneUpload(freeUser());
        upload.chunk(1).is(200);
        int before = windows.timesReached(stop);
        upload.sendChunkAsync(2, Windows.device(stop));
        windows.awaitReached(stop, before + 1);
        return upload;
    }

    private OneUpload stoppedCommit(Stop stop) {
        OneUpload upload = new OneUpload(freeUser());
        upload.chunk(1).is(200);
        upload.chunk(2).is(200);
        int before = windows.timesReached(stop);
        upload.sendCommitAsync(Windows.device(stop));
        windows.awaitReached(stop, before + 1);
        return upload;
    }

    /** One change of a user's empty book, always sent with the same key. */
    private static final class OneChange {
        private static final String UID = "ada";

        private final Device device;
        private final String marked;
        private final String before;
        private final String key = "\"" + UUID.randomUUID() + "\"";
        private final BookModel after;
        private CompletableFuture<HttpAnswer> answered = new CompletableFuture<>();

        private OneChange(Device device, String marked) {
            this.device = device;
            this.marked = marked;
            before = device.checkCode();
            after = BookModel.of(device).put(UID, Changes.card("Ada"));
        }

        /** @param marked name of the device that sends it first, and again: its rule has no effect any more by then */
        static OneChange of(Device device, String marked) {
            return new OneChange(device, marked);
        }

        HttpAnswer send(String... headers) {
            return sender().patch(before, body(), and(headers));
        }

        void sendAsync(String... headers) {
            answered = device.another(marked).patchAsync(before, body(), and(headers));
        }

        /** Stops are for ever: what stood at one is repeated under another name. */
        private Device sender() {
            return marked.startsWith("stops") ? device : device.another(marked);
        }

        private static String body() {
            return new Changes().put(UID, Changes.card("Ada")).body();
        }

        private String[] and(String... headers) {
            String[] all = Arrays.copyOf(headers, headers.length + 2);
            all[headers.length] = "Idempotency-Key";
            all[headers.length + 1] = key;
            return all;
        }

        /** The task that waits, or has finished: the only one of this book. */
        String task() {
            HttpAnswer answer = send("Prefer", "respond-async");
            return answer.status() == 202
                    ? answer.string("id")
                    : answer.status() == 200 ? answer.string("task") : inProgress(answer);
        }

        private static String inProgress(HttpAnswer answer) {
            String address = answer.is(ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS).getString("task");
            return address.substring(address.lastIndexOf('/') + 1);
        }

        void isThereOnce() {
            assertThat(device.book().number("seq")).isEqualTo(1);
            assertThat(device.checkCode()).isEqualTo(after.checkCode());
            BookModel read = device.read();
            assertThat(read.contacts()).isEqualTo(after.contacts());
            assertThat(read.checkCode()).isEqualTo(device.checkCode());
            JsonObject changes = device.get("/v1/book/changes?since=0").is(200).json();
            assertThat(changes.getJsonArray("changes")).hasSize(1);
        }
    }

    /** One upload in two chunks into a user's empty book. */
    private static final class OneUpload {
        private final Device device;
        private final String id;
        private final BookModel after;

        OneUpload(Device device) {
            this.device = device;
            id = device.opened("initial", CHUNKS, CHUNKS * IN_A_CHUNK);
            after = BookModel.of(device);
            for (int i = 0; i < CHUNKS * IN_A_CHUNK; i++) {
                after.put(Changes.uid(i), Changes.numbered(i));
            }
        }

        HttpAnswer chunk(int number) {
            return device.chunk(id, number, body(number));
        }

        void sendChunkAsync(int number, String marked) {
            byte[] body = body(number);
            device.another(marked)
                    .sendAsync(
                            "PUT",
                            "/v1/sync-tasks/" + id + "/chunks/" + number,
                            BodyPublishers.ofByteArray(body),
                            "Content-Type",
                            "application/json",
                            "Content-Digest",
                            Device.contentDigest(body));
        }

        void sendCommitAsync(String marked) {
            device.another(marked).sendAsync("POST", "/v1/sync-tasks/" + id + "/commit", BodyPublishers.noBody());
        }

        private static byte[] body(int number) {
            return Changes.contacts((number - 1) * IN_A_CHUNK, number * IN_A_CHUNK)
                    .getBytes(StandardCharsets.UTF_8);
        }

        void is(String state, int nextChunk) {
            JsonObject task = device.task(id).is(200).json();
            assertThat(task.getString("state")).as("%s", task).isEqualTo(state);
            assertThat(task.getInt("nextChunk")).as("%s", task).isEqualTo(nextChunk);
        }

        /** The commit, and the commit again, come to the one expected book. */
        void commitsTo() {
            HttpAnswer committed = device.commit(id).is(200);
            assertThat(committed.tag()).isEqualTo(after.checkCode());
            assertThat(device.commit(id).is(200).text()).isEqualTo(committed.text());
            assertThat(device.book().number("seq")).isEqualTo(1);
            BookModel read = device.read();
            assertThat(read.contacts()).isEqualTo(after.contacts());
            assertThat(read.checkCode()).isEqualTo(device.checkCode());
        }
    }
}
