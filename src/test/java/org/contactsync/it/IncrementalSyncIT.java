package org.contactsync.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.UUID;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 4.2, 4.3 and 9: one book, one request, one second check code. */
@ExtendWith(SharedServer.class)
class IncrementalSyncIT {
    private static final String ADA = "urn:uuid:00000000-0000-4000-8000-000000000001";
    private static final String ZOE = "urn:uuid:00000000-0000-4000-8000-000000000003";
    private static final String UNKNOWN_CODE = "ck1." + "A".repeat(43);

    private final Device phone;
    private final Device tablet;
    private final BookModel book;

    IncrementalSyncIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
        tablet = phone.another("tablet");
        book = BookModel.of(phone);
    }

    /** 4.2.1. */
    @Test
    void aNewUserHasAnEmptyBook() {
        HttpAnswer answer = phone.get("/v1/book").is(200);

        JsonObject json = answer.json();
        assertThat(json.keySet()).containsExactlyInAnyOrder("count", "seq", "checkCode", "checkKey", "queue");
        assertThat(json.getInt("count")).isZero();
        assertThat(json.getInt("seq")).isZero();
        assertThat(json.getString("checkCode")).isEqualTo(book.checkCode());
        assertThat(json.getJsonObject("queue").toString()).isEqualTo("{\"running\":0,\"waiting\":0}");
        assertThat(answer.tag()).isEqualTo(book.checkCode());
    }

    /** 4.2.2. */
    @Test
    void aClientThatHasTheBookGetsNoBody() {
        String code = phone.apply(new Changes().put(ADA, Changes.card("Ada"))).tag();

        for (String known : List.of("\"" + code + "\"", "W/\"" + code + "\"", "\"x\", \"" + code + "\"", "*")) {
            HttpAnswer got = phone.get("/v1/book", "If-None-Match", known);
            assertThat(got.status()).as(known).isEqualTo(304);
            assertThat(got.body()).isEmpty();
            assertThat(got.tag()).isEqualTo(code);
            assertThat(phone.head("/v1/book", "If-None-Match", known).status()).isEqualTo(304);
        }
        HttpAnswer head = phone.head("/v1/book", "If-None-Match", "\"" + book.checkCode() + "\"");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.tag()).isEqualTo(code);
        assertThat(head.body()).isEmpty();
    }

    /** 4.3.2 and 4.3.3. */
    @Test
    void appliesChangesAndAnswersWithTheSecondCheckCode() {
        book.put(ADA, Changes.card("Ada Lovelace")).put(ZOE, Changes.card("Zoë \"Q\" \\ 刘 😀\tx\ny"));
        Changes changes = new Changes()
                .putOver(null, ADA, Changes.card("Ada Lovelace"))
                .put(ZOE, Changes.card("Zoë \"Q\" \\ 刘 😀\tx\ny"))
                .checkAfter(book.checkCode());

        HttpAnswer answer = phone.patch(phone.checkCode(), changes.body()).is(200);

        JsonObject json = answer.json();
        assertThat(json.keySet())
                .containsExactlyInAnyOrder("task", "state", "checkCode", "seq", "count", "applied", "rebased");
        assertThat(json.getString("state")).isEqualTo("done");
        assertThat(json.getString("checkCode")).isEqualTo(book.checkCode());
        assertThat(answer.tag()).isEqualTo(book.checkCode());
        assertThat(json.getInt("seq")).isEqualTo(1);
        assertThat(json.getInt("count")).isEqualTo(2);
        assertThat(json.getJsonObject("applied").toString()).isEqualTo("{\"put\":2,\"deleted\":0}");
        assertThat(json.getBoolean("rebased")).isFalse();
        assertThat(phone.read().contacts()).isEqualTo(book.contacts());

        JsonObject task = phone.task(json.getString("task")).is(200).json();
        assertThat(task.getString("kind")).isEqualTo("incremental");
        assertThat(task.getString("device")).isEqualTo("phone");
        assertThat(task.getJsonObject("result")).isEqualTo(json);
    }

    @Test
    void replacesAndDeletes() {
        phone.apply(new Changes().put(ADA, Changes.card("Ada")).put(ZOE, Changes.card("Zoë")));
        book.put(ADA, Changes.card("Ada King"));

        HttpAnswer answer =
                phone.apply(new Changes().put(ADA, Changes.card("Ada King")).delete(ZOE));

        assertThat(answer.tag()).isEqualTo(book.checkCode()).isEqualTo(phone.checkCode());
        assertThat(answer.json().getJsonObject("applied").toString()).isEqualTo("{\"put\":1,\"deleted\":1}");
        assertThat(answer.number("seq")).isEqualTo(2);
        phone.contact(ZOE).is(ProblemType.NOT_FOUND);
    }

    /** 4.3.4. */
    @Test
    void whatIsAlreadySoChangesNothing() {
        String code = phone.apply(new Changes().put(ADA, Changes.card("Ada"))).tag();

        HttpAnswer answer =
                phone.apply(new Changes().put(ADA, Changes.card("Ada")).delete(ZOE));

        assertThat(answer.tag()).isEqualTo(code);
        assertThat(answer.json().getJsonObject("applied").toString()).isEqualTo("{\"put\":0,\"deleted\":0}");
        assertThat(answer.number("seq")).isEqualTo(1);
    }

    /** 3.8. */
    @Test
    void readsAGzippedBody() {
        byte[] body = Device.gzip(Changes.puts(0, 200).body().getBytes(UTF_8));

        HttpAnswer answer =
                phone.patch(phone.checkCode(), body, "Content-Encoding", "gzip").is(200);

        assertThat(answer.number("count")).isEqualTo(200);
    }

    /** 4.3.2. */
    @Test
    void refusesAChangeWithoutTheFirstCheckCode() {
        HttpAnswer answer = phone.send(
                "PATCH",
                "/v1/book/contacts",
                java.net.http.HttpRequest.BodyPublishers.ofString(
                        new Changes().put(ADA, Changes.card("Ada")).body()),
                "Content-Type",
                "application/json");

        answer.is(ProblemType.CHECK_CODE_REQUIRED);
        assertThat(phone.checkCode()).isEqualTo(book.checkCode());
    }

    /** 3.5. */
    @ParameterizedTest
    @ValueSource(strings = {"*", "W/\"%s\"", "\"%s\", \"%s\"", "%s", "\"\"", "\"ck1.short\"", "\"%s", "'%s'"})
    void refusesAnythingButOneStrongCheckCode(String form) {
        String value = form.replace("%s", book.checkCode());

        phone.patch("", new Changes().put(ADA, Changes.card("Ada")).body(), "If-Match", value)
                .is(ProblemType.MALFORMED_REQUEST);

        assertThat(phone.checkCode()).isEqualTo(book.checkCode());
    }

    /** 4.3.5, 5.4, 9.1. */
    @Test
    void refusesATaskMadeFromAnotherBookAndSaysWhatWasMissed() {
        String first = phone.apply(new Changes().put(ADA, Changes.card("Ada")).put(ZOE, Changes.card("Zoë")))
                .tag();
        tablet.apply(new Changes().put("new", Changes.card("New")).delete(ZOE));

        JsonObject problem = phone.patch(
                        first, new Changes().put(ADA, Changes.card("Ada King")).body())
                .is(ProblemType.CHECK_CODE_MISMATCH);

        book.put(ADA, Changes.card("Ada")).put("new", Changes.card("New"));
        assertThat(problem.getString("serverCheckCode")).isEqualTo(book.checkCode());
        assertThat(problem.getInt("serverCount")).isEqualTo(2);
        assertThat(problem.getInt("serverSeq")).isEqualTo(2);
        assertThat(problem.getString("digests")).isEqualTo("/v1/book/digests");
        JsonObject missed = problem.getJsonObject("missed");
        assertThat(missed.getBoolean("complete")).isTrue();
        assertThat(missed.getJsonArray("changes").getValuesAs(JsonObject.class))
                .satisfiesExactlyInAnyOrder(
                        put -> {
                            assertThat(put.getString("op")).isEqualTo("put");
                            assertThat(put.getString("uid")).isEqualTo("new");
                            assertThat(put.getInt("seq")).isEqualTo(2);
                            assertThat(put.getJsonObject("card").toString()).isEqualTo(Changes.card("New"));
                            assertThat(put.getString("contentHash")).isEqualTo(book.contentHash("new"));
                            assertThat(put.getString("device")).isEqualTo("tablet");
                        },
                        delete -> {
                            assertThat(delete.getString("op")).isEqualTo("delete");
                            assertThat(delete.getString("uid")).isEqualTo(ZOE);
                            assertThat(delete.getInt("seq")).isEqualTo(2);
                            assertThat(delete.keySet()).doesNotContain("card", "contentHash");
                        });
        assertThat(phone.checkCode()).isEqualTo(book.checkCode());
    }

    /** 5.4: more than 100 changes do not stand in a problem. */
    @Test
    void namesTheFeedWhenMuchWasMissed() {
        String first = phone.apply(new Changes().put(ADA, Changes.card("Ada"))).tag();
        tablet.apply(Changes.puts(0, 60));
        tablet.apply(Changes.puts(60, 160));

        JsonObject missed = phone.patch(first, new Changes().delete(ADA).body())
                .is(ProblemType.CHECK_CODE_MISMATCH)
                .getJsonObject("missed");

        assertThat(missed.getBoolean("complete")).isFalse();
        book.put(ADA, Changes.card("Ada"));
        apply(missed, book);
        for (String path = missed.getString("next"); !path.isEmpty(); ) {
            JsonObject page = phone.get(path).is(200).json();
            apply(page, book);
            path = page.getBoolean("hasMore") ? page.getString("next") : "";
        }
        assertThat(book.checkCode()).isEqualTo(phone.checkCode());
    }

    /** 5.4. */
    @Test
    void namesTheTreeWhenItDoesNotKnowTheCode() {
        JsonObject problem = phone.patch(
                        UNKNOWN_CODE,
                        new Changes().put(ADA, Changes.card("Ada")).body())
                .is(ProblemType.CHECK_CODE_MISMATCH);

        JsonObject missed = problem.getJsonObject("missed");
        assertThat(missed.keySet()).doesNotContain("changes");
        assertThat(missed.getBoolean("complete")).isFalse();
        assertThat(missed.getString("digests")).isEqualTo("/v1/book/digests");
        assertThat(phone.checkCode()).isEqualTo(book.checkCode());
    }

    /** 4.3.6. */
    @Test
    void refusesAResultThatIsNotThePredictedOne() {
        Changes changes = new Changes().put(ADA, Changes.card("Ada")).checkAfter(UNKNOWN_CODE);

        JsonObject problem = phone.patch(phone.checkCode(), changes.body()).is(ProblemType.RESULT_CODE_MISMATCH);

        assertThat(problem.getString("serverCheckCode"))
                .isEqualTo(book.copy().put(ADA, Changes.card("Ada")).checkCode());
        assertThat(problem.getInt("count")).isEqualTo(1);
        assertThat(phone.checkCode()).isEqualTo(book.checkCode());
    }

    /** 4.3.1 and 5.6. */
    @Test
    void refusesAllContactsThatAreNotAsExpectedAtOnce() {
        String code = phone.apply(new Changes().put(ADA, Changes.card("Ada"))).tag();
        String wrong = book.hashOf(Changes.card("Somebody else"));
        Changes changes = new Changes()
                .put("fine", Changes.card("Fine"))
                .putOver(null, ADA, Changes.card("Ada King"))
                .deleteOver(wrong, ZOE);

        JsonObject problem = phone.patch(code, changes.body()).is(ProblemType.CONTACT_CONFLICT);

        assertThat(problem.getString("serverCheckCode")).isEqualTo(code);
        List<JsonObject> items = problem.getJsonArray("items").getValuesAs(JsonObject.class);
        assertThat(items).hasSize(2);
        assertThat(items.get(0).getString("uid")).isEqualTo(ADA);
        assertThat(items.get(0).getInt("index")).isEqualTo(1);
        assertThat(items.get(0).getString("contentHash")).isEqualTo(book.hashOf(Changes.card("Ada")));
        assertThat(items.get(1).getString("uid")).isEqualTo(ZOE);
        assertThat(items.get(1).getInt("index")).isEqualTo(2);
        assertThat(items.get(1).get("contentHash")).isEqualTo(JsonValue.NULL);
        assertThat(phone.checkCode()).isEqualTo(code);
    }

    /** 9.2 and 9.4. */
    @Test
    void rebasesAChangeOfWhatNobodyElseChanged() {
        String first = phone.apply(new Changes().put(ZOE, Changes.card("Zoë"))).tag();
        tablet.apply(new Changes().put("grace", Changes.card("Grace")));
        book.put(ZOE, Changes.card("Zoë"));
        Changes changes = new Changes()
                .putOver(book.contentHash(ZOE), ZOE, Changes.card("Zoë Washburne"))
                .rebase();

        // 4.3.6: nobody can predict that result, so the prediction is not compared
        JsonObject answer = phone.patch(first, changes.checkAfter(UNKNOWN_CODE).body())
                .is(200)
                .json();

        assertThat(answer.getBoolean("rebased")).isTrue();
        book.put("grace", Changes.card("Grace")).put(ZOE, Changes.card("Zoë Washburne"));
        assertThat(answer.getString("checkCode")).isEqualTo(book.checkCode());
        JsonObject missed = answer.getJsonObject("missed");
        assertThat(missed.getBoolean("complete")).isTrue();
        assertThat(missed.getJsonArray("changes").getValuesAs(JsonObject.class))
                .singleElement()
                .satisfies(change -> assertThat(change.getString("uid")).isEqualTo("grace"));
    }

    /** 9.2. */
    @Test
    void doesNotRebaseOverAContactThatSomebodyElseChanged() {
        String first = phone.apply(new Changes().put(ZOE, Changes.card("Zoë"))).tag();
        String second =
                tablet.apply(new Changes().put(ZOE, Changes.card("Zoë B."))).tag();
        Changes changes = new Changes()
                .putOver(book.hashOf(Changes.card("Zoë")), ZOE, Changes.card("Zoë Washburne"))
                .rebase();

        JsonObject problem = phone.patch(first, changes.body()).is(ProblemType.CONTACT_CONFLICT);

        assertThat(problem.getJsonArray("items").getJsonObject(0).getString("contentHash"))
                .isEqualTo(book.hashOf(Changes.card("Zoë B.")));
        assertThat(phone.checkCode()).isEqualTo(second);
    }

    /** 9.2: with the book's own code it is as without rebase. */
    @Test
    void doesNotCallItRebasedWhenNobodyCameBetween() {
        Changes changes = new Changes().putOver(null, ADA, Changes.card("Ada")).rebase();

        JsonObject answer =
                phone.patch(phone.checkCode(), changes.body()).is(200).json();

        assertThat(answer.getBoolean("rebased")).isFalse();
        assertThat(answer.keySet()).doesNotContain("missed");
    }

    /** 4.3.8. */
    @Test
    void asksBeforeMostOfABookIsDeleted() {
        String code = phone.apply(Changes.puts(0, 20)).tag();
        Changes half = new Changes();
        Changes most = new Changes();
        for (int i = 0; i < 10; i++) {
            half.delete(Changes.uid(i));
            most.delete(Changes.uid(i));
        }
        most.delete(Changes.uid(10));

        JsonObject problem = phone.patch(code, most.body()).is(ProblemType.MASS_DELETE_SUSPECTED);

        assertThat(problem.getInt("deletes")).isEqualTo(11);
        assertThat(problem.getInt("count")).isEqualTo(20);
        assertThat(phone.checkCode()).isEqualTo(code);
        assertThat(phone.patch(code, most.confirmDeletes().body()).is(200).number("count"))
                .isEqualTo(9);
        phone.apply(Changes.puts(0, 20));
        assertThat(phone.apply(half).number("count")).isEqualTo(10);
    }

    /** 3.3. */
    @Test
    void worksWithoutADeviceId() {
        Device nameless = phone.another("");

        String task =
                nameless.apply(new Changes().put(ADA, Changes.card("Ada"))).string("task");

        assertThat(nameless.task(task).json().keySet()).doesNotContain("device");
    }

    /** 1.3: users do not wait for each other, and not see each other. */
    @Test
    void booksOfTwoUsersAreApart() {
        Device stranger = Device.ofNewUser(phone.server());
        phone.apply(new Changes().put(ADA, Changes.card("Ada")));

        stranger.contact(ADA).is(ProblemType.NOT_FOUND);
        assertThat(stranger.book().number("count")).isZero();
        assertThat(stranger.book().string("checkKey")).isNotEqualTo(phone.book().string("checkKey"));
        stranger.task(UUID.randomUUID().toString()).is(ProblemType.NOT_FOUND);
    }

    static void apply(JsonObject changes, BookModel book) {
        for (JsonObject change : changes.getJsonArray("changes").getValuesAs(JsonObject.class)) {
            if (change.getString("op").equals("put")) {
                book.put(change.getString("uid"), change.getJsonObject("card").toString());
            } else {
                book.delete(change.getString("uid"));
            }
        }
    }
}
