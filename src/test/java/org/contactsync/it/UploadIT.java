package org.contactsync.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protocol 4.8 to 4.13 and 8: an upload in chunks is applied whole or not at all. */
@ExtendWith(SharedServer.class)
class UploadIT {
    private static final String UNKNOWN_CODE = "ck1." + "A".repeat(43);

    private final Device phone;
    private final Device tablet;
    private final BookModel book;

    UploadIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
        tablet = phone.another("tablet");
        book = BookModel.of(phone);
    }

    /** 4.8.1, 4.11.1. */
    @Test
    void opensAnUpload() {
        HttpAnswer answer = phone.open("initial", book.checkCode(), 2, 3).is(201);

        JsonObject task = answer.json();
        assertThat(answer.header("Location")).hasValue("/v1/sync-tasks/" + task.getString("id"));
        assertThat(task.keySet())
                .containsExactlyInAnyOrder(
                        "id",
                        "kind",
                        "state",
                        "position",
                        "device",
                        "createdAt",
                        "nextChunk",
                        "chunks",
                        "contacts",
                        "received",
                        "expiresAt");
        assertThat(task.getString("kind")).isEqualTo("initial");
        assertThat(task.getString("state")).isEqualTo("receiving");
        assertThat(task.getInt("position")).isZero();
        assertThat(task.getString("device")).isEqualTo("phone");
        assertThat(task.getInt("nextChunk")).isEqualTo(1);
        assertThat(task.getInt("chunks")).isEqualTo(2);
        assertThat(task.getInt("contacts")).isEqualTo(3);
        assertThat(task.getInt("received")).isZero();
        Instant created = Instant.parse(task.getString("createdAt"));
        Instant expires = Instant.parse(task.getString("expiresAt"));
        assertThat(Duration.between(created, expires)).isBetween(Duration.ofSeconds(895), Duration.ofSeconds(905));
        assertThat(phone.task(task.getString("id")).is(200).json()).isEqualTo(task);
    }

    /** 4.9.2, 8.4, 8.5, 8.9, 4.10.1. */
    @Test
    void nothingIsVisibleBeforeTheCommitAndAllAfterIt() {
        String task = phone.opened("initial", 3, 700);
        addContacts(0, 300);
        HttpAnswer first = phone.chunk(task, 1, Changes.contacts(0, 300)).is(200);
        assertThat(first.text())
                .isEqualTo("{\"chunk\":1,\"nextChunk\":2,\"received\":300,\"checkCode\":\"%s\"}"
                        .formatted(book.checkCode()));
        byte[] gzipped = Device.gzip(Changes.contacts(300, 600).getBytes(UTF_8));
        addContacts(300, 600);
        HttpAnswer second =
                phone.chunk(task, 2, gzipped, "Content-Encoding", "gzip").is(200);
        assertThat(second.string("checkCode")).isEqualTo(book.checkCode());

        assertThat(tablet.book().number("count")).isZero();
        assertThat(tablet.get("/v1/book/contacts").is(200).array("contacts")).isEmpty();
        assertThat(tablet.get("/v1/book/changes?since=0").is(200).array("changes"))
                .isEmpty();
        assertThat(tablet.get("/v1/book/digests/entries").is(200).array("entries"))
                .isEmpty();
        tablet.contact(Changes.uid(1)).is(ProblemType.NOT_FOUND);
        JsonObject receiving = phone.task(task).json();
        assertThat(receiving.getInt("nextChunk")).isEqualTo(3);
        assertThat(receiving.getInt("received")).isEqualTo(600);
        assertThat(receiving.getString("checkCode")).isEqualTo(book.checkCode());
        assertThat(phone.book().json().getJsonObject("queue").getInt("running")).isEqualTo(1);

        addContacts(600, 700);
        phone.chunk(task, 3, Changes.contacts(600, 700)).is(200);
        HttpAnswer done = phone.commit(task).is(200);

        assertThat(done.tag()).isEqualTo(book.checkCode()).isEqualTo(done.string("checkCode"));
        assertThat(done.string("task")).isEqualTo(task);
        assertThat(done.string("state")).isEqualTo("done");
        assertThat(done.number("count")).isEqualTo(700);
        assertThat(done.number("seq")).isEqualTo(1);
        assertThat(done.json().getJsonObject("applied").toString()).isEqualTo("{\"put\":700,\"deleted\":0}");
        assertThat(done.json().getBoolean("rebased")).isFalse();
        assertThat(tablet.read().contacts()).isEqualTo(book.contacts());
        HttpAnswer again = phone.commit(task).is(200);
        assertThat(phone.commit(task, "null").is(200).text()).isEqualTo(again.text());
        assertThat(again.text()).isEqualTo(done.text());
        assertThat(again.tag()).isEqualTo(done.tag());
        JsonObject finished = phone.task(task).json();
        assertThat(finished.getString("state")).isEqualTo("done");
        assertThat(finished.getJsonObject("result")).isEqualTo(done.json());
    }

    /** 8.2, 8.8. */
    @Test
    void takesEachChunkOnceAndInOrder() {
        String task = phone.opened("initial", 3, 6);
        assertThat(phone.chunk(task, 2, Changes.contacts(2, 4))
                        .is(ProblemType.CHUNK_OUT_OF_ORDER)
                        .getInt("expected"))
                .isEqualTo(1);
        HttpAnswer first = phone.chunk(task, 1, Changes.contacts(0, 2)).is(200);
        assertThat(phone.chunk(task, 3, Changes.contacts(4, 6))
                        .is(ProblemType.CHUNK_OUT_OF_ORDER)
                        .getInt("expected"))
                .isEqualTo(2);
        assertThat(phone.chunk(task, 1, Changes.contacts(0, 2)).is(200).text()).isEqualTo(first.text());
        assertThat(phone.chunk(task, 1, Changes.contacts(7, 9))
                        .is(ProblemType.CHUNK_CONFLICT)
                        .getInt("chunk"))
                .isEqualTo(1);
        phone.chunk(task, 2, Changes.contacts(2, 4)).is(200);
        assertThat(phone.chunk(task, 1, Changes.contacts(0, 2)).is(200).text()).isEqualTo(first.text());
        phone.chunk(task, 3, Changes.contacts(4, 6)).is(200);
        phone.chunk(task, 4, Changes.contacts(6, 8)).is(ProblemType.CHUNK_OUT_OF_ORDER);

        addContacts(0, 6);
        assertThat(phone.commit(task).is(200).tag()).isEqualTo(book.checkCode());
    }

    /** 3.9. */
    @Test
    void refusesAChunkThatIsNotWhatItsDigestSays() {
        String task = phone.opened("initial", 1, 2);
        byte[] body = Changes.contacts(0, 2).getBytes(UTF_8);
        String path = "/v1/sync-tasks/" + task + "/chunks/1";

        phone.chunk(task, 1, body, "Content-Digest", Device.contentDigest(new byte[0]))
                .is(ProblemType.DIGEST_MISMATCH);
        // the digest is that of the bytes as they are sent
        phone.chunk(
                        task,
                        1,
                        Device.gzip(body),
                        "Content-Encoding",
                        "gzip",
                        "Content-Digest",
                        Device.contentDigest(body))
                .is(ProblemType.DIGEST_MISMATCH);
        phone.send("PUT", path, BodyPublishers.ofByteArray(body), "Content-Type", "application/json")
                .is(ProblemType.MALFORMED_REQUEST);
        phone.chunk(task, 1, body, "Content-Digest", "md5=:AAAA:").is(ProblemType.MALFORMED_REQUEST);

        assertThat(phone.task(task).number("nextChunk")).isEqualTo(1);
        phone.chunk(task, 1, body, "Content-Digest", "md5=:AAAA:, " + Device.contentDigest(body))
                .is(200);
    }

    /** 4.10.2. */
    @Test
    void refusesToCommitBeforeAllChunksHaveCome() {
        String task = phone.opened("initial", 2, 4);
        phone.chunk(task, 1, Changes.contacts(0, 2)).is(200);

        JsonObject problem = phone.commit(task).is(ProblemType.CHUNKS_MISSING);

        assertThat(problem.getInt("nextChunk")).isEqualTo(2);
        assertThat(problem.getInt("received")).isEqualTo(2);
        assertThat(phone.book().number("count")).isZero();
        phone.chunk(task, 2, Changes.contacts(2, 4)).is(200);
        phone.commit(task).is(200);
    }

    /** 4.10.2. */
    @Test
    void canBeCommittedAgainAfterAWrongPrediction() {
        addContacts(0, 2);
        String task = phone.openWith(
                        "{\"kind\":\"initial\",\"checkBefore\":\"%s\",\"chunks\":1,\"contacts\":2,\"checkAfter\":\"%s\"}"
                                .formatted(phone.checkCode(), UNKNOWN_CODE))
                .is(201)
                .string("id");
        phone.chunk(task, 1, Changes.contacts(0, 2)).is(200);

        JsonObject problem = phone.commit(task).is(ProblemType.RESULT_CODE_MISMATCH);

        assertThat(problem.getString("serverCheckCode")).isEqualTo(book.checkCode());
        assertThat(problem.getInt("count")).isEqualTo(2);
        assertThat(phone.book().number("count")).isZero();
        assertThat(phone.commit(task, "{\"checkAfter\":\"%s\"}".formatted(book.checkCode()))
                        .is(200)
                        .tag())
                .isEqualTo(book.checkCode());
    }

    /** 4.13, 8.5. */
    @Test
    void aCancelledUploadLeavesTheBookAsItWas() {
        String before =
                phone.apply(new Changes().put("ada", Changes.card("Ada"))).tag();
        String task = phone.opened("replace", 2, 4);
        phone.chunk(task, 1, Changes.contacts(0, 2)).is(200);

        assertThat(phone.cancel(task).status()).isEqualTo(204);

        assertThat(phone.cancel(task).status()).isEqualTo(204);
        assertThat(phone.checkCode()).isEqualTo(before);
        assertThat(phone.chunk(task, 2, Changes.contacts(2, 4))
                        .is(ProblemType.TASK_FINISHED)
                        .getString("state"))
                .isEqualTo("cancelled");
        phone.commit(task).is(ProblemType.TASK_FINISHED);
        assertThat(phone.task(task).string("state")).isEqualTo("cancelled");
        phone.apply(new Changes().put("zoe", Changes.card("Zoë")));
    }

    @Test
    void takesNothingMoreAfterTheCommit() {
        String task = phone.opened("initial", 1, 2);
        phone.chunk(task, 1, Changes.contacts(0, 2)).is(200);
        String code = phone.commit(task).is(200).tag();

        assertThat(phone.chunk(task, 1, Changes.contacts(0, 2))
                        .is(ProblemType.TASK_FINISHED)
                        .getString("state"))
                .isEqualTo("done");
        phone.chunk(task, 2, Changes.contacts(2, 4)).is(ProblemType.TASK_FINISHED);
        assertThat(phone.cancel(task).is(ProblemType.TASK_FINISHED).getString("state"))
                .isEqualTo("done");
        assertThat(phone.checkCode()).isEqualTo(code);
    }

    /** 8.9: the book becomes exactly what was uploaded. */
    @Test
    void replacesTheWholeBook() {
        phone.apply(Changes.puts(0, 30));
        addContacts(25, 60);
        String task = phone.openWith(
                        "{\"kind\":\"replace\",\"checkBefore\":\"%s\",\"chunks\":2,\"contacts\":35,\"confirmDeletes\":true}"
                                .formatted(phone.checkCode()))
                .is(201)
                .string("id");
        phone.chunk(task, 1, Changes.contacts(25, 45)).is(200);
        phone.chunk(task, 2, Changes.contacts(45, 60)).is(200);

        HttpAnswer done = phone.commit(task).is(200);

        assertThat(done.tag()).isEqualTo(book.checkCode());
        assertThat(done.json().getJsonObject("applied").toString()).isEqualTo("{\"put\":30,\"deleted\":25}");
        assertThat(done.number("seq")).isEqualTo(2);
        assertThat(phone.read().contacts()).isEqualTo(book.contacts());
        // 4.6.3: what was before the full upload is not in the feed
        phone.get("/v1/book/changes?since=1").is(ProblemType.CHANGES_EXPIRED);
    }

    /** 4.3.8, 4.10.2. */
    @Test
    void asksBeforeAReplaceDeletesMostOfTheBook() {
        String before = phone.apply(Changes.puts(0, 30)).tag();
        String task = phone.opened("replace", 1, 10);
        phone.chunk(task, 1, Changes.contacts(0, 10)).is(200);

        JsonObject problem = phone.commit(task).is(ProblemType.MASS_DELETE_SUSPECTED);

        assertThat(problem.getInt("deletes")).isEqualTo(20);
        assertThat(problem.getInt("count")).isEqualTo(30);
        assertThat(phone.checkCode()).isEqualTo(before);
        assertThat(phone.commit(task, "{\"confirmDeletes\":true}").is(200).number("count"))
                .isEqualTo(10);
    }

    /** 4.8.1: an empty replace. */
    @Test
    void emptiesABookOnlyWhenThatIsConfirmed() {
        phone.apply(new Changes().put("ada", Changes.card("Ada")));
        String task = phone.opened("replace", 0, 0);

        phone.commit(task).is(ProblemType.MASS_DELETE_SUSPECTED);
        HttpAnswer done = phone.commit(task, "{\"confirmDeletes\":true}").is(200);

        assertThat(done.tag()).isEqualTo(book.checkCode());
        assertThat(phone.read().count()).isZero();
    }

    /** 4.9.1, 4.9.2: the running code is that of the book with the staged changes. */
    @Test
    void appliesChangesInChunks() {
        phone.apply(Changes.puts(0, 4));
        addContacts(0, 4);
        String task = phone.opened("changes", 2, 4);
        HttpAnswer first = phone.chunk(
                        task,
                        1,
                        new Changes()
                                .put(Changes.uid(0), Changes.card("Other"))
                                .putOver(null, "new", Changes.card("New"))
                                .body())
                .is(200);
        book.put(Changes.uid(0), Changes.card("Other")).put("new", Changes.card("New"));
        assertThat(first.string("checkCode")).isEqualTo(book.checkCode());
        assertThat(tablet.book().number("count")).isEqualTo(4);

        // 8.3.1: a change whose precondition does not hold stages nothing, and the upload stays open
        phone.chunk(
                        task,
                        2,
                        new Changes()
                                .deleteOver(book.hashOf(Changes.card("?")), Changes.uid(1))
                                .delete("absent")
                                .body())
                .is(ProblemType.CONTACT_CONFLICT);
        phone.chunk(
                        task,
                        2,
                        new Changes().delete(Changes.uid(1)).delete("absent").body())
                .is(200);
        HttpAnswer done = phone.commit(task).is(200);

        assertThat(done.tag()).isEqualTo(book.delete(Changes.uid(1)).checkCode());
        assertThat(done.json().getJsonObject("applied").toString()).isEqualTo("{\"put\":2,\"deleted\":1}");
        assertThat(phone.read().contacts()).isEqualTo(book.contacts());
        JsonObject feed = phone.get("/v1/book/changes?since=1").is(200).json();
        assertThat(feed.getJsonArray("changes")).hasSize(3);
    }

    /** 5.5. */
    @Test
    void refusesAUidThatAnEarlierChunkHad() {
        String task = phone.opened("initial", 2, 4);
        phone.chunk(task, 1, Changes.contacts(0, 2)).is(200);

        JsonObject problem = phone.chunk(task, 2, Changes.contacts(1, 3)).is(ProblemType.INVALID_CONTACTS);

        JsonObject item = problem.getJsonArray("items").getJsonObject(0);
        assertThat(item.getString("code")).isEqualTo("duplicate-uid");
        assertThat(item.getString("uid")).isEqualTo(Changes.uid(1));
        assertThat(item.getInt("index")).isZero();
        assertThat(item.getString("pointer")).isEqualTo("/uid");
        phone.chunk(task, 2, Changes.contacts(2, 4)).is(200);
        phone.commit(task).is(200);
    }

    /** 8.3.1. */
    @Test
    void refusesOtherNumbersOfContactsThanAnnounced() {
        String task = phone.opened("initial", 2, 4);
        phone.chunk(task, 1, Changes.contacts(0, 5)).is(ProblemType.MALFORMED_REQUEST);
        phone.chunk(task, 1, Changes.contacts(0, 2)).is(200);
        phone.chunk(task, 2, Changes.contacts(2, 3)).is(ProblemType.MALFORMED_REQUEST);
        phone.chunk(task, 2, Changes.contacts(2, 5)).is(ProblemType.MALFORMED_REQUEST);
        phone.chunk(task, 2, Changes.contacts(2, 4)).is(200);

        assertThat(phone.commit(task).is(200).number("count")).isEqualTo(4);
    }

    /** 4.8.2. */
    @Test
    void refusesToOpenFromAnotherBook() {
        JsonObject problem = phone.open("initial", UNKNOWN_CODE, 1, 1).is(ProblemType.CHECK_CODE_MISMATCH);
        assertThat(problem.getString("serverCheckCode")).isEqualTo(book.checkCode());

        String code = phone.apply(new Changes().put("ada", Changes.card("Ada"))).tag();
        phone.open("initial", code, 1, 1).is(ProblemType.BOOK_NOT_EMPTY);
    }

    /** 8.10. */
    @Test
    void failsWhenTheBookHasMovedOnBeforeTheFirstChunk() {
        String task = phone.opened("initial", 1, 2);
        String code =
                tablet.apply(new Changes().put("ada", Changes.card("Ada"))).tag();

        JsonObject problem = phone.chunk(task, 1, Changes.contacts(0, 2)).is(ProblemType.CHECK_CODE_MISMATCH);

        assertThat(problem.getJsonObject("missed").getBoolean("complete")).isTrue();
        JsonObject failed = phone.task(task).json();
        assertThat(failed.getString("state")).isEqualTo("failed");
        assertThat(failed.getJsonObject("problem").getString("type")).isEqualTo(ProblemType.CHECK_CODE_MISMATCH.uri());
        assertThat(phone.checkCode()).isEqualTo(code);
        assertThat(phone.cancel(task).is(ProblemType.TASK_FINISHED).getString("state"))
                .isEqualTo("failed");
    }

    /** 8.6. */
    @Test
    void theSecondUploadWaitsUntilTheFirstHasEnded() {
        String first = phone.opened("initial", 2, 4);
        String second = tablet.opened("initial", 1, 2);
        phone.chunk(first, 1, Changes.contacts(0, 2)).is(200);

        HttpAnswer waiting = tablet.chunk(second, 1, Changes.contacts(10, 12));

        assertThat(waiting.is(ProblemType.TASK_WAITING).getInt("position")).isEqualTo(1);
        assertThat(Integer.parseInt(waiting.header("Retry-After").orElseThrow()))
                .isBetween(1, 60);
        phone.cancel(first);
        tablet.chunk(second, 1, Changes.contacts(10, 12)).is(200);
        tablet.commit(second).is(200);
    }

    /** 4.8.1. */
    @ParameterizedTest
    @CsvSource({
        "initial, 0, 1",
        "initial, 2, 1",
        "initial, 1, 1001",
        "initial, 1001, 1001",
        "initial, 201, 200001",
        "initial, -1, 1",
        "incremental, 1, 1",
        "Initial, 1, 1"
    })
    void refusesAPlanThatCannotBe(String kind, int chunks, int contacts) {
        phone.open(kind, book.checkCode(), chunks, contacts).is(ProblemType.MALFORMED_REQUEST);
    }

    private void addContacts(int first, int end) {
        for (int i = first; i < end; i++) {
            book.put(Changes.uid(i), Changes.numbered(i));
        }
    }
}
