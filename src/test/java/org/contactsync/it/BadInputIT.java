package org.contactsync.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 3.11 and 5: whatever comes in gets a typed problem, and changes nothing. */
@ExtendWith(SharedServer.class)
class BadInputIT {
    private static final String DEVELOPMENT = "urn:contact-sync:dev";
    private static final String ADA = "{\"op\":\"put\",\"uid\":\"ada\",\"card\":{\"@type\":\"Card\"}}";

    private final LibertyServer server;
    private final Device phone;
    private final String code;

    BadInputIT(LibertyServer server) {
        this.server = server;
        phone = Device.ofNewUser(server);
        code = phone.apply(new Changes().put("there", Changes.card("There"))).tag();
    }

    @AfterEach
    void theBookIsAsItWas() {
        assertThat(phone.checkCode()).isEqualTo(code);
        assertThat(phone.read().checkCode()).isEqualTo(code);
        assertThat(phone.get("/v1/sync-tasks").is(200).array("tasks").stream()
                        .filter(task -> !task.asJsonObject().getString("state").equals("receiving")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "x",
                "{\"changes\":",
                "{\"changes\":[",
                "{\"changes\":[}",
                "{'changes':[]}",
                "{\"changes\":[]}x",
                "{\"changes\":[],}",
                "{\"changes\":[" + ADA + "]}{}",
                "{\"changes\" [" + ADA + "]}",
                "{\"changes\":[{\"op\":\"put\",\"uid\":\"a\",\"card\":{\"a\":\"\u0000\"}}]}",
                "{\"changes\":[{\"op\":\"put\",\"uid\":\"a\",\"card\":{\"a\":01}}]}",
                "{\"changes\":[{\"op\":\"put\",\"uid\":\"a\",\"card\":{\"a\":NaN}}]}",
                "{\"changes\":[{\"op\":\"put\",\"uid\":\"a\",\"card\":{\"a\":\"\\x\"}}]}",
                "\uFEFF{\"changes\":[" + ADA + "]}"
            })
    void refusesWhatIsNotJson(String body) {
        phone.patch(code, body).is(ProblemType.MALFORMED_JSON);
    }

    /** 5.3 {@code malformed-json}: UTF-8 is not repaired. */
    @ParameterizedTest
    @ValueSource(strings = {"FF", "C3", "C080", "EDA080", "F4908080", "E28"})
    void refusesWhatIsNotUtf8(String bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"changes\":[{\"op\":\"put\",\"uid\":\"a\",\"card\":{\"a\":\"".getBytes(UTF_8));
        body.writeBytes(java.util.HexFormat.of().parseHex(bytes.length() % 2 == 0 ? bytes : bytes + "2"));
        body.writeBytes("\"}}]}".getBytes(UTF_8));

        phone.patch(code, body.toByteArray()).is(ProblemType.MALFORMED_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "1",
                "\"x\"",
                "{\"changes\":[]}",
                "{\"changes\":{}}",
                "{\"changes\":null}",
                "{\"changes\":1}",
                "{\"contacts\":[]}",
                "{\"changes\":[" + ADA + "],\"unknown\":1}",
                "{\"changes\":[" + ADA + "],\"changes\":[" + ADA + "]}",
                "{\"changes\":[" + ADA + "],\"onMismatch\":\"merge\"}",
                "{\"changes\":[" + ADA + "],\"onMismatch\":1}",
                "{\"changes\":[" + ADA + "],\"onMismatch\":null}",
                "{\"changes\":[" + ADA + "],\"checkAfter\":\"x\"}",
                "{\"changes\":[" + ADA + "],\"checkAfter\":1}",
                "{\"changes\":[" + ADA + "],\"confirmDeletes\":\"true\"}",
                "{\"changes\":[" + ADA + "],\"confirmDeletes\":{}}",
                "{\"changes\":[" + ADA + "],\"checkAfter\":\"x\",\"checkAfter\":\"y\"}"
            })
    void refusesWhatDoesNotBelongIntoARequest(String body) {
        phone.patch(code, body).is(ProblemType.MALFORMED_REQUEST);
    }

    static Stream<Arguments> invalidChanges() {
        return Stream.of(
                // 2.1.1
                Arguments.of("uid-missing", "/uid", "{\"op\":\"put\",\"card\":{}}"),
                Arguments.of("uid-length", "/uid", "{\"op\":\"delete\",\"uid\":\"\"}"),
                Arguments.of("uid-length", "/uid", "{\"op\":\"delete\",\"uid\":\"" + "x".repeat(256) + "\"}"),
                Arguments.of("uid-length", "/uid", "{\"op\":\"delete\",\"uid\":\"" + "刘".repeat(86) + "\"}"),
                Arguments.of("control-character", "/uid", "{\"op\":\"delete\",\"uid\":\"a\\u0000\"}"),
                Arguments.of("control-character", "/uid", "{\"op\":\"delete\",\"uid\":\"a\\nb\"}"),
                Arguments.of("lone-surrogate", "/uid", "{\"op\":\"delete\",\"uid\":\"\\ud800\"}"),
                // 2.2.2
                Arguments.of("null-value", "/card/a", put("{\"a\":null}")),
                Arguments.of("not-an-integer", "/card/a", put("{\"a\":1.5}")),
                Arguments.of("not-an-integer", "/card/a", put("{\"a\":1e3}")),
                Arguments.of("not-an-integer", "/card/a", put("{\"a\":-0}")),
                Arguments.of("integer-too-large", "/card/a", put("{\"a\":9007199254740992}")),
                Arguments.of("integer-too-large", "/card/a", put("{\"a\":-9007199254740992}")),
                Arguments.of("integer-too-large", "/card/a", put("{\"a\":" + "9".repeat(400) + "}")),
                Arguments.of("control-character", "/card/a", put("{\"a\":\"x\\u0000y\"}")),
                Arguments.of("control-character", "/card/a", put("{\"a\":\"x\\ry\"}")),
                Arguments.of("lone-surrogate", "/card/a", put("{\"a\":\"\\ud83d\"}")),
                Arguments.of("lone-surrogate", "/card/a", put("{\"a\":\"\\ude00\\ud83d\"}")),
                Arguments.of("key-not-ascii", "/card", put("{\"ä\":1}")),
                Arguments.of("duplicate-key", "/card/a", put("{\"a\":1,\"a\":1}")),
                Arguments.of("duplicate-key", "/card/a/b", put("{\"a\":{\"b\":1,\"\\u0062\":2}}")),
                Arguments.of("too-deep", "/card/a/a/a/a/a/a/a/a", put("{\"a\":".repeat(8) + "{}" + "}".repeat(8))),
                Arguments.of("uid-in-card", "/card/uid", put("{\"uid\":\"ada\"}")),
                Arguments.of("contact-too-large", "/card", put("{\"a\":\"" + "x".repeat(262_144) + "\"}")),
                // 4.3.1
                Arguments.of("wrong-type", "/card", put("[]")),
                Arguments.of("wrong-type", "/card", put("null")),
                Arguments.of("wrong-type", "/card", put("\"x\"")),
                Arguments.of("wrong-type", "/uid", "{\"op\":\"delete\",\"uid\":1}"),
                Arguments.of("wrong-type", "/op", "{\"op\":1,\"uid\":\"ada\"}"),
                Arguments.of("unknown-op", "/op", "{\"op\":\"PUT\",\"uid\":\"ada\",\"card\":{}}"),
                Arguments.of("member-missing", "/op", "{\"uid\":\"ada\",\"card\":{}}"),
                Arguments.of("member-missing", "/card", "{\"op\":\"put\",\"uid\":\"ada\"}"),
                Arguments.of("unknown-member", "/card", "{\"op\":\"delete\",\"uid\":\"ada\",\"card\":{}}"),
                Arguments.of("unknown-member", "/x", "{\"op\":\"delete\",\"uid\":\"ada\",\"x\":1}"),
                Arguments.of(
                        "malformed-hash",
                        "/ifContentHash",
                        "{\"op\":\"delete\",\"uid\":\"ada\",\"ifContentHash\":\"x\"}"),
                Arguments.of(
                        "malformed-hash",
                        "/ifContentHash",
                        "{\"op\":\"delete\",\"uid\":\"ada\",\"ifContentHash\":\"" + "A".repeat(64) + "\"}"));
    }

    /** 5.5. */
    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("invalidChanges")
    void namesTheContactAndTheRuleItBreaks(String item, String pointer, String change) {
        JsonObject problem = phone.patch(code, "{\"changes\":[{\"op\":\"delete\",\"uid\":\"fine\"}," + change + "]}")
                .is(ProblemType.INVALID_CONTACTS);

        assertThat(problem.getInt("total")).isEqualTo(1);
        JsonObject found = problem.getJsonArray("items").getJsonObject(0);
        assertThat(found.getInt("index")).isEqualTo(1);
        assertThat(found.getString("code")).isEqualTo(item);
        assertThat(found.getString("pointer")).isEqualTo(pointer);
        assertThat(found.getString("detail")).isNotBlank();
    }

    /** 5.5: all of them at once. */
    @Test
    void namesAllContactsAtFault() {
        String changes = IntStream.range(0, 1000)
                .mapToObj(i -> "{\"op\":\"put\",\"uid\":\"u%d\",\"card\":{\"a\":null,\"b\":1.5}}".formatted(i))
                .collect(Collectors.joining(","));

        JsonObject problem =
                phone.patch(code, "{\"changes\":[" + changes + "]}").is(ProblemType.INVALID_CONTACTS);

        assertThat(problem.getInt("total")).isEqualTo(2000);
        assertThat(problem.getJsonArray("items")).hasSize(1000);
        assertThat(problem.getJsonArray("items").getJsonObject(999).getString("uid"))
                .isEqualTo("u499");
    }

    @Test
    void refusesAUidThatStandsTwice() {
        JsonObject problem = phone.patch(
                        code, new Changes().put("ada", "{}").delete("ada").body())
                .is(ProblemType.INVALID_CONTACTS);

        assertThat(problem.getJsonArray("items").getJsonObject(0).getString("code"))
                .isEqualTo("duplicate-uid");
    }

    /** 9.2. */
    @Test
    void refusesToRebaseWithoutPreconditions() {
        JsonObject problem = phone.patch(
                        code, new Changes().put("ada", "{}").rebase().body())
                .is(ProblemType.INVALID_CONTACTS);

        assertThat(problem.getJsonArray("items").getJsonObject(0).getString("code"))
                .isEqualTo("precondition-missing");
    }

    @Test
    void refusesMoreChangesThanARequestMayHave() {
        phone.patch(code, Changes.puts(0, 1001).body()).is(ProblemType.CONTENT_TOO_LARGE);
    }

    @Test
    void refusesAMillionContacts() {
        byte[] body = ("{\"changes\":["
                        + IntStream.range(0, 1_000_000)
                                .mapToObj(i -> "{\"op\":\"delete\",\"uid\":\"" + i + "\"}")
                                .collect(Collectors.joining(","))
                        + "]}")
                .getBytes(UTF_8);

        phone.patch(code, body).is(ProblemType.CONTENT_TOO_LARGE);
        phone.patch(code, Device.gzip(body), "Content-Encoding", "gzip").is(ProblemType.CONTENT_TOO_LARGE);
    }

    /** 3.8: limits count the bytes after decoding. */
    @Test
    void refusesAGzipBomb() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write("{\"changes\":[".getBytes(UTF_8));
            byte[] blanks = " ".repeat(1_000_000).getBytes(UTF_8);
            for (int i = 0; i < 1000; i++) {
                gzip.write(blanks);
            }
        }
        assertThat(bomb.size()).isLessThan(4_194_304);

        phone.patch(code, bomb.toByteArray(), "Content-Encoding", "gzip").is(ProblemType.CONTENT_TOO_LARGE);
    }

    @Test
    void refusesDepthWithoutEnd() {
        String inCard = "{\"changes\":[" + put("{\"a\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + "}") + "]}";
        JsonObject problem = phone.patch(code, inCard).isAnyProblem();
        assertThat(problem.getInt("status")).isBetween(400, 422);

        phone.patch(code, "[".repeat(4_000_000)).isAnyProblem();
        phone.patch(code, "{\"changes\":".repeat(300_000)).isAnyProblem();
        phone.patch(code, "{\"changes\":[" + "{\"op\":".repeat(500_000)).isAnyProblem();
    }

    @Test
    void refusesGzipThatIsNone() {
        byte[] good = Device.gzip(new Changes().put("ada", "{}").body().getBytes(UTF_8));

        phone.patch(code, "plain".getBytes(UTF_8), "Content-Encoding", "gzip").is(ProblemType.MALFORMED_REQUEST);
        phone.patch(code, java.util.Arrays.copyOf(good, good.length / 2), "Content-Encoding", "gzip")
                .is(ProblemType.MALFORMED_REQUEST);
        phone.patch(code, good, "Content-Encoding", "br").is(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        phone.patch(code, good, "Content-Encoding", "gzip, gzip").is(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        phone.patch(code, good).isAnyProblem();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"})
    void refusesOtherMediaTypes(String type) {
        phone.patch(code, new Changes().put("ada", "{}").body(), "Content-Type", type)
                .is(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        phone.openWith("{}", "Content-Type", type).is(ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/book", "/v1/book/contacts", "/v1/book/changes", "/v1/book/digests", "/v1/capabilities"})
    void refusesToAnswerInAnotherForm(String path) {
        phone.get(path, "Accept", "text/html").is(ProblemType.NOT_ACCEPTABLE);
        phone.get(path, "Accept", "application/xml;q=0.9, image/png").is(ProblemType.NOT_ACCEPTABLE);
    }

    /** Protocol 13.1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1",
                "/v1/",
                "/v2/book",
                "/v1/books",
                "/v1/book/contact",
                "/v1/sync-tasks/x/chunks",
                "/v1/sync-tasks/x/y/z",
                "/dev",
                "/problem",
                "/WEB-INF/web.xml",
                "/META-INF/openapi.yaml",
                "/v1/book/exports",
                "/v1/account/exports",
                "/admin/v1",
                "/favicon.ico"
            })
    void doesNotKnowOtherPaths(String path) {
        HttpAnswer answer = phone.get(path);
        assertThat(answer.status()).as("%s", answer).isIn(404, 405);
        answer.isAnyProblem();
    }

    @Test
    void refusesOtherMethods() {
        for (String path : List.of("/v1/book", "/v1/book/contacts", "/v1/book/changes", "/v1/capabilities")) {
            for (String method : List.of("DELETE", "PUT", "POST", "QUERY")) {
                HttpAnswer answer =
                        phone.send(method, path, BodyPublishers.ofString("{}"), "Content-Type", "application/json");
                answer.is(ProblemType.METHOD_NOT_ALLOWED);
                assertThat(answer.header("Allow").orElse("")).contains("GET");
            }
        }
        phone.send("PATCH", "/v1/sync-tasks", BodyPublishers.ofString("{}"), "Content-Type", "application/json")
                .is(ProblemType.METHOD_NOT_ALLOWED);
    }

    @Test
    void refusesWhatIsNoUpload() {
        for (String body : List.of(
                "{}",
                "{\"kind\":\"initial\"}",
                "{\"kind\":\"replace\",\"checkBefore\":\"" + code + "\",\"chunks\":1.0,\"contacts\":1}",
                "{\"kind\":\"replace\",\"checkBefore\":\"" + code + "\",\"chunks\":\"1\",\"contacts\":1}",
                "{\"kind\":\"replace\",\"checkBefore\":\"" + code + "\",\"chunks\":1,\"contacts\":1,\"x\":1}",
                "{\"kind\":\"replace\",\"checkBefore\":\"x\",\"chunks\":1,\"contacts\":1}")) {
            phone.openWith(body).is(ProblemType.MALFORMED_REQUEST);
        }
        phone.openWith("x").is(ProblemType.MALFORMED_JSON);
        phone.openWith("{\"kind\":\"" + "x".repeat(10_000) + "\"}").is(ProblemType.CONTENT_TOO_LARGE);
    }

    @Test
    void refusesBadChunks() {
        String task = phone.open("replace", code, 2, 2000).is(201).string("id");

        phone.chunk(task, 1, "{").is(ProblemType.MALFORMED_JSON);
        phone.chunk(task, 1, "{}").is(ProblemType.MALFORMED_REQUEST);
        phone.chunk(task, 1, new Changes().put("ada", "{}").body()).is(ProblemType.MALFORMED_REQUEST);
        phone.chunk(task, 1, "{\"contacts\":[]}").is(ProblemType.MALFORMED_REQUEST);
        phone.chunk(task, 1, "{\"contacts\":[{\"uid\":\"a\"}]}").is(ProblemType.INVALID_CONTACTS);
        phone.chunk(task, 1, "{\"contacts\":[{\"op\":\"put\",\"uid\":\"a\",\"card\":{}}]}")
                .is(ProblemType.INVALID_CONTACTS);
        phone.chunk(task, 1, Changes.contacts(0, 1001)).is(ProblemType.CONTENT_TOO_LARGE);
        for (String number : List.of("0", "-1", "x", "1.0", "99999999999999999999", "01")) {
            byte[] body = Changes.contacts(0, 1).getBytes(UTF_8);
            phone.send(
                            "PUT",
                            "/v1/sync-tasks/" + task + "/chunks/" + number,
                            BodyPublishers.ofByteArray(body),
                            "Content-Type",
                            "application/json",
                            "Content-Digest",
                            Device.contentDigest(body))
                    .isAnyProblem();
        }
        assertThat(phone.task(task).number("nextChunk")).isEqualTo(1);
        phone.commit(task, "{\"x\":1}").is(ProblemType.MALFORMED_REQUEST);
        phone.commit(task, "x").is(ProblemType.MALFORMED_JSON);
        phone.cancel(task);
    }

    /** 3.3. */
    @Test
    void refusesADeviceIdThatIsNone() {
        phone.get("/v1/book", "Device-Id", "x".repeat(65)).is(ProblemType.MALFORMED_REQUEST);
    }

    /** 3.2. */
    @Test
    void refusesEveryTokenThatIsNotOneOfTheIssuer() throws Exception {
        String keyId = new String(
                        Base64.getUrlDecoder()
                                .decode(phone.token().substring(0, phone.token().indexOf('.'))),
                        UTF_8)
                .replaceFirst(".*\"kid\":\"([^\"]+)\".*", "$1");
        KeyPair keys = SignedToken.developmentKeys(server.data());
        Instant now = Instant.now();
        SignedToken good = new SignedToken(DEVELOPMENT, DEVELOPMENT, "mallory", now, now.plusSeconds(600), keyId);
        assertThat(phone.withToken(good.rs256(keys.getPrivate()))
                        .get("/v1/book")
                        .status())
                .isEqualTo(200);

        for (String token : List.of(
                "x",
                "a.b.c",
                good.rs256(SignedToken.newKeys().getPrivate()),
                good.unsigned(),
                good.hs256(keys.getPublic().getEncoded()),
                good.by("https://issuer.example").rs256(keys.getPrivate()),
                good.to("another-service").rs256(keys.getPrivate()),
                good.from(now.minusSeconds(600), now.minusSeconds(90)).rs256(keys.getPrivate()),
                good.from(now.minus(Duration.ofDays(3)), now.plusSeconds(600)).rs256(keys.getPrivate()),
                phone.token().substring(0, phone.token().length() - 4) + "AAAA")) {
            Device forger = phone.withToken(token);
            for (HttpAnswer answer : List.of(
                    forger.get("/v1/book"),
                    forger.patch(code, new Changes().delete("there").body()),
                    forger.open("replace", code, 1, 1),
                    forger.get("/v1/book/contacts/there"))) {
                answer.is(ProblemType.UNAUTHORIZED);
                assertThat(answer.header("WWW-Authenticate").orElse("")).startsWith("Bearer");
                assertThat(answer.text()).doesNotContain(token.length() > 5 ? token : "mallory");
            }
        }
        phone.withToken("").get("/v1/book").is(ProblemType.UNAUTHORIZED);
        phone.withToken("").patch(code, new Changes().delete("there").body()).is(ProblemType.UNAUTHORIZED);
    }

    /** 3.12. */
    @Test
    void anotherUsersThingsAreNotThere() {
        Device stranger = Device.ofNewUser(server);
        String task = phone.open("replace", code, 1, 1).is(201).string("id");

        stranger.contact("there").is(ProblemType.NOT_FOUND);
        stranger.task(task).is(ProblemType.NOT_FOUND);
        stranger.cancel(task).is(ProblemType.NOT_FOUND);
        stranger.commit(task).is(ProblemType.NOT_FOUND);
        stranger.chunk(task, 1, Changes.contacts(0, 1)).is(ProblemType.NOT_FOUND);
        stranger.patch(code, new Changes().delete("there").body()).is(ProblemType.CHECK_CODE_MISMATCH);
        assertThat(phone.task(task).string("state")).isEqualTo("receiving");
    }

    /** What the HTTP layer of the server refuses by itself has no body; it is never a page. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE",
                "GET /v1/book HTTP/1.1\r\nX-Long: LONG",
                "GET /v1/book?x=LONG HTTP/1.1",
                "GET /v1/book HTTP/1.1\r\nMANY",
                "GET /v1/book HTTP/1.1\r\nbad header: x",
                "TRACE /v1/book HTTP/1.1",
                "PATCH /v1/book/contacts HTTP/1.1\r\nContent-Length: x",
                "PATCH /v1/book/contacts HTTP/1.1\r\nContent-Length: -1",
                "PATCH /v1/book/contacts HTTP/1.1\r\nTransfer-Encoding: x"
            })
    void refusesWhatIsHardlyHttp(String head) throws IOException {
        String request = head.replace("LONG", "x".repeat(20_000))
                .replace(
                        "MANY",
                        IntStream.range(0, 200).mapToObj(i -> "X-" + i + ": x").collect(Collectors.joining("\r\n")));

        String answer = raw(request + "\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + phone.token() + "\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1\\.1 4.*");
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).doesNotContain("text/html", "<h", "exception", "\tat ");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private static String put(String card) {
        return "{\"op\":\"put\",\"uid\":\"ada\",\"card\":" + card + "}";
    }
}
