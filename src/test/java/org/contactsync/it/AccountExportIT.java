package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.photo.Pictures;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything of a user as one archive, over HTTP. */
@ExtendWith(SharedServer.class)
class AccountExportIT {
    private static final String EXPORT = "/v1/account/export";

    private final LibertyServer server;
    private Device user;

    AccountExportIT(LibertyServer server) {
        this.server = server;
        user = Device.ofNewUser(server);
    }

    @BeforeEach
    void makeUser() {
        user = Device.ofNewUser(server);
    }

    /** Protocol 4.26.1 and 4.26.3: each file has what the requests for its parts answer. */
    @Test
    void theArchiveHasEverythingOfTheAccount() throws IOException {
        fill();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> user.get("/v1/devices").is(200).array("devices").size() == 2);

        HttpAnswer answer = user.get(EXPORT);
        Archive archive = Archive.of(answer);

        assertThat(answer.header("Content-Type")).hasValue("application/zip");
        assertThat(answer.header("Content-Disposition").orElseThrow()).contains("attachment", ".zip");
        assertThat(answer.header("Content-Encoding")).isEmpty();
        assertThat(archive.files().keySet())
                .containsExactly(
                        "contacts.json",
                        "contacts.vcf",
                        "trash.json",
                        "versions.json",
                        "lost.json",
                        "devices.json",
                        "history.json",
                        "manifest.json");
        JsonArray history = user.get("/v1/book/history?limit=1000").is(200).array("changes");
        assertThat(archive.list("history.json")).hasSize(5).isEqualTo(history);
        assertThat(archive.list("trash.json"))
                .hasSize(2)
                .isEqualTo(user.get("/v1/book/trash?limit=200").is(200).array("contacts"));
        assertThat(archive.list("devices.json"))
                .extracting(each -> each.asJsonObject().getString("id"))
                .containsExactlyInAnyOrder("phone", "tablet");
        List<JsonValue> kept = new ArrayList<>();
        List<JsonValue> lost = new ArrayList<>();
        for (String uid : List.of("a", "b", "c", "d")) {
            for (JsonValue version :
                    user.get("/v1/book/contacts/" + uid + "/versions").is(200).array("versions")) {
                (version.asJsonObject().containsKey("origin") ? lost : kept).add(version);
            }
        }
        assertThat(kept).hasSizeGreaterThan(3);
        assertThat(archive.list("versions.json")).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(lost).hasSize(1);
        assertThat(archive.list("lost.json")).containsExactlyElementsOf(lost);
        JsonObject manifest = archive.manifest();
        assertThat(manifest.getInt("historyFrom")).isEqualTo(1);
        assertThat(manifest.getInt("seq")).isEqualTo(user.book().number("seq"));
        assertThat(manifest.getJsonArray("files").getValuesAs(JsonObject.class))
                .allSatisfy(each ->
                        assertThat(each.getInt("bytes")).isEqualTo(archive.file(each.getString("name")).length));
        assertThat(Archive.of(user.another("tablet").get(EXPORT)).manifest().getString("checkCode"))
                .isEqualTo(manifest.getString("checkCode"));
    }

    /** Protocol 4.26.1 and 4.26.3. */
    @Test
    void theArchiveHasThePhotos() throws IOException {
        byte[] photo = Pictures.jpeg(700_000, 1);
        user.apply(new Changes().put("ada", Pictures.card("Ada", Pictures.digest(photo))));
        user.send("PUT", Pictures.path(photo), BodyPublishers.ofByteArray(photo))
                .is(200);

        Archive archive = Archive.of(user.get(EXPORT));

        assertThat(archive.file("photos/" + Pictures.digest(photo).hex() + ".jpg"))
                .isEqualTo(photo);
        assertThat(archive.manifest().getJsonObject("photos").getInt("items")).isEqualTo(1);
        assertThat(archive.manifest().getJsonObject("photos").getInt("bytes")).isEqualTo(photo.length);
    }

    /** Protocol 4.26.3: whoever has the archive can compute its code, and make the book again. */
    @Test
    void theContactsOfTheArchiveAreTheBook() throws IOException {
        fill();

        Archive archive = Archive.of(user.get(EXPORT));

        BookModel model = new BookModel(CheckKey.ofBase64Url(archive.manifest().getString("checkKey")));
        for (JsonValue each : archive.list("contacts.json")) {
            JsonObject card = each.asJsonObject();
            model.put(
                    card.getString("uid"),
                    Json.createObjectBuilder(card).remove("uid").build().toString());
        }
        assertThat(model.checkCode())
                .isEqualTo(archive.manifest().getString("checkCode"))
                .isEqualTo(user.checkCode());
        for (Map.Entry<String, String> format : Map.of(
                        "contacts.json", "application/jscontact+json", "contacts.vcf", "text/vcard")
                .entrySet()) {
            Device other = Device.ofNewUser(server);
            other.send(
                            "POST",
                            "/v1/book/import",
                            BodyPublishers.ofByteArray(archive.file(format.getKey())),
                            "Content-Type",
                            format.getValue())
                    .is(200);
            assertThat(other.read().contacts())
                    .as(format.getKey())
                    .isEqualTo(user.read().contacts());
        }
    }

    /** Protocol 4.26.1: more than one slice has, of everything. */
    @Test
    void theArchiveOfALargeAccountIsWhole() throws IOException {
        String upload = user.opened("initial", 2, 2_000);
        for (int n = 0; n < 2; n++) {
            user.chunk(upload, n + 1, Changes.contacts(n * 1_000, (n + 1) * 1_000))
                    .is(200);
        }
        user.commit(upload).is(200);
        for (int from = 0; from < 1_000; from += 250) {
            Changes renamed = new Changes();
            for (int n = from; n < from + 250; n++) {
                renamed.put(Changes.uid(n), Changes.card("renamed"));
            }
            user.apply(renamed);
        }
        Changes deletes = new Changes().confirmDeletes();
        for (int n = 1_500; n < 2_000; n++) {
            deletes.delete(Changes.uid(n));
        }
        user.apply(deletes);
        String again = user.opened("replace", 2, 1_400);
        user.chunk(again, 1, Changes.contacts(0, 700)).is(200);
        user.chunk(again, 2, Changes.contacts(700, 1_400)).is(200);
        user.commit(again, "{\"confirmDeletes\":true}").is(200);

        Archive archive = Archive.of(user.get(EXPORT));

        assertThat(archive.manifest().getJsonArray("files").getValuesAs(JsonObject.class))
                .extracting(each -> each.getString("name") + " " + each.getInt("items"))
                .startsWith(
                        "contacts.json 1400",
                        "contacts.vcf 1400",
                        "trash.json 600",
                        "versions.json 3000",
                        "lost.json 0")
                .endsWith("history.json 7");
        for (String name : List.of("contacts.json", "trash.json", "versions.json")) {
            assertThat(archive.list(name)).as(name).doesNotHaveDuplicates();
        }
        assertThat(archive.manifest().getString("checkCode")).isEqualTo(user.checkCode());
    }

    /** Protocol 4.26.4. */
    @Test
    void whoHasNothingGetsNothingAndNoBook() throws IOException {
        user.get(EXPORT).is(ProblemType.NOT_FOUND);
        user.apply(new Changes().put("a", Changes.card("A")));
        assertThat(Archive.of(user.get(EXPORT)).list("contacts.json")).hasSize(1);

        assertThat(user.delete("/v1/account").status()).isIn(202, 204);
        user.get(EXPORT).is(ProblemType.NOT_FOUND);
        user.get(EXPORT).is(ProblemType.NOT_FOUND);

        user.book();
        Archive empty = Archive.of(user.get(EXPORT));
        assertThat(empty.manifest().getInt("count")).isZero();
        assertThat(empty.manifest().containsKey("historyFrom")).isFalse();
        assertThat(empty.list("contacts.json")).isEmpty();
        assertThat(empty.file("contacts.vcf")).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        user.book();
        user.get(EXPORT + "?photos=false").is(ProblemType.MALFORMED_REQUEST);
        user.get(EXPORT, "Accept", "application/json").is(ProblemType.NOT_ACCEPTABLE);
        user.withToken("").get(EXPORT).is(ProblemType.UNAUTHORIZED);
        user.post(EXPORT, "{}").is(ProblemType.METHOD_NOT_ALLOWED);
    }

    /** A book of two contacts with a past of five tasks, two deleted contacts and a lost card. */
    private void fill() {
        user.apply(new Changes()
                .put("a", Changes.card("Ada"))
                .put("b", Changes.card("Bob"))
                .put("c", Changes.card("Carl")));
        Device tablet = user.another("tablet");
        tablet.apply(new Changes().put("a", Changes.card("Ada King")).delete("b"));
        user.patch(
                        user.checkCode(),
                        "{\"changes\":[],\"lost\":[{\"uid\":\"a\",\"card\":" + Changes.card("lost") + "}]}")
                .is(200);
        String upload = user.opened("replace", 1, 2);
        user.chunk(
                        upload,
                        1,
                        "{\"contacts\":[{\"uid\":\"a\",\"card\":" + Changes.card("Ada King")
                                + "},{\"uid\":\"d\",\"card\":" + Changes.card("Dora") + "}]}")
                .is(200);
        user.commit(upload).is(200);
        user.apply(new Changes().put("d", Changes.card("Dora Maar")));
    }

    /** An archive that was received, in the order of its files. */
    private record Archive(Map<String, byte[]> files) {
        static Archive of(HttpAnswer answer) throws IOException {
            assertThat(answer.status()).as("%s", answer.headers()).isEqualTo(200);
            Map<String, byte[]> files = new LinkedHashMap<>();
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    files.put(entry.getName(), zip.readAllBytes());
                }
            }
            return new Archive(files);
        }

        byte[] file(String name) {
            return Optional.ofNullable(files.get(name)).orElseThrow();
        }

        JsonArray list(String name) {
            try (JsonReader reader = Json.createReader(new ByteArrayInputStream(file(name)))) {
                return reader.readArray();
            }
        }

        JsonObject manifest() {
            try (JsonReader reader = Json.createReader(new ByteArrayInputStream(file("manifest.json")))) {
                return reader.readObject();
            }
        }
    }
}
