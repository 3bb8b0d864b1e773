package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Protocol 1.3, 3.7, 4.11 to 4.13 and 8.6: tasks of one user wait for each other, and none is lost. */
@ExtendWith(SharedServer.class)
class TaskQueueIT {
    private final Device phone;
    private final Device tablet;
    private final BookModel book;

    TaskQueueIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
        tablet = phone.another("tablet");
        book = BookModel.of(phone);
    }

    /** 3.7 and 7.6. */
    @Test
    void answersAtOnceWhenAskedToAndTellsTheOutcomeLater() {
        book.put("ada", Changes.card("Ada"));

        HttpAnswer accepted = phone.patch(
                        phone.checkCode(),
                        new Changes().put("ada", Changes.card("Ada")).body(),
                        "Prefer",
                        "respond-async")
                .is(202);

        String id = accepted.string("id");
        assertThat(accepted.header("Location")).hasValue("/v1/sync-tasks/" + id);
        assertThat(accepted.header("Preference-Applied")).hasValue("respond-async");
        assertThat(accepted.string("kind")).isEqualTo("incremental");
        JsonObject task = phone.finished(id);
        assertThat(task.getString("state")).isEqualTo("done");
        assertThat(task.getJsonObject("result").getString("checkCode")).isEqualTo(book.checkCode());
        assertThat(phone.checkCode()).isEqualTo(book.checkCode());
    }

    /** 4.11.1: a refusal is an outcome too. */
    @Test
    void tellsLaterThatATaskWasRefused() {
        phone.apply(new Changes().put("ada", Changes.card("Ada")));

        String id = phone.patch(book.checkCode(), new Changes().delete("ada").body(), "Prefer", "respond-async")
                .is(202)
                .string("id");

        JsonObject task = phone.finished(id);
        assertThat(task.getString("state")).isEqualTo("failed");
        assertThat(task.getJsonObject("problem").getString("type")).isEqualTo(ProblemType.CHECK_CODE_MISMATCH.uri());
        assertThat(task.keySet()).doesNotContain("result");
    }

    @Test
    void saysWhichPreferenceItFollowed() {
        String body = new Changes().put("ada", Changes.card("Ada")).body();

        assertThat(phone.patch(phone.checkCode(), body, "Prefer", "wait=5")
                        .is(200)
                        .header("Preference-Applied"))
                .hasValue("wait=5");
        assertThat(phone.patch(phone.checkCode(), body, "Prefer", "wait=600")
                        .is(200)
                        .header("Preference-Applied"))
                .hasValue("wait=55");
        assertThat(phone.patch(phone.checkCode(), body, "Prefer", "unknown=1")
                        .is(200)
                        .header("Preference-Applied"))
                .isEmpty();
    }

    /** 4.3.7, 4.12.1, 8.6. */
    @Test
    void tasksOfOtherDevicesWaitBehindAnUploadAndRunInOrder() {
        String upload = phone.opened("initial", 2, 4);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        String before = book.checkCode();
        List<String> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            HttpAnswer accepted = tablet.patch(
                            before,
                            new Changes()
                                    .putOver(null, "from tablet " + i, Changes.card("From tablet " + i))
                                    .rebase()
                                    .body())
                    .is(202);
            assertThat(accepted.string("state")).isEqualTo("waiting");
            assertThat(accepted.number("position")).isEqualTo(i + 1);
            waiting.add(accepted.string("id"));
        }

        List<JsonObject> tasks =
                phone.get("/v1/sync-tasks").is(200).array("tasks").getValuesAs(JsonObject.class);
        assertThat(tasks.stream().map(task -> task.getString("id")))
                .startsWith(upload)
                .containsSubsequence(waiting)
                .hasSize(6);
        assertThat(tasks.stream().map(task -> task.getInt("position"))).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(phone.book().json().getJsonObject("queue").toString()).isEqualTo("{\"running\":1,\"waiting\":5}");
        assertThat(tablet.book().number("count")).isZero();

        phone.chunk(upload, 2, Changes.contacts(2, 4)).is(200);
        HttpAnswer done = phone.commit(upload).is(200);

        for (int i = 0; i < 4; i++) {
            book.put(Changes.uid(i), Changes.numbered(i));
        }
        assertThat(done.tag()).isEqualTo(book.checkCode());
        for (int i = 0; i < 5; i++) {
            book.put("from tablet " + i, Changes.card("From tablet " + i));
            JsonObject result = tablet.finished(waiting.get(i)).getJsonObject("result");
            assertThat(result.getInt("seq")).isEqualTo(done.number("seq") + i + 1);
            assertThat(result.getString("checkCode")).isEqualTo(book.checkCode());
            assertThat(result.getBoolean("rebased")).isTrue();
        }
        assertThat(phone.read().contacts()).isEqualTo(book.contacts());
        assertThat(phone.get("/v1/sync-tasks").is(200).array("tasks")).isEmpty();
    }

    /** 3.13, 4.3.10. */
    @Test
    void aPersonsTaskGoesAheadOfBackgroundTasksOfItsDevice() {
        String upload = phone.opened("initial", 1, 2);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        Device watch = phone.another("watch");
        String foreign = accepted(watch, "foreign");
        String background = accepted(tablet, "background", "Priority", "u=7");
        HttpAnswer urgent = tablet.patch(
                        book.checkCode(),
                        new Changes()
                                .putOver(null, "background", Changes.card("By the user"))
                                .rebase()
                                .body(),
                        "Priority",
                        "u=1, i")
                .is(202);

        assertThat(urgent.number("position")).isEqualTo(2);
        assertThat(urgent.string("priority")).isEqualTo("user");
        List<JsonObject> tasks =
                phone.get("/v1/sync-tasks").is(200).array("tasks").getValuesAs(JsonObject.class);
        assertThat(tasks.stream().map(task -> task.getString("id")))
                .containsExactly(upload, foreign, urgent.string("id"), background);
        assertThat(tasks.stream().map(task -> task.getInt("position"))).containsExactly(0, 1, 2, 3);
        phone.commit(upload).is(200);

        assertThat(tablet.finished(urgent.string("id")).getString("state")).isEqualTo("done");
        JsonObject passed = tablet.finished(background);
        assertThat(passed.getJsonObject("problem").getString("type")).isEqualTo(ProblemType.CONTACT_CONFLICT.uri());
        assertThat(tablet.contact("background").is(200).text()).contains("By the user");
        assertThat(phone.book().number("count")).isEqualTo(4);
    }

    private String accepted(Device device, String uid, String... headers) {
        return device.patch(
                        book.checkCode(),
                        new Changes()
                                .putOver(null, uid, Changes.card(uid))
                                .rebase()
                                .body(),
                        headers)
                .is(202)
                .string("id");
    }

    /** 3.7. */
    @Test
    void waitsForItsTurnWhenAskedTo() throws Exception {
        String upload = phone.opened("initial", 1, 2);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);

        CompletableFuture<HttpAnswer> answer = tablet.patchAsync(
                book.checkCode(),
                new Changes()
                        .putOver(null, "late", Changes.card("Late"))
                        .rebase()
                        .body(),
                "Prefer",
                "wait=50");
        org.awaitility.Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> phone.book().json().getJsonObject("queue").getInt("waiting") == 1);
        phone.commit(upload).is(200);

        HttpAnswer done = answer.get(60, TimeUnit.SECONDS).is(200);
        assertThat(done.number("count")).isEqualTo(3);
        assertThat(done.tag()).isEqualTo(phone.checkCode());
    }

    /** 8.5, 8.6: also when the upload ends by being cancelled. */
    @Test
    void runsWhatWaitedWhenTheUploadIsCancelled() {
        String upload = phone.opened("initial", 2, 4);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        String id = tablet.patch(
                        book.checkCode(),
                        new Changes().put("ada", Changes.card("Ada")).body())
                .is(202)
                .string("id");

        phone.cancel(upload);

        JsonObject result = tablet.finished(id).getJsonObject("result");
        assertThat(result.getString("checkCode"))
                .isEqualTo(book.put("ada", Changes.card("Ada")).checkCode());
    }

    /** 4.13.1. */
    @Test
    void aWaitingTaskCanBeTakenBack() {
        String upload = phone.opened("initial", 1, 2);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        String id = tablet.patch(
                        book.checkCode(),
                        new Changes()
                                .putOver(null, "ada", Changes.card("Ada"))
                                .rebase()
                                .body())
                .is(202)
                .string("id");

        assertThat(phone.cancel(id).status()).isEqualTo(204);
        assertThat(phone.cancel(id).status()).isEqualTo(204);

        assertThat(tablet.finished(id).getString("state")).isEqualTo("cancelled");
        assertThat(phone.book().json().getJsonObject("queue").getInt("waiting")).isZero();
        assertThat(phone.commit(upload).is(200).number("count")).isEqualTo(2);
        tablet.contact("ada").is(ProblemType.NOT_FOUND);
    }

    /** 4.11.3. */
    @Test
    void aNewerTaskOfTheSameDeviceSupersedesTheOlderOne() {
        String upload = phone.opened("initial", 1, 2);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        String first = book.checkCode();
        String older = tablet.patch(
                        first, new Changes().put("ada", Changes.card("Ada")).body())
                .is(202)
                .string("id");

        String newer = tablet.patch(
                        first,
                        new Changes()
                                .put("ada", Changes.card("Ada"))
                                .put("zoe", Changes.card("Zoë"))
                                .body())
                .is(202)
                .string("id");

        JsonObject superseded = tablet.finished(older);
        assertThat(superseded.getString("state")).isEqualTo("superseded");
        assertThat(superseded.keySet()).contains("problem").doesNotContain("result");
        phone.cancel(upload);
        assertThat(tablet.finished(newer).getString("state")).isEqualTo("done");
        assertThat(phone.book().number("count")).isEqualTo(2);
    }

    /** 1.3: the upload of one user is nothing to another. */
    @Test
    void usersDoNotWaitForEachOther() {
        String upload = phone.opened("initial", 1, 2);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        Device stranger = Device.ofNewUser(phone.server());

        assertThat(stranger.apply(new Changes().put("ada", Changes.card("Ada"))).number("count"))
                .isEqualTo(1);
        assertThat(stranger.get("/v1/sync-tasks").is(200).array("tasks")).isEmpty();
        stranger.task(upload).is(ProblemType.NOT_FOUND);
        stranger.cancel(upload).is(ProblemType.NOT_FOUND);
        stranger.commit(upload).is(ProblemType.NOT_FOUND);
        stranger.chunk(upload, 2, Changes.contacts(0, 2)).is(ProblemType.NOT_FOUND);
        phone.commit(upload).is(200);
    }

    /** 6.1 {@code maxQueuedTasks}. */
    @Test
    void refusesToQueueWithoutEnd() {
        String upload = phone.opened("initial", 1, 2);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        String first = book.checkCode();
        for (int i = 0; i < 100; i++) {
            tablet.patch(
                            first,
                            new Changes()
                                    .putOver(null, "t" + i, Changes.card("T" + i))
                                    .rebase()
                                    .body(),
                            "Prefer",
                            "respond-async")
                    .is(202);
        }

        tablet.patch(
                        first,
                        new Changes()
                                .putOver(null, "more", Changes.card("More"))
                                .rebase()
                                .body(),
                        "Prefer",
                        "respond-async")
                .is(ProblemType.QUEUE_FULL);

        phone.commit(upload).is(200);
        org.awaitility.Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> phone.book().number("count") == 102);
    }

    /** 4.11.1. */
    @Test
    void doesNotKnowOtherTasks() {
        for (String id :
                List.of(UUID.randomUUID().toString(), "x", "0", "00000000-0000-0000-0000-000000000000", "%20")) {
            phone.task(id).is(ProblemType.NOT_FOUND);
            phone.cancel(id).is(ProblemType.NOT_FOUND);
            phone.commit(id).is(ProblemType.NOT_FOUND);
            phone.chunk(id, 1, Changes.contacts(0, 1)).is(ProblemType.NOT_FOUND);
        }
    }
}
