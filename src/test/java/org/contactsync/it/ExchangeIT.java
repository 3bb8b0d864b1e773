package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files of other programs, in and out over HTTP. */
@ExtendWith(SharedServer.class)
class ExchangeIT {
    private static final String EXPORT = "/v1/book/export";
    private static final String JSCONTACT = "application/jscontact+json";
    private static final Path FILES = Path.of("src", "test", "resources", "vcards");

    private final LibertyServer server;
    private Device user;

    ExchangeIT(LibertyServer server) {
        this.server = server;
        user = Device.ofNewUser(server);
    }

    @BeforeEach
    void makeUser() {
        user = Device.ofNewUser(server);
    }

    /** Protocol 4.24.1 to 4.24.3, 4.25.1 and 4.25.2: what phones wrote, in each format, changes nothing when it is imported again. */
    @Test
    void whatPhonesWroteComesBackInEachFormat() throws IOException {
        int contacts = 0;
        for (Path file : files()) {
            JsonObject found = imported("text/vcard", Files.readAllBytes(file))
                    .is(200)
                    .json()
                    .getJsonObject("imported");
            assertThat(found.getInt("refused")).as(file.toString()).isZero();
            contacts += found.getInt("contacts");
        }
        String code = user.checkCode();
        assertThat(user.book().number("count")).isEqualTo(contacts);

        for (String type : List.of("text/vcard;version=4.0", "text/vcard;version=3.0", JSCONTACT)) {
            HttpAnswer file = user.get(EXPORT, "Accept", type);
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.tag()).isEqualTo(code);
            assertThat(file.header("Content-Type").orElseThrow()).startsWith(type.replaceFirst(";.*", ""));
            assertThat(file.header("Content-Disposition").orElseThrow()).contains("attachment", "contacts.");

            HttpAnswer again =
                    imported(type.replaceFirst(";.*", ""), file.body()).is(200);
            assertThat(again.json().getJsonObject("applied").getInt("put"))
                    .as(type)
                    .isZero();
            assertThat(again.string("checkCode")).as(type).isEqualTo(code);

            Device other = Device.ofNewUser(server);
            imported(other, type.replaceFirst(";.*", ""), file.body()).is(200);
            assertThat(other.read().contacts()).as(type).isEqualTo(user.read().contacts());
        }
        assertThat(user.get(EXPORT, "Accept", "*/*").text()).contains("BEGIN:VCARD\r\nVERSION:4.0\r\n");
        assertThat(user.get(EXPORT, "Accept", "text/vcard;version=3.0").text()).contains("VERSION:3.0\r\n");
        assertThat(user.get(EXPORT, "Accept", "text/html").status()).isEqualTo(406);
        assertThat(user.get(EXPORT, "Accept", "text/vcard;version=5.0").status())
                .isEqualTo(406);
        HttpAnswer unchanged = user.get(EXPORT, "Accept", "text/vcard", "If-None-Match", "\"" + code + "\"");
        assertThat(unchanged.status()).isEqualTo(304);
    }

    /** Protocol 4.25.3: nothing is deleted; it is in the history and can be undone. */
    @Test
    void anImportAddsAndReplacesAndDeletesNothing() {
        user.apply(new Changes().put("mine", Changes.card("Mine")).put("both", Changes.card("Before")));
        long before = user.book().number("seq");

        HttpAnswer answer = imported("text/vcard", bytes(vcard("both", "After") + vcard("new", "New")))
                .is(200);

        assertThat(answer.json().getJsonObject("applied").getInt("put")).isEqualTo(2);
        assertThat(answer.number("count")).isEqualTo(3);
        assertThat(user.contact("mine").is(200).text()).contains("Mine");
        assertThat(user.contact("both").is(200).text()).contains("After");
        JsonObject latest =
                user.get("/v1/book/history?limit=1").is(200).array("changes").getJsonObject(0);
        assertThat(latest.getString("task")).isEqualTo(answer.string("task"));
        assertThat(user.get("/v1/book/contacts/both/versions").is(200).text()).contains("Before");

        user.post("/v1/book/restore", "{\"seq\":" + before + "}").is(200);
        assertThat(user.contact("both").is(200).text()).contains("Before");
        assertThat(user.contact("new").status()).isEqualTo(404);
    }

    /** Protocol 4.25.5. */
    @Test
    void aCardAtFaultIsNamedAndWithLenientHandlingDoesNotStopTheOthers() {
        String bad = vcard("huge", "Huge").replace("END:", "NOTE:" + "x".repeat(300_000) + "\r\nEND:");
        byte[] file = bytes(vcard("a", "A") + bad + vcard("b", "B"));

        JsonObject problem = imported("text/vcard", file).is(ProblemType.INVALID_CONTACTS);
        assertThat(problem.getInt("total")).isEqualTo(1);
        assertThat(problem.getJsonArray("items").getJsonObject(0).getInt("index"))
                .isEqualTo(1);
        assertThat(problem.getJsonArray("items").getJsonObject(0).getString("uid"))
                .isEqualTo("huge");
        assertThat(user.book().number("count")).isZero();

        HttpAnswer lenient = imported("text/vcard", file, "Prefer", "handling=lenient, wait=20")
                .is(200);
        assertThat(lenient.header("Preference-Applied").orElseThrow()).contains("handling=lenient", "wait=20");
        JsonObject found = lenient.json().getJsonObject("imported");
        assertThat(found.getInt("contacts")).isEqualTo(3);
        assertThat(found.getInt("refused")).isEqualTo(1);
        assertThat(found.getJsonArray("items").getJsonObject(0).getString("code"))
                .isEqualTo("contact-too-large");
        assertThat(lenient.number("count")).isEqualTo(2);

        imported("text/vcard", bytes(bad), "Prefer", "handling=lenient").is(ProblemType.INVALID_CONTACTS);
        imported("text/vcard", bytes("hello")).is(ProblemType.MALFORMED_REQUEST);
        imported("application/json", bytes("{}")).is(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        imported(JSCONTACT, bytes("[{]")).is(ProblemType.MALFORMED_JSON);
    }

    /** Protocol 4.25.4 and 4.25.6. */
    @Test
    void aContactWithoutUidThatReplacesAnotherIsNamed() {
        imported("text/vcard", bytes(vcard("", "Mama") + vcard("", "Papa") + vcard("u", "Uncle")))
                .is(200);
        String mama = vcard("", "Mama").replace("END:", "TEL:1\r\nEND:");
        String uncle = vcard("u", "Uncle").replace("END:", "TEL:1\r\nEND:");

        JsonObject found = imported("text/vcard", bytes(vcard("", "Papa") + mama + uncle + vcard("", "New")))
                .is(200)
                .json()
                .getJsonObject("imported");

        assertThat(found.getJsonArray("notes")).hasSize(1);
        JsonObject note = found.getJsonArray("notes").getJsonObject(0);
        assertThat(note.getInt("index")).isEqualTo(1);
        assertThat(note.getString("code")).isEqualTo("replaced");
        assertThat(user.contact(note.getString("uid")).is(200).text()).contains("Mama");
        assertThat(user.book().number("count")).isEqualTo(4);
    }

    /** Protocol 4.25.2 and 7.2. */
    @Test
    void aRepeatedImportGetsTheSameAnswer() {
        String key = "\"" + UUID.randomUUID() + "\"";
        byte[] file = bytes(vcard("a", "A") + vcard("", "B"));
        HttpAnswer first = imported("text/vcard", file, "Idempotency-Key", key).is(200);
        user.apply(new Changes().put("a", Changes.card("Other")));

        HttpAnswer again = imported("text/vcard", file, "Idempotency-Key", key).is(200);

        assertThat(again.text()).isEqualTo(first.text());
        assertThat(user.contact("a").is(200).text()).contains("Other");
        imported("text/vcard", bytes(vcard("c", "C")), "Idempotency-Key", key).is(ProblemType.IDEMPOTENCY_KEY_REUSED);
        HttpAnswer asked = user.task(first.string("task")).is(200);
        assertThat(asked.string("state")).isEqualTo("done");
    }

    /** Protocol 4.25.2: with If-Match, only into that book. */
    @Test
    void ifMatchNamesTheBookThatItIsImportedInto() {
        String code = user.checkCode();
        user.apply(new Changes().put("a", Changes.card("A")));

        imported("text/vcard", bytes(vcard("b", "B")), "If-Match", "\"" + code + "\"")
                .is(ProblemType.CHECK_CODE_MISMATCH);
        imported("text/vcard", bytes(vcard("b", "B")), "If-Match", "\"" + user.checkCode() + "\"")
                .is(200);
    }

    /** Protocol 4.25.1: what waits has its report as well. */
    @Test
    void anImportThatWaitsIsAccepted() {
        String upload = user.opened("changes", 2, 2);
        user.chunk(upload, 1, "{\"changes\":[{\"op\":\"put\",\"uid\":\"u\",\"card\":" + Changes.card("U") + "}]}")
                .is(200);

        HttpAnswer accepted = imported("text/vcard", bytes(vcard("a", "A")), "Prefer", "respond-async")
                .is(202);

        assertThat(accepted.json().getJsonObject("imported").getInt("contacts")).isEqualTo(1);
        user.cancel(upload);
        assertThat(user.finished(accepted.string("id")).getString("state")).isEqualTo("done");
        assertThat(user.contact("a").is(200).text()).contains("\"A\"");
    }

    /** Protocol 4.24.2: a book of many slices is one state. */
    @Test
    void exportsABookOfManySlices() {
        for (int i = 0; i < 2_000; i += 500) {
            user.apply(Changes.puts(i, i + 500));
        }
        String code = user.checkCode();

        for (String coding : List.of("gzip", "identity")) {
            HttpAnswer file = user.get(EXPORT, "Accept", JSCONTACT, "Accept-Encoding", coding);
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.header("Content-Encoding").isPresent()).isEqualTo(coding.equals("gzip"));
            assertThat(file.header("Contact-Count")).hasValue("2000");
        }
        byte[] file = user.get(EXPORT, "Accept", "text/vcard;version=3.0").body();
        List<String> cards = Stream.of(new String(file, StandardCharsets.UTF_8).split("(?<=END:VCARD\r\n)"))
                .toList();
        assertThat(cards).hasSize(2_000);
        Device other = Device.ofNewUser(server);
        for (int i = 0; i < 2_000; i += 1_000) {
            imported(
                            other,
                            "text/vcard",
                            bytes(cards.subList(i, i + 1_000).stream().collect(Collectors.joining())))
                    .is(200);
        }
        assertThat(other.read().contacts()).isEqualTo(user.read().contacts());
        assertThat(user.checkCode()).isEqualTo(code);
        imported(other, "text/vcard", bytes(String.join("", cards))).is(ProblemType.CONTENT_TOO_LARGE);
    }

    /** Protocol 4.24.4. */
    @Test
    void exportsAnEmptyBookAndOneThatMatches() {
        assertThat(user.get(EXPORT, "Accept", "text/vcard").body()).isEmpty();
        assertThat(user.get(EXPORT, "Accept", JSCONTACT).text().strip()).isEqualTo("[\n]");
        String code = user.checkCode();
        user.apply(new Changes().put("a", Changes.card("A")));
        user.get(EXPORT, "Accept", "text/vcard", "If-Match", "\"" + code + "\"").is(ProblemType.CHECK_CODE_MISMATCH);
        user.get(EXPORT + "?format=csv", "Accept", "text/vcard").is(ProblemType.MALFORMED_REQUEST);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(FILES)) {
            return all.filter(file -> file.toString().endsWith(".vcf")).sorted().toList();
        }
    }

    private HttpAnswer imported(String type, byte[] file, String... headers) {
        return imported(user, type, file, headers);
    }

    private static HttpAnswer imported(Device device, String type, byte[] file, String... headers) {
        String[] all = Stream.concat(Stream.of("Content-Type", type), Stream.of(headers))
                .toArray(String[]::new);
        return device.send("POST", "/v1/book/import", BodyPublishers.ofByteArray(file), all);
    }

    private static String vcard(String uid, String name) {
        return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + (uid.isEmpty() ? "" : "UID:" + uid + "\r\n") + "FN:" + name
                + "\r\nEND:VCARD\r\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
