package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Protocol 4.3.12 and 5.6: a conflict shows both sides and their ancestor, and what loses is kept. */
@ExtendWith(SharedServer.class)
class ConflictIT {
    private static final String ADA = "urn:uuid:00000000-0000-4000-8000-000000000001";

    private final Device phone;
    private final Device tablet;

    ConflictIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
        tablet = phone.another("tablet");
    }

    /** 5.6, 7.2, 9.6 and 4.3.12: from the conflict to what is left of it. */
    @Test
    void aConflictIsResolvedAndNothingIsLost() {
        phone.apply(new Changes().put(ADA, Changes.card("base")));
        String first = phone.checkCode();
        String base = hash(ADA);
        tablet.apply(new Changes().put(ADA, Changes.card("theirs")));
        String key = "\"" + UUID.randomUUID() + "\"";
        String mine =
                new Changes().putOver(base, ADA, Changes.card("mine")).rebase().body();

        JsonObject refused = phone.patch(first, mine, "Idempotency-Key", key).is(ProblemType.CONTACT_CONFLICT);
        JsonObject item = refused.getJsonArray("items").getJsonObject(0);
        assertThat(refused.getInt("total")).isEqualTo(1);
        assertThat(item.getString("contentHash")).isEqualTo(hash(ADA));
        assertThat(item.getJsonObject("card")).isEqualTo(json(Changes.card("theirs")));
        assertThat(item.getJsonObject("ancestor").getString("contentHash")).isEqualTo(base);
        assertThat(item.getJsonObject("ancestor").getJsonObject("card")).isEqualTo(json(Changes.card("base")));
        assertThat(item).doesNotContainKey("versions");

        HttpAnswer resolved = phone.patch(
                        refused.getString("serverCheckCode"),
                        with(
                                new Changes().putOver(item.getString("contentHash"), ADA, Changes.card("merged")),
                                lost(ADA, "mine")))
                .is(200);
        assertThat(resolved.number("keptLost")).isEqualTo(1);
        List<JsonObject> versions = versions(ADA);
        assertThat(versions).extracting(ConflictIT::name).containsExactly("theirs", "mine", "base");
        assertThat(versions.get(1).getString("origin")).isEqualTo("conflict");
        assertThat(versions.get(1).getString("device")).isEqualTo("phone");
        assertThat(versions.get(0)).doesNotContainKey("origin");

        JsonObject again = phone.patch(first, mine, "Idempotency-Key", key).is(ProblemType.CONTACT_CONFLICT);
        assertThat(again.getJsonArray("items")).isEqualTo(refused.getJsonArray("items"));
        phone.apply(new Changes().put(ADA, versions.get(1).getJsonObject("card").toString()));
        assertThat(phone.read().contacts()).hasSize(1);
        assertThat(name(versions(ADA).get(0))).isEqualTo("merged");
    }

    /** 5.6: also while the other device has deleted the contact; a task that is read has no cards. */
    @Test
    void aTaskThatIsReadHasTheShortForm() {
        phone.apply(new Changes().put(ADA, Changes.card("base")).put("other", Changes.card("other")));
        String base = hash(ADA);
        String first = phone.checkCode();
        tablet.apply(new Changes().delete(ADA));

        HttpAnswer accepted = phone.patch(
                        first,
                        new Changes()
                                .putOver(base, ADA, Changes.card("mine"))
                                .rebase()
                                .body(),
                        "Prefer",
                        "respond-async")
                .is(202);
        JsonObject problem = phone.finished(accepted.string("id")).getJsonObject("problem");

        JsonObject item = problem.getJsonArray("items").getJsonObject(0);
        assertThat(item.keySet()).containsExactlyInAnyOrder("uid", "index", "contentHash");
        assertThat(item.get("contentHash")).isEqualTo(JsonValue.NULL);
        JsonObject direct = phone.patch(
                        first,
                        new Changes()
                                .putOver(base, ADA, Changes.card("mine"))
                                .rebase()
                                .body())
                .is(ProblemType.CONTACT_CONFLICT);
        JsonObject whole = direct.getJsonArray("items").getJsonObject(0);
        assertThat(whole).doesNotContainKey("card");
        assertThat(whole.getJsonObject("ancestor").getJsonObject("card")).isEqualTo(json(Changes.card("base")));
    }

    /** 5.6: a bounded answer, and a link for the rest. */
    @Test
    void manyConflictsNameTheirVersions() {
        String large = "x".repeat(60_000);
        Changes puts = new Changes();
        IntStream.range(0, 30).forEach(n -> puts.put(Changes.uid(n), Changes.card(n < 25 ? "base " + n : large)));
        phone.apply(puts);
        List<String> hashes =
                IntStream.range(0, 30).mapToObj(n -> hash(Changes.uid(n))).toList();
        Changes theirs = new Changes();
        IntStream.range(0, 30).forEach(n -> theirs.put(Changes.uid(n), Changes.card(n < 25 ? "theirs" : large + n)));
        tablet.apply(theirs);

        Changes small = new Changes();
        IntStream.range(0, 30).forEach(n -> small.putOver(hashes.get(n), Changes.uid(n), Changes.card("mine")));
        List<JsonObject> items = conflict(small);
        assertThat(items).hasSize(30);
        assertThat(items.subList(0, 20)).allSatisfy(item -> assertThat(item).containsKeys("card", "ancestor"));
        assertThat(items.subList(20, 30))
                .allSatisfy(item ->
                        assertThat(item).doesNotContainKeys("card", "ancestor").containsKey("versions"));
        JsonObject cut = items.get(20);
        assertThat(phone.get(cut.getString("versions"))
                        .is(200)
                        .array("versions")
                        .getJsonObject(0)
                        .getString("contentHash"))
                .isEqualTo(hashes.get(20));

        Changes wide = new Changes();
        IntStream.range(25, 30).forEach(n -> wide.putOver(hashes.get(n), Changes.uid(n), Changes.card("mine")));
        HttpAnswer refused = phone.patch(phone.checkCode(), wide.body());
        assertThat(refused.text().length()).isBetween(256 * 1024, 360 * 1024);
        assertThat(refused.is(ProblemType.CONTACT_CONFLICT)
                        .getJsonArray("items")
                        .getJsonObject(4))
                .containsKey("versions");
    }

    /** 4.3.12: a client that takes the server's card. */
    @Test
    void aLostCardComesAlone() {
        phone.apply(new Changes().put(ADA, Changes.card("theirs")));
        String code = phone.checkCode();
        String key = "\"" + UUID.randomUUID() + "\"";
        String body = "{\"lost\":[" + lost(ADA, "mine") + "," + lost("never there", "x") + "]}";

        HttpAnswer kept = phone.patch(code, body, "Idempotency-Key", key).is(200);

        assertThat(kept.number("keptLost")).isEqualTo(2);
        assertThat(kept.string("checkCode")).isEqualTo(code);
        assertThat(kept.json().getJsonObject("applied").toString()).isEqualTo("{\"put\":0,\"deleted\":0}");
        assertThat(phone.patch(code, body, "Idempotency-Key", key).is(200).text())
                .isEqualTo(kept.text());
        assertThat(versions(ADA)).hasSize(1);
        assertThat(versions("never there")).hasSize(1);
        assertThat(phone.get("/v1/book/trash").is(200).array("contacts")).isEmpty();
        assertThat(phone.get("/v1/book/changes?since=1").is(200).array("changes"))
                .isEmpty();
        assertThat(phone.get("/v1/book/history").is(200).array("changes")).hasSize(2);
        assertThat(phone.post("/v1/book/restore", "{\"seq\":1}").is(200).tag()).isEqualTo(code);
    }

    /** 4.3.12: what had to wait is not kept, and can be handed over again. */
    @Test
    void aTaskThatHadToWaitSaysThatTheyAreNotKept() {
        String upload = tablet.opened("initial", 1, 1);
        tablet.chunk(upload, 1, "{\"contacts\":[{\"uid\":\"" + ADA + "\",\"card\":" + Changes.card("theirs") + "}]}")
                .is(200);
        HttpAnswer accepted = phone.patch(
                        phone.checkCode(),
                        "{\"onMismatch\":\"rebase\",\"lost\":[" + lost(ADA, "mine") + "]}",
                        "Prefer",
                        "wait=1")
                .is(202);
        tablet.commit(upload, "").is(200);

        JsonObject result = phone.finished(accepted.string("id")).getJsonObject("result");
        assertThat(result).doesNotContainKey("keptLost");
        assertThat(versions(ADA)).isEmpty();
        assertThat(phone.patch(phone.checkCode(), "{\"changes\":[],\"lost\":[" + lost(ADA, "mine") + "]}")
                        .is(200)
                        .number("keptLost"))
                .isEqualTo(1);
        assertThat(versions(ADA)).hasSize(1);
    }

    /** 5.5. */
    @Test
    void aLostCardIsCheckedLikeAnyOther() {
        String code = phone.checkCode();
        JsonObject flaw = phone.patch(
                        code, "{\"changes\":[],\"lost\":[" + lost("a", "x") + ",{\"uid\":\"b\",\"card\":{\"n\":1.5}}]}")
                .is(ProblemType.INVALID_CONTACTS)
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(flaw.getString("pointer")).isEqualTo("/lost/card/n");
        assertThat(flaw.getInt("index")).isEqualTo(1);
        assertThat(flaw.getString("uid")).isEqualTo("b");
        phone.patch(code, "{\"lost\":[" + lost("a", "x") + "," + lost("a", "y") + "]}")
                .is(ProblemType.INVALID_CONTACTS);
        phone.patch(code, "{\"lost\":[{\"op\":\"put\",\"uid\":\"a\",\"card\":{}}]}")
                .is(ProblemType.INVALID_CONTACTS);
        phone.patch(code, "{\"lost\":{}}").is(ProblemType.MALFORMED_REQUEST);
        phone.patch(code, "{\"changes\":[],\"lost\":[]}").is(ProblemType.MALFORMED_REQUEST);
        phone.patch(code, "{}").is(ProblemType.MALFORMED_REQUEST);
        String many = String.join(
                ",", IntStream.range(0, 101).mapToObj(n -> lost("u" + n, "x")).toList());
        phone.patch(code, "{\"lost\":[" + many + "]}").is(ProblemType.CONTENT_TOO_LARGE);
        assertThat(phone.get("/v1/book/history").is(200).array("changes")).isEmpty();
        assertThat(phone.get("/v1/capabilities").is(200).number("maxLostCards")).isEqualTo(100);
    }

    /** 4.16.1: whichever way a restore goes. */
    @Test
    void aRestoreIsCalledSo() {
        phone.apply(Changes.puts(0, 3));
        phone.apply(new Changes().delete(Changes.uid(1)));
        phone.post("/v1/book/trash/" + Changes.uid(1) + "/restore", "").is(200);
        phone.post("/v1/book/restore", "{\"seq\":2}").is(200);
        phone.apply(Changes.puts(3, 800));
        phone.apply(Changes.puts(800, 1_200));
        phone.post("/v1/book/restore", "{\"seq\":1}", "Prefer", "wait=50").is(200);

        assertThat(phone.get("/v1/book/history").is(200).array("changes").getValuesAs(JsonObject.class))
                .extracting(change -> change.getString("kind"))
                .containsExactly(
                        "restore", "incremental", "incremental", "restore", "restore", "incremental", "incremental");
    }

    private List<JsonObject> conflict(Changes changes) {
        return phone.patch(phone.checkCode(), changes.body())
                .is(ProblemType.CONTACT_CONFLICT)
                .getJsonArray("items")
                .getValuesAs(JsonObject.class);
    }

    private String hash(String uid) {
        return phone.get("/v1/book/contacts/" + encoded(uid)).is(200).string("contentHash");
    }

    private List<JsonObject> versions(String uid) {
        return phone.get("/v1/book/contacts/" + encoded(uid) + "/versions")
                .is(200)
                .array("versions")
                .getValuesAs(JsonObject.class);
    }

    private static String with(Changes changes, String lost) {
        String body = changes.body();
        return body.substring(0, body.length() - 1) + ",\"lost\":[" + lost + "]}";
    }

    private static String lost(String uid, String name) {
        return "{\"uid\":%s,\"card\":%s}".formatted(Changes.quoted(uid), Changes.card(name));
    }

    private static String name(JsonObject version) {
        return version.getJsonObject("card").getJsonObject("name").getString("full");
    }

    private static JsonObject json(String text) {
        try (jakarta.json.JsonReader reader = Json.createReader(new java.io.StringReader(text))) {
            return reader.readObject();
        }
    }

    private static String encoded(String uid) {
        return URLEncoder.encode(uid, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
