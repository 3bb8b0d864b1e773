package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Contacts at fault do not stop the others, in a server with its own memory limits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LenientIT {
    private static final String LENIENT = "handling=lenient";
    private static final String BAD = "{\"name\":{\"full\":\"a\\u0001\"}}";

    private LibertyServer server;
    private Device user;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = LibertyServer.in(directory).withDatabase("lenient").start();
    }

    @AfterAll
    void stop() {
        server.stop();
    }

    @BeforeEach
    void makeUser() {
        user = Device.ofNewUser(server);
    }

    /** Protocol 3.7.1 and 7.2. */
    @Test
    void theRestOfAPatchIsAppliedAndARepeatedOneGetsTheSameAnswer() {
        String body = new Changes()
                .put("a", Changes.card("A"))
                .put("b", BAD)
                .put("c", Changes.card("C"))
                .body();
        String first = user.checkCode();
        String key = key();
        user.patch(first, body).is(ProblemType.INVALID_CONTACTS);

        HttpAnswer answer = user.patch(first, body, "Prefer", LENIENT + ", wait=20", "Idempotency-Key", key)
                .is(200);

        assertThat(answer.header("Preference-Applied").orElseThrow()).contains(LENIENT, "wait=20");
        assertThat(leftOut(answer)).containsExactly("1 b /card/name/full control-character");
        BookModel model =
                new BookModel(user.checkKey()).put("a", Changes.card("A")).put("c", Changes.card("C"));
        assertThat(answer.tag()).isEqualTo(model.checkCode()).isEqualTo(answer.string("checkCode"));
        assertThat(user.read().contacts()).isEqualTo(model.contacts());

        user.apply(new Changes().put("d", Changes.card("D")));
        HttpAnswer again = user.patch(first, body, "Prefer", LENIENT, "Idempotency-Key", key)
                .is(200);
        assertThat(again.text()).isEqualTo(answer.text());
        user.patch(first, body, "Idempotency-Key", key).is(ProblemType.INVALID_CONTACTS);
        assertThat(user.book().number("seq")).isEqualTo(2);
    }

    /** Protocol 3.7.1: neither the code of all of it nor nothing of it can be applied. */
    @Test
    void aPatchIsStrictIfItSaysItsSecondCodeOrNothingIsLeft() {
        String first = user.checkCode();
        String code = new BookModel(user.checkKey()).put("a", Changes.card("A")).checkCode();
        for (String body : List.of(
                new Changes()
                        .put("a", Changes.card("A"))
                        .put("b", BAD)
                        .checkAfter(code)
                        .body(),
                new Changes()
                        .put("a", BAD)
                        .put("b", "{}")
                        .put("b", "{}")
                        .put("c", "1")
                        .body()
                        .replace("{}", "[]"))) {
            HttpAnswer answer = user.patch(first, body, "Prefer", LENIENT);
            answer.is(ProblemType.INVALID_CONTACTS);
            assertThat(answer.header("Preference-Applied")).isEmpty();
        }
        assertThat(user.book().number("seq")).isZero();
        HttpAnswer whole = user.patch(
                        first, new Changes().put("a", Changes.card("A")).body(), "Prefer", LENIENT)
                .is(200);
        assertThat(whole.json()).doesNotContainKey("leftOut");
        assertThat(whole.header("Preference-Applied")).hasValue(LENIENT);
    }

    /** Protocol 3.7.1 and 5.6: positions are those of the request. */
    @Test
    void aConflictBesideContactsAtFaultNamesTheRightChange() {
        user.apply(new Changes().put("a", Changes.card("A")));
        String body = new Changes()
                .put("x", BAD)
                .put("y", Changes.card("Y")) // has no precondition
                .putOver(null, "a", Changes.card("mine"))
                .rebase()
                .body();

        JsonObject conflict =
                user.patch(user.checkCode(), body, "Prefer", LENIENT).is(ProblemType.CONTACT_CONFLICT);

        JsonObject item = conflict.getJsonArray("items").getJsonObject(0);
        assertThat(item.getString("uid")).isEqualTo("a");
        assertThat(item.getInt("index")).isEqualTo(2);
        assertThat(user.read().uids()).containsExactly("a");
    }

    @Test
    void aThousandContactsAtFaultAreNamedAndTheLastOneIsApplied() {
        Changes changes = new Changes();
        for (int n = 0; n < 999; n++) {
            changes.put(Changes.uid(n), BAD);
        }
        String all = new Changes().put("only", BAD).body();
        user.patch(user.checkCode(), all, "Prefer", LENIENT).is(ProblemType.INVALID_CONTACTS);
        HttpAnswer answer = user.patch(
                        user.checkCode(), changes.put("good", Changes.card("G")).body(), "Prefer", LENIENT)
                .is(200);

        assertThat(answer.json().getJsonObject("leftOut").getInt("contacts")).isEqualTo(999);
        assertThat(leftOut(answer)).hasSize(999).doesNotHaveDuplicates();
        assertThat(user.read().uids()).containsExactly("good");
    }

    /** Protocol 3.7.1: the task has to wait, and its result has the rest. */
    @Test
    void aPatchThatHasToWaitSaysAtOnceWhatIsLeftOut() {
        String upload = user.another("tablet").opened("changes", 2, 2);
        user.chunk(upload, 1, new Changes().put("u", Changes.card("U")).body()).is(200);
        String body =
                "{\"onMismatch\":\"rebase\",\"changes\":[{\"op\":\"put\",\"uid\":\"b\",\"ifAbsent\":true,\"card\":"
                        + BAD + "},{\"op\":\"put\",\"uid\":\"c\",\"ifAbsent\":true,\"card\":" + Changes.card("C")
                        + "}]}";

        HttpAnswer accepted = user.patch(user.checkCode(), body, "Prefer", LENIENT + ", respond-async")
                .is(202);

        assertThat(accepted.header("Preference-Applied").orElseThrow()).contains(LENIENT, "respond-async");
        assertThat(leftOut(accepted)).containsExactly("0 b /card/name/full control-character");
        user.cancel(upload).is(204);
        JsonObject task = user.finished(accepted.string("id"));
        assertThat(task.getJsonObject("result").getJsonObject("applied").getInt("put"))
                .isEqualTo(1);
        assertThat(user.read().uids()).containsExactly("c");
    }

    /** Protocol 8.11, 8.12: a client that leaves them out as well has the code of each acknowledgement and of the commit. */
    @Test
    void chunksAreAcknowledgedWithoutWhatIsAtFaultAlsoAfterARestart() {
        BookModel model = new BookModel(user.checkKey());
        String before = user.checkCode();
        String planned = model.copy().put("a", Changes.card("A")).checkCode();
        String id = user.openWith(
                        "{\"kind\":\"initial\",\"checkBefore\":\"%s\",\"chunks\":3,\"contacts\":6,\"checkAfter\":\"%s\"}"
                                .formatted(before, planned))
                .is(201)
                .string("id");
        byte[] first = contacts(contact("a", Changes.card("A")), contact("b", BAD));
        user.chunk(id, 1, first).is(ProblemType.INVALID_CONTACTS);

        HttpAnswer one = lenient(id, 1, first);
        assertThat(leftOut(one)).containsExactly("1 b /card/name/full control-character");
        assertThat(one.number("received")).isEqualTo(2);
        assertThat(one.string("checkCode"))
                .isEqualTo(model.put("a", Changes.card("A")).checkCode());
        assertThat(one.header("Preference-Applied")).hasValue(LENIENT);
        byte[] bad = contacts(contact("c", BAD), contact("d", BAD));
        HttpAnswer two = lenient(id, 2, bad);
        assertThat(two.number("received")).isEqualTo(4);
        assertThat(two.string("checkCode")).isEqualTo(model.checkCode());

        server.kill();
        server.start();

        assertThat(lenient(id, 1, first).text()).isEqualTo(one.text());
        assertThat(lenient(id, 2, bad).text()).isEqualTo(two.text());
        JsonObject twice = user.chunk(
                        id, 3, contacts(contact("e", BAD), contact("a", Changes.card("again"))), "Prefer", LENIENT)
                .is(ProblemType.INVALID_CONTACTS);
        assertThat(twice.getJsonArray("items").getJsonObject(0).getInt("index")).isEqualTo(1);
        HttpAnswer three = lenient(id, 3, contacts(contact("e", Changes.card("E")), "7"));
        assertThat(three.string("checkCode"))
                .isEqualTo(model.put("e", Changes.card("E")).checkCode());
        user.commit(id).is(ProblemType.RESULT_CODE_MISMATCH);
        HttpAnswer done = user.commit(id, "{\"checkAfter\":\"" + model.checkCode() + "\"}")
                .is(200);
        assertThat(done.string("checkCode")).isEqualTo(model.checkCode());
        assertThat(user.read().contacts()).isEqualTo(model.contacts());
    }

    /** Protocol 8.11. */
    @Test
    void whatAReplaceLeftOutIsInTheTrashAndChangesLeaveItAsItIs() {
        user.apply(new Changes().put("a", Changes.card("A")).put("b", Changes.card("B")));
        String changes = user.opened("changes", 1, 2);
        HttpAnswer part = user.chunk(
                        changes,
                        1,
                        bytes(new Changes()
                                .put("a", BAD)
                                .put("c", Changes.card("C"))
                                .body()),
                        "Prefer",
                        LENIENT)
                .is(200);
        assertThat(leftOut(part)).hasSize(1);
        user.commit(changes).is(200);
        assertThat(user.read().contacts())
                .isEqualTo(new BookModel(user.checkKey())
                        .put("a", Changes.card("A"))
                        .put("b", Changes.card("B"))
                        .put("c", Changes.card("C"))
                        .contacts());

        String replace = user.opened("replace", 1, 3);
        lenient(
                replace,
                1,
                contacts(contact("a", BAD), contact("b", Changes.card("B")), contact("c", Changes.card("C"))));
        HttpAnswer done = user.commit(replace).is(200);

        assertThat(done.json().getJsonObject("applied").getInt("deleted")).isEqualTo(1);
        assertThat(user.read().uids()).containsExactly("b", "c");
        assertThat(user.get("/v1/book/trash").is(200).array("contacts").getValuesAs(JsonObject.class))
                .extracting(each -> each.getString("uid"))
                .containsExactly("a");
    }

    /** Requests of the largest size that only have contacts at fault, with the longest names and pointers. */
    @Test
    void manyLongReportsDoNotFillTheMemory() {
        String deep = "k".repeat(95);
        String bad = "{\"%1$s\":{\"%1$s\":{\"%1$s\":{\"%1$s\":{\"%1$s\":{\"%1$s\":null}}}}}}".formatted(deep);
        Changes changes = new Changes();
        for (int n = 0; n < 999; n++) {
            changes.put("u".repeat(245) + Changes.uid(n).substring(8), bad);
        }
        byte[] body = bytes(changes.put("good", Changes.card("G")).body());
        List<Device> users =
                IntStream.range(0, 6).mapToObj(n -> Device.ofNewUser(server)).toList();

        List<CompletableFuture<HttpAnswer>> answers = users.stream()
                .map(each -> CompletableFuture.supplyAsync(() -> {
                    List<HttpAnswer> all = new ArrayList<>();
                    for (int n = 0; n < 10; n++) {
                        all.add(each.patch(each.checkCode(), body, "Prefer", LENIENT));
                    }
                    return all.get(all.size() - 1);
                }))
                .toList();

        for (CompletableFuture<HttpAnswer> each : answers) {
            HttpAnswer answer = each.join();
            assertThat(answer.status()).isIn(200, 429, 503);
            assertThat(answer.body().length).isLessThan(2_000_000);
        }
        user.apply(new Changes().put("a", Changes.card("A")));
    }

    private HttpAnswer lenient(String upload, int number, byte[] body) {
        return user.chunk(upload, number, body, "Prefer", LENIENT).is(200);
    }

    private static List<String> leftOut(HttpAnswer answer) {
        JsonObject leftOut = answer.json().getJsonObject("leftOut");
        List<JsonObject> items = leftOut.getJsonArray("items").getValuesAs(JsonObject.class);
        assertThat(leftOut.getInt("contacts")).isEqualTo(items.size());
        return items.stream()
                .map(item -> item.getInt("index") + " " + item.getString("uid", "none") + " "
                        + item.getString("pointer") + " " + item.getString("code"))
                .toList();
    }

    private static String contact(String uid, String card) {
        return "{\"uid\":" + Changes.quoted(uid) + ",\"card\":" + card + "}";
    }

    private static byte[] contacts(String... contacts) {
        return bytes(List.of(contacts).stream().collect(Collectors.joining(",", "{\"contacts\":[", "]}")));
    }

    private static String key() {
        return "\"" + UUID.randomUUID() + "\"";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
