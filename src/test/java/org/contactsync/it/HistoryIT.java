package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Protocol 4.16 to 4.19: what was is known, and comes back. */
@ExtendWith(SharedServer.class)
class HistoryIT {
    private static final String ADA = "urn:uuid:00000000-0000-4000-8000-000000000001";
    private static final String ZOE = "a/b?c/versions";

    /** An instance fills four restores at once. */
    private static final int MORE_THAN_PLACES = 5;

    private static final int TWO_CHUNKS = 1_001;
    private static final int SLICE = 400;

    private final Device phone;
    private final Device tablet;

    HistoryIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
        tablet = phone.another("tablet");
    }

    /** 4.16.1 and 4.16.2. */
    @Test
    void eachTaskIsInTheHistory() {
        assertThat(phone.get("/v1/book/history").is(200).array("changes")).isEmpty();
        String empty = phone.checkCode();
        Instant start = Instant.now().minusSeconds(5);
        HttpAnswer first =
                phone.apply(new Changes().put(ADA, Changes.card("Ada")).put(ZOE, Changes.card("Zoe")));
        HttpAnswer second =
                tablet.apply(new Changes().put(ADA, Changes.card("Ada King")).delete(ZOE));

        HttpAnswer history = phone.get("/v1/book/history").is(200);
        assertThat(history.string("checkCode")).isEqualTo(second.tag());
        assertThat(history.number("seq")).isEqualTo(2);
        List<JsonObject> changes = history.array("changes").getValuesAs(JsonObject.class);
        assertThat(changes).extracting(change -> change.getInt("seq")).containsExactly(2, 1);
        JsonObject latest = changes.get(0);
        assertThat(latest.getString("checkCodeBefore")).isEqualTo(first.tag());
        assertThat(latest.getString("checkCode")).isEqualTo(second.tag());
        assertThat(latest.getString("device")).isEqualTo("tablet");
        assertThat(latest.getString("kind")).isEqualTo("incremental");
        assertThat(latest.getString("task")).isEqualTo(second.string("task"));
        assertThat(latest.getInt("count")).isEqualTo(1);
        assertThat(latest.getJsonObject("applied").toString()).isEqualTo("{\"put\":1,\"deleted\":1}");
        assertThat(Instant.parse(latest.getString("at"))).isAfter(start);
        assertThat(changes.get(1).getString("checkCodeBefore")).isEqualTo(empty);

        HttpAnswer page = phone.get("/v1/book/history?limit=1").is(200);
        assertThat(page.array("changes")).hasSize(1);
        HttpAnswer next = phone.get(page.string("next")).is(200);
        assertThat(next.array("changes").getValuesAs(JsonObject.class)).containsExactly(changes.get(1));
        assertThat(next.json()).doesNotContainKey("next");
        phone.get("/v1/book/history?before=x").is(ProblemType.MALFORMED_REQUEST);
    }

    /** 3.8.1: with the same code there is another history. */
    @Test
    void theListsOfTheHistoryHaveNoTag() {
        HttpAnswer was = phone.apply(new Changes().put(ADA, Changes.card("Ada")));
        tablet.apply(new Changes().put(ADA, Changes.card("Ada King")));
        String known = "\"" + was.tag() + "\"";
        HttpAnswer back = phone.apply(new Changes().put(ADA, Changes.card("Ada")));
        assertThat(back.tag()).isEqualTo(was.tag());

        for (String path : List.of("/v1/book/history", versions(ADA), "/v1/book/trash")) {
            HttpAnswer list = phone.get(path, "If-None-Match", known).is(200);
            assertThat(list.header("ETag")).as(path).isEmpty();
            assertThat(list.string("checkCode")).isEqualTo(back.tag());
        }
        assertThat(phone.get("/v1/book/contacts", "If-None-Match", known).status())
                .isEqualTo(304);
    }

    /** 4.17.1; a uid with slashes stays one uid. */
    @Test
    void aContactHasVersions() {
        phone.apply(new Changes().put(ZOE, Changes.card("one")));
        tablet.apply(new Changes().put(ZOE, Changes.card("two")));
        phone.apply(new Changes().delete(ZOE));

        HttpAnswer all = phone.get(versions(ZOE)).is(200);
        List<JsonObject> versions = all.array("versions").getValuesAs(JsonObject.class);
        assertThat(versions).extracting(HistoryIT::name).containsExactly("two", "one");
        assertThat(versions.get(0).getString("uid")).isEqualTo(ZOE);
        assertThat(versions.get(0).getString("device")).isEqualTo("tablet");
        assertThat(versions.get(0).getString("endedBy")).isEqualTo("phone");
        assertThat(versions.get(0).getInt("from")).isEqualTo(2);
        assertThat(versions.get(0).getInt("until")).isEqualTo(3);
        HttpAnswer page = phone.get(versions(ZOE) + "?limit=1").is(200);
        assertThat(phone.get(page.string("next")).is(200).array("versions").getValuesAs(JsonObject.class))
                .containsExactly(versions.get(1));
        assertThat(phone.get(versions(ADA)).is(200).array("versions")).isEmpty();
        assertThat(Device.ofNewUser(phone.server()).get(versions(ZOE)).is(200).array("versions"))
                .isEmpty();
    }

    /** 4.18.1. */
    @Test
    void deletedContactsAreInTheTrash() {
        phone.apply(Changes.puts(0, 30));
        tablet.apply(deletes(0, 12));
        phone.apply(deletes(12, 14));
        String upload = phone.opened("replace", 1, 1);
        phone.chunk(upload, 1, "{\"contacts\":[{\"uid\":\"x\",\"card\":" + Changes.card("x") + "}]}")
                .is(200);
        phone.commit(upload, "{\"confirmDeletes\":true}").is(200);

        List<JsonObject> trash = trash("/v1/book/trash?limit=7");
        assertThat(trash).hasSize(30).isEqualTo(trash("/v1/book/trash"));
        assertThat(trash).extracting(each -> each.getInt("until")).startsWith(4).endsWith(2);
        assertThat(trash.get(29).getString("endedBy")).isEqualTo("tablet");
        assertThat(trash("/v1/book/trash").stream()
                        .map(each -> each.getString("uid"))
                        .distinct())
                .hasSize(30);
    }

    /** 4.18.2 to 4.18.4, and 7.2. */
    @Test
    void aDeletedContactComesBackOnce() {
        phone.apply(new Changes().put(ADA, Changes.card("Ada")).put(ZOE, Changes.card("Zoe")));
        String both = phone.checkCode();
        tablet.apply(new Changes().delete(ZOE));
        String key = "\"" + UUID.randomUUID() + "\"";

        HttpAnswer restored =
                phone.post(restore(ZOE), "", "Idempotency-Key", key).is(200);
        assertThat(restored.string("checkCode")).isEqualTo(both);
        assertThat(restored.tag()).isEqualTo(both);
        assertThat(restored.json().getJsonObject("applied").getInt("put")).isEqualTo(1);
        assertThat(phone.read().contacts()).hasSize(2);
        assertThat(trash("/v1/book/trash")).isEmpty();

        tablet.apply(new Changes().delete(ZOE));
        HttpAnswer again = phone.post(restore(ZOE), "", "Idempotency-Key", key).is(200);
        assertThat(again.text()).isEqualTo(restored.text());
        assertThat(phone.read().contacts()).hasSize(1);
        phone.post(restore(ADA), "", "Idempotency-Key", key).is(ProblemType.IDEMPOTENCY_KEY_REUSED);

        phone.post(restore("nobody"), "").is(ProblemType.NOT_FOUND);
        phone.post(restore(ADA), "").is(ProblemType.CONTACT_CONFLICT);
        phone.post(restore(ZOE), "{}").is(ProblemType.MALFORMED_REQUEST);
        phone.post(restore(ZOE), "", "If-Match", "\"" + both + "\"").is(ProblemType.CHECK_CODE_MISMATCH);
        phone.post(restore(ZOE), "", "If-Match", "\"" + phone.checkCode() + "\"")
                .is(200);
        phone.post(restore(ZOE), "").is(ProblemType.CONTACT_CONFLICT);
    }

    /** 4.18.2: the contact is still in the book when the request arrives, and has an older version. */
    @Test
    void aContactWhoseDeleteWaitsComesBackAsItIs() {
        phone.apply(new Changes().put(ADA, Changes.card("Ada")));
        phone.apply(new Changes().put(ADA, Changes.card("Ada King")));
        String code = phone.checkCode();
        Device laptop = phone.another("laptop");
        String upload = tablet.opened("changes", 2, 2);
        tablet.chunk(upload, 1, new Changes().put("held", Changes.card("held")).body())
                .is(200);

        String delete = laptop.patch(code, new Changes().delete(ADA).body(), "Prefer", "respond-async")
                .is(202)
                .string("id");
        String restored =
                phone.post(restore(ADA), "", "Prefer", "respond-async").is(202).string("id");
        tablet.cancel(upload).is(204);

        assertThat(phone.finished(delete).getString("state")).isEqualTo("done");
        assertThat(phone.finished(restored).getString("state")).isEqualTo("done");
        assertThat(phone.checkCode()).isEqualTo(code);
        assertThat(phone.get("/v1/book").is(200).number("seq")).isEqualTo(4);
    }

    /** 4.19.1 to 4.19.3, 4.19.5, and 7.2. */
    @Test
    void aBookBecomesAgainWhatItWas() {
        phone.apply(Changes.puts(0, 30));
        tablet.apply(new Changes().put(Changes.uid(3), Changes.card("changed")));
        BookModel before = phone.read();
        String code = phone.checkCode();
        tablet.apply(deletes(0, 30));
        String upload = phone.opened("replace", 1, 1);
        phone.chunk(upload, 1, "{\"contacts\":[{\"uid\":\"x\",\"card\":" + Changes.card("x") + "}]}")
                .is(200);
        String replaced = phone.commit(upload).is(200).tag();

        HttpAnswer dry = phone.post("/v1/book/restore", "{\"checkCode\":\"" + code + "\",\"dryRun\":true}")
                .is(200);
        assertThat(dry.tag()).isEqualTo(replaced);
        assertThat(dry.number("seq")).isEqualTo(2);
        assertThat(dry.string("checkCode")).isEqualTo(code);
        assertThat(dry.number("count")).isEqualTo(30);
        assertThat(dry.json().getJsonObject("applied").toString()).isEqualTo("{\"put\":30,\"deleted\":1}");
        assertThat(dry.array("put")).hasSize(30);
        assertThat(dry.array("deleted").getString(0)).isEqualTo("x");
        assertThat(phone.checkCode()).isEqualTo(replaced);

        String key = "\"" + UUID.randomUUID() + "\"";
        HttpAnswer restored = phone.post(
                        "/v1/book/restore", "{\"seq\":2}", "Idempotency-Key", key, "If-Match", "\"" + replaced + "\"")
                .is(200);
        assertThat(restored.string("checkCode")).isEqualTo(code);
        assertThat(phone.read().contacts()).isEqualTo(before.contacts());
        assertThat(phone.post(
                                "/v1/book/restore",
                                "{\"seq\":2}",
                                "Idempotency-Key",
                                key,
                                "If-Match",
                                "\"" + replaced + "\"")
                        .is(200)
                        .text())
                .isEqualTo(restored.text());
        phone.post("/v1/book/restore", "{\"seq\":1}", "Idempotency-Key", key, "If-Match", "\"" + replaced + "\"")
                .is(ProblemType.IDEMPOTENCY_KEY_REUSED);

        assertThat(phone.post("/v1/book/restore", "{\"checkCode\":\"" + replaced + "\"}")
                        .is(200)
                        .tag())
                .isEqualTo(replaced);
        assertThat(phone.post("/v1/book/restore", "{\"time\":\"2099-01-01T00:00:00Z\"}")
                        .is(200)
                        .tag())
                .isEqualTo(replaced);
    }

    /** 4.19.1 and 4.19.5. */
    @Test
    void aRestoreThatCannotBeIsRefused() {
        phone.apply(new Changes().put(ADA, Changes.card("Ada")));
        String code = phone.checkCode();
        for (String body : List.of(
                "{}",
                "{\"seq\":0,\"checkCode\":\"" + code + "\"}",
                "{\"seq\":-1}",
                "{\"seq\":9}",
                "{\"time\":\"yesterday\"}",
                "{\"time\":\"-999999999-01-01T00:00:00Z\"}",
                "{\"checkCode\":\"x\"}",
                "{\"seq\":0,\"dryRun\":1}",
                "{\"seq\":0,\"x\":1}")) {
            phone.post("/v1/book/restore", body).is(ProblemType.MALFORMED_REQUEST);
        }
        phone.post("/v1/book/restore", "{\"checkCode\":\"ck1." + "A".repeat(43) + "\"}")
                .is(ProblemType.HISTORY_EXPIRED);
        String other = "\"ck1." + "A".repeat(43) + "\"";
        phone.post("/v1/book/restore", "{\"seq\":0}", "If-Match", other).is(ProblemType.CHECK_CODE_MISMATCH);
        phone.post("/v1/book/restore", "{\"seq\":0,\"dryRun\":true}", "If-Match", other)
                .is(ProblemType.CHECK_CODE_MISMATCH);
        assertThat(phone.checkCode()).isEqualTo(code);
        assertThat(phone.post("/v1/book/restore", "{\"seq\":0}").is(200).number("count"))
                .isZero();
    }

    /** 4.19.4: more than a chunk, and undone again. */
    @Test
    void aLargeBookComesBackInChunks() {
        for (int n = 0; n < 3; n++) {
            phone.apply(Changes.puts(n * 800, (n + 1) * 800));
        }
        BookModel before = phone.read();
        String code = phone.checkCode();
        for (int n = 0; n < 3; n++) {
            tablet.apply(deletes(n * 800, (n + 1) * 800));
        }

        HttpAnswer dry =
                phone.post("/v1/book/restore", "{\"seq\":3,\"dryRun\":true}").is(200);
        assertThat(dry.json().getBoolean("complete")).isFalse();
        assertThat(dry.array("put")).hasSize(1_000);
        String key = "\"" + UUID.randomUUID() + "\"";
        HttpAnswer restored = phone.post("/v1/book/restore", "{\"seq\":3}", "Idempotency-Key", key, "Prefer", "wait=50")
                .is(200);
        assertThat(restored.string("checkCode")).isEqualTo(code);
        assertThat(phone.read().contacts()).isEqualTo(before.contacts());
        assertThat(phone.post("/v1/book/restore", "{\"seq\":3}", "Idempotency-Key", key)
                        .is(200)
                        .text())
                .isEqualTo(restored.text());
        phone.post("/v1/book/restore", "{\"seq\":2}", "Idempotency-Key", key).is(ProblemType.IDEMPOTENCY_KEY_REUSED);

        HttpAnswer undo = phone.post("/v1/book/restore", "{\"seq\":6}", "Prefer", "respond-async")
                .is(202);
        JsonObject ended = phone.finished(undo.string("id"));
        assertThat(ended.getString("state")).isEqualTo("done");
        assertThat(phone.read().contacts()).isEmpty();
    }

    private List<JsonObject> trash(String path) {
        List<JsonObject> all = new ArrayList<>();
        for (String next = path; !next.isEmpty(); ) {
            HttpAnswer page = phone.get(next).is(200);
            all.addAll(page.array("contacts").getValuesAs(JsonObject.class));
            next = page.json().getString("next", "");
        }
        return all;
    }

    private static Changes deletes(int from, int to) {
        Changes changes = new Changes().confirmDeletes();
        for (int n = from; n < to; n++) {
            changes.delete(Changes.uid(n));
        }
        return changes;
    }

    private static String name(JsonObject version) {
        return version.getJsonObject("card").getJsonObject("name").getString("full");
    }

    private static String versions(String uid) {
        return "/v1/book/contacts/" + encoded(uid) + "/versions";
    }

    private static String restore(String uid) {
        return "/v1/book/trash/" + encoded(uid) + "/restore";
    }

    private static String encoded(String uid) {
        return URLEncoder.encode(uid, StandardCharsets.UTF_8);
    }

    /** 4.19.4: a restore that waits for its turn keeps no place that another user needs. */
    @Test
    void usersWhoHoldUpTheirOwnBooksHoldUpNoOtherRestore() throws InterruptedException {
        List<Runnable> releases = new ArrayList<>();
        List<Runnable> ends = new ArrayList<>();
        for (int n = 0; n < MORE_THAN_PLACES; n++) {
            Device own = Device.ofNewUser(phone.server());
            fillTwoChunks(own);
            Device other = own.another("tablet");
            String upload = other.opened("changes", 2, 2);
            other.chunk(
                            upload,
                            1,
                            new Changes().put("held", Changes.card("held")).body())
                    .is(200);
            String restore = restoreToNothing(own);
            releases.add(() -> other.cancel(upload).is(204));
            ends.add(() -> assertThat(own.finished(restore).getString("state")).isEqualTo("done"));
        }
        fillTwoChunks(phone);

        String restore = restoreToNothing(phone);

        assertThat(phone.finished(restore).getString("state")).isEqualTo("done");
        assertThat(phone.get("/v1/book").is(200).number("count")).isZero();
        releases.forEach(Runnable::run);
        ends.forEach(Runnable::run);
    }

    /** More contacts than a chunk may have. */
    private static void fillTwoChunks(Device device) {
        for (int from = 0; from < TWO_CHUNKS; from += SLICE) {
            device.apply(Changes.puts(from, Math.min(TWO_CHUNKS, from + SLICE)));
        }
    }

    /** The task of a restore that is under way; its instance may have other restores to fill for a moment. */
    private static String restoreToNothing(Device device) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(60);
        while (true) {
            HttpAnswer answer = device.post(
                    "/v1/book/restore",
                    "{\"seq\":0}",
                    "Idempotency-Key",
                    "\"" + UUID.randomUUID() + "\"",
                    "Prefer",
                    "respond-async");
            if (answer.status() != 503) {
                return answer.is(202).string("id");
            }
            assertThat(Instant.now()).as("no place for a restore").isBefore(end);
            Thread.sleep(300);
        }
    }
}
