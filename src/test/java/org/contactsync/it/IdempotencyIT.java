package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 7: every request is safe to repeat. */
@ExtendWith(SharedServer.class)
class IdempotencyIT {
    private static final String KEY = "Idempotency-Key";

    private final Device phone;
    private final BookModel book;
    private final String key = UUID.randomUUID().toString();

    IdempotencyIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
        book = BookModel.of(phone);
    }

    /** 7.2, 3.4. */
    @Test
    void theSameRequestGetsTheSameAnswerAndIsAppliedOnce() {
        String body = new Changes().put("ada", Changes.card("Ada")).body();
        HttpAnswer first =
                phone.patch(book.checkCode(), body, KEY, "\"" + key + "\"").is(200);
        phone.apply(new Changes().put("ada", Changes.card("Ada King")));

        for (String again : List.of("\"" + key + "\"", key, "\"" + key.toUpperCase(java.util.Locale.ROOT) + "\"")) {
            HttpAnswer repeated =
                    phone.patch(book.checkCode(), body, KEY, again).is(200);
            assertThat(repeated.text()).isEqualTo(first.text());
            assertThat(repeated.tag()).isEqualTo(first.tag());
        }
        assertThat(phone.contact("ada").is(200).json().getJsonObject("card").toString())
                .isEqualTo(Changes.card("Ada King"));
        assertThat(phone.book().number("seq")).isEqualTo(2);
    }

    /** 7.2: a refusal too; what was missed is not kept, but read from the book again. */
    @Test
    void aRefusalIsRepeatedToo() {
        String code = phone.apply(new Changes().put("ada", Changes.card("Ada"))).tag();
        String body = new Changes().delete("ada").body();
        HttpAnswer refused = phone.patch(book.checkCode(), body, KEY, "\"" + key + "\"");
        refused.is(ProblemType.CHECK_CODE_MISMATCH);

        HttpAnswer again = phone.patch(book.checkCode(), body, KEY, "\"" + key + "\"");

        assertThat(again.text()).isEqualTo(refused.text());
        assertThat(phone.checkCode()).isEqualTo(code);
    }

    /** 7.2. */
    @Test
    void theKeyOfAnotherRequestIsRefused() {
        String body = new Changes().put("ada", Changes.card("Ada")).body();
        String code = phone.patch(book.checkCode(), body, KEY, "\"" + key + "\"")
                .is(200)
                .tag();

        phone.patch(book.checkCode(), new Changes().delete("ada").body(), KEY, "\"" + key + "\"")
                .is(ProblemType.IDEMPOTENCY_KEY_REUSED);
        phone.patch(code, body, KEY, "\"" + key + "\"").is(ProblemType.IDEMPOTENCY_KEY_REUSED);
        phone.open("replace", code, 1, 1, KEY, "\"" + key + "\"").is(ProblemType.IDEMPOTENCY_KEY_REUSED);

        assertThat(phone.checkCode()).isEqualTo(code);
    }

    /** 7.2. */
    @Test
    void twoUsersMayUseTheSameKey() {
        Device stranger = Device.ofNewUser(phone.server());
        String body = new Changes().put("ada", Changes.card("Ada")).body();

        String mine = phone.patch(phone.checkCode(), body, KEY, "\"" + key + "\"")
                .is(200)
                .string("task");
        String theirs = stranger.patch(stranger.checkCode(), body, KEY, "\"" + key + "\"")
                .is(200)
                .string("task");

        assertThat(mine).isNotEqualTo(theirs);
        phone.task(theirs).is(ProblemType.NOT_FOUND);
    }

    /** 7.2. */
    @Test
    void theSecondRequestIsToldThatTheFirstIsNotFinished() {
        String upload = phone.opened("initial", 1, 1);
        phone.chunk(upload, 1, Changes.contacts(0, 1)).is(200);
        String body = new Changes().put("ada", Changes.card("Ada")).body();
        String id = phone.patch(book.checkCode(), body, KEY, "\"" + key + "\"")
                .is(202)
                .string("id");

        JsonObject problem =
                phone.patch(book.checkCode(), body, KEY, "\"" + key + "\"").is(ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS);

        assertThat(problem.getString("task")).isEqualTo("/v1/sync-tasks/" + id);
        phone.patch(book.checkCode(), new Changes().delete("ada").body(), KEY, "\"" + key + "\"")
                .is(ProblemType.IDEMPOTENCY_KEY_REUSED);
        phone.cancel(upload);
        JsonObject result = phone.finished(id).getJsonObject("result");
        assertThat(phone.patch(book.checkCode(), body, KEY, "\"" + key + "\"")
                        .is(200)
                        .json())
                .isEqualTo(result);
    }

    /** 7.2: however many come at once, one is applied. */
    @Test
    void ofManyEqualRequestsAtOnceOneIsApplied() {
        String body = new Changes().put("ada", Changes.card("Ada")).body();
        List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            answers.add(phone.patchAsync(book.checkCode(), body, KEY, "\"" + key + "\""));
        }

        String expected = book.put("ada", Changes.card("Ada")).checkCode();
        assertThat(answers).allSatisfy(future -> {
            HttpAnswer answer = future.join();
            if (answer.status() == 200) {
                assertThat(answer.tag()).isEqualTo(expected);
            } else {
                answer.is(ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS);
            }
        });
        assertThat(phone.book().number("seq")).isEqualTo(1);
        assertThat(phone.checkCode()).isEqualTo(expected);
    }

    /** 7.1. */
    @Test
    void anUploadIsOpenedOnce() {
        HttpAnswer first = phone.open("initial", book.checkCode(), 1, 1, KEY, "\"" + key + "\"")
                .is(201);

        HttpAnswer again = phone.open("initial", book.checkCode(), 1, 1, KEY, "\"" + key + "\"")
                .is(201);

        assertThat(again.string("id")).isEqualTo(first.string("id"));
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        phone.open("initial", book.checkCode(), 1, 2, KEY, "\"" + key + "\"").is(ProblemType.IDEMPOTENCY_KEY_REUSED);
        assertThat(phone.get("/v1/sync-tasks").is(200).array("tasks")).hasSize(1);
    }

    /** 7.3: the open is repeated by a client that was restarted, and tells it where to go on. */
    @Test
    void anOpenThatIsRepeatedTellsTheNextChunk() {
        String code = book.checkCode();
        String id = phone.open("initial", code, 2, 2, KEY, "\"" + key + "\"")
                .is(201)
                .string("id");
        phone.chunk(id, 1, Changes.contacts(0, 1)).is(200);

        assertThat(phone.open("initial", code, 2, 2, KEY, "\"" + key + "\"")
                        .is(201)
                        .number("nextChunk"))
                .isEqualTo(2);
    }

    /** 3.4. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\"x\"", "\"\"", "1-1-1-1-1", "\"00000000-0000-4000-8000-00000000000g\""})
    void aKeyIsAUuid(String wrong) {
        phone.patch(
                        book.checkCode(),
                        new Changes().put("ada", Changes.card("Ada")).body(),
                        KEY,
                        wrong)
                .is(ProblemType.MALFORMED_REQUEST);
        phone.open("initial", book.checkCode(), 1, 1, KEY, wrong).is(ProblemType.MALFORMED_REQUEST);
    }
}
