package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.contactsync.hostile.RawConnection.Reply;
import org.contactsync.it.LibertyServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are made to fill memory or time, and exports that nobody reads, in a server with its own memory limits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilesIT {
    private static final String EXPORT = "/v1/book/export";
    private static final byte[] NOTHING = new byte[0];
    private static final int USERS = 6;
    private static final int BOOK = 4_000;
    private static final int MIB = 1 << 20;
    private static final long SEED = 4_242;

    /** Bytes of a note before Base64. */
    private static final int LARGE = 140_000;

    /** What a bomb may be answered: taken, refused, or not now. */
    private static final List<Integer> ANSWERS = List.of(200, 202, 400, 408, 413, 415, 422, 429, 503);

    /** Of these one, at least, of several users who send the same bomb was looked at. */
    private static final List<Integer> LOOKED_AT = List.of(200, 400, 413, 422);

    @TempDir
    private static Path directory;

    private LibertyServer server;
    private String reader;

    @BeforeAll
    void start() throws IOException {
        server = LibertyServer.in(directory)
                .with("RATE_PER_SECOND", "100000")
                .with("RATE_BURST", "100000")
                .withDatabase("files")
                .start();
        String token = server.developmentToken("reader");
        reader = authorization(token);
        new HonestUser(server.port(), token, BOOK, 1_000, 1, (kind, took) -> {}).close();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static Map<String, byte[]> bombs() {
        Map<String, byte[]> bombs = new TreeMap<>();
        bombs.put("a million properties", vcard("X-A:1\r\n".repeat(550_000)));
        bombs.put("properties in every vCard", repeated(vcard("X-A:1\r\n".repeat(3_900)), 120));
        bombs.put("an endless line", bytes("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:" + "x".repeat(4 * MIB - 100)));
        bombs.put("a property of 10 MiB", vcard("NOTE:" + "x".repeat(10 * MIB) + "\r\n"));
        bombs.put("a picture of 10 MiB", vcard("PHOTO:data:image/jpeg;base64," + "A".repeat(10 * MIB) + "\r\n"));
        bombs.put(
                "pictures as data",
                repeated(vcard("PHOTO:data:image/jpeg;base64," + "A".repeat(300_000) + "\r\n"), 12));
        bombs.put("semicolons", repeated(vcard("N:" + ";".repeat(380_000) + "\r\n"), 10));
        bombs.put("commas", repeated(vcard("CATEGORIES:" + "a,".repeat(190_000) + "\r\n"), 10));
        bombs.put("parameters", repeated(vcard("TEL" + ";A=1".repeat(95_000) + ":1\r\n"), 10));
        bombs.put("folds", repeated(vcard("NOTE:" + "\r\n ".repeat(125_000) + "\r\n"), 10));
        bombs.put("agents", bytes("BEGIN:VCARD\r\nVERSION:2.1\r\nAGENT:\r\n".repeat(100_000)));
        bombs.put("beginnings", bytes("BEGIN:VCARD\r\n".repeat(300_000)));
        bombs.put("empty vCards", bytes("BEGIN:VCARD\r\nEND:VCARD\r\n".repeat(170_000)));
        bombs.put(
                "quoted-printable",
                repeated(vcard("NOTE;ENCODING=QUOTED-PRINTABLE:" + "=\r\n".repeat(120_000) + "\r\n"), 10));
        bombs.put("charsets that are none", vcard("FN;CHARSET=x-none:" + "\u00ff".repeat(1_000) + "\r\n"));
        bombs.put("JSON in vCards", repeated(vcard("JSPROP;JSPTR=a:" + "[".repeat(380_000) + "\r\n"), 10));
        bombs.put(
                "small values for a large one",
                repeated(
                        vcard("JSPROP;JSPTR=x:{"
                                + IntStream.range(0, 25_000)
                                        .mapToObj(i -> "\"k%04x\":1".formatted(i))
                                        .collect(Collectors.joining(","))
                                + "}\r\n"
                                + "JSPROP;JSPTR=x/aaaa:1\r\n".repeat(3_900)),
                        11));
        bombs.put("cards of JSON", bytes("[" + "{\"@type\":\"Card\"},".repeat(200_000) + "{}]"));
        bombs.put("a card of small values", bytes("[{\"a\":[" + "1,".repeat(2_000_000) + "1]}]"));
        bombs.put("nested JSON", bytes("[".repeat(2_000_000)));
        return bombs;
    }

    /** Protocol 4.25.7. Each bomb from several users at once, plain and packed; then the service is as before. */
    @Test
    void filesThatAreMadeToFillMemoryAreRefusedInLittleOfIt() throws IOException {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            users.add(authorization(server.developmentToken("hostile-" + i)));
        }
        for (Map.Entry<String, byte[]> bomb : bombs().entrySet()) {
            String type = bomb.getValue()[0] == '[' ? "application/jscontact+json" : "text/vcard";
            byte[] packed = gzip(bomb.getValue());
            List<CompletableFuture<Integer>> sent = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                String headers = users.get(i) + "Content-Type: " + type + "\r\n"
                        + (i % 2 == 0 ? "Content-Encoding: gzip\r\n" : "") + "Prefer: handling=lenient\r\n";
                byte[] body = i % 2 == 0 ? packed : bomb.getValue();
                sent.add(CompletableFuture.supplyAsync(() -> post(headers, body)));
            }
            assertThat(sent)
                    .extracting(CompletableFuture::join)
                    .as(bomb.getKey())
                    .isSubsetOf(ANSWERS)
                    .containsAnyElementsOf(LOOKED_AT);
        }
        assertThat(server.ready()).isTrue();
        String honest = authorization(server.developmentToken("honest")) + "Content-Type: text/vcard\r\n";
        assertThat(post(honest, bytes("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\nEND:VCARD\r\n")))
                .isEqualTo(200);
    }

    /** Protocol 4.24.5 and 4.26.4: one that does not read has its place for a limited time. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/book/export", "/v1/account/export"})
    void anExportThatNobodyReadsEnds(String path) throws IOException {
        byte[] request = RawConnection.request("GET", path, reader, NOTHING);
        List<RawConnection> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                deaf.add(RawConnection.deafTo(server.port()).send(request));
            }
            assertThat(server.ready()).isTrue();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(get(path, reader).status()).isEqualTo(200));
        } finally {
            deaf.forEach(RawConnection::close);
        }
        String whole = get(path, reader).text();
        if (path.startsWith("/v1/book")) {
            assertThat(whole.split("BEGIN:VCARD")).hasSize(BOOK + 1);
        } else {
            assertThat(whole).contains("manifest.json");
        }
    }

    /** Protocol 4.24.2 and 4.24.5. */
    @Test
    void anExportOfABookThatChangesIsCutOff() throws IOException {
        String user = authorization(server.developmentToken("changing"));
        // Text that does not get shorter when it is packed, so that no buffer has room for the book.
        Random random = new Random(SEED);
        for (int part = 0; part < 4; part++) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            for (int i = 0; i < 15; i++) {
                byte[] note = new byte[150_000];
                random.nextBytes(note);
                file.writeBytes(bytes("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:c" + part + "-" + i + "\r\nFN:C\r\nNOTE:"
                        + Base64.getEncoder().encodeToString(note) + "\r\nEND:VCARD\r\n"));
            }
            assertThat(post(user + "Content-Type: text/vcard\r\n", file.toByteArray()))
                    .isEqualTo(200);
        }
        int changes = 0;
        for (String path : List.of(EXPORT, EXPORT + "/", EXPORT + ";a=b")) {
            for (String type : List.of("text/vcard", "application/jscontact+json")) {
                for (String coding : List.of("identity", "gzip")) {
                    String headers = user + "Accept: " + type + "\r\nAccept-Encoding: " + coding + "\r\n";
                    Optional<RawConnection> begun = begun(path, headers);
                    if (begun.isEmpty()) {
                        assertThat(path).as("a path that has no export").isNotEqualTo(EXPORT);
                        continue;
                    }
                    try (RawConnection slow = begun.get()) {
                        assertOnlyOneExport(headers);
                        change(user, ++changes);
                        assertThat(ending(slow))
                                .as(path + " " + type + " " + coding)
                                .doesNotEndWith("\r\n0\r\n\r\n");
                    }
                }
            }
        }
    }

    /** An export whose head has come; the one before it may have the user's place for a moment longer. */
    private Optional<RawConnection> begun(String path, String headers) throws IOException {
        for (int i = 0; i < 50; i++) {
            RawConnection slow =
                    RawConnection.deafTo(server.port()).send(RawConnection.request("GET", path, headers, NOTHING));
            String head = slow.read(Duration.ofSeconds(30), "\r\n\r\n");
            if (head.startsWith("HTTP/1.1 200")) {
                return Optional.of(slow);
            }
            slow.close();
            if (!head.startsWith("HTTP/1.1 429")) {
                return Optional.empty();
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new AssertionError("no place for an export of " + path);
    }

    /** Protocol 4.26.2. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anArchiveOfAnAccountThatChangesOrIsErasedIsCutOff(boolean erased) throws IOException {
        String user = authorization(server.developmentToken("archived-" + erased));
        String contact = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:c%d\r\nFN:C\r\nNOTE:%s\r\nEND:VCARD\r\n";
        Random random = new Random(LARGE);
        for (int part = 0; part < 4; part++) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            for (int i = 0; i < 15; i++) {
                // An archive is packed: this cannot be made much smaller.
                byte[] note = new byte[LARGE];
                random.nextBytes(note);
                String text = Base64.getEncoder().encodeToString(note);
                file.writeBytes(bytes(contact.formatted(part * 15 + i, text)));
            }
            assertThat(post(user + "Content-Type: text/vcard\r\n", file.toByteArray()))
                    .isEqualTo(200);
        }
        try (RawConnection slow = RawConnection.deafTo(server.port())
                .send(RawConnection.request("GET", "/v1/account/export", user, NOTHING))) {
            slow.read(Duration.ofSeconds(30), "\r\n\r\n");
            if (erased) {
                try (RawConnection connection = RawConnection.to(server.port())) {
                    assertThat(connection
                                    .exchange("DELETE", "/v1/account", user, NOTHING)
                                    .status())
                            .isIn(202, 204);
                }
            } else {
                assertThat(post(user + "Content-Type: text/vcard\r\n", vcard("TEL:1\r\n")))
                        .isEqualTo(200);
            }
            assertThat(ending(slow)).doesNotEndWith("\r\n0\r\n\r\n").doesNotContain("manifest.json");
        }
        Reply again = Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> get("/v1/account/export", user), reply -> reply.status() != 429);
        assertThat(again.status()).isEqualTo(erased ? 404 : 200);
        assertThat(again.text().contains("manifest.json")).isEqualTo(!erased);
    }

    /** Protocol 4.24.2: in HTTP/1.0 the end of the connection is the end of the file, so its contacts are counted. */
    @Test
    void anExportThatIsCutOffHasFewerContactsThanAnnounced() throws IOException {
        String request = "GET /v1/book/export HTTP/1.0\r\nHost: localhost\r\nAccept: text/vcard\r\n" + reader + "\r\n";
        try (RawConnection whole = RawConnection.to(server.port()).send(request)) {
            assertThat(announced(whole)).isEqualTo(BOOK);
            assertThat(received(whole)).isEqualTo(BOOK);
        }
        String user = authorization(server.developmentToken("counting"));
        for (int part = 0; part < 3; part++) {
            byte[] cards = bytes("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:C" + part + "\r\nNOTE:" + "x".repeat(100_000)
                    + "\r\nEND:VCARD\r\n");
            assertThat(post(user + "Content-Type: text/vcard\r\n", cards)).isEqualTo(200);
        }
        assertThat(post(user + "Content-Type: text/vcard\r\n", many())).isEqualTo(200);

        try (RawConnection slow = RawConnection.deafTo(server.port()).send(request.replace(reader, user))) {
            assertThat(announced(slow)).isEqualTo(33);
            change(user, 0);
            assertThat(received(slow)).isLessThan(33);
        }
    }

    /** The number in {@code Contact-Count}. */
    private static int announced(RawConnection connection) throws IOException {
        String head = connection.read(Duration.ofSeconds(30), "\r\n\r\n");
        return Integer.parseInt(head.replaceFirst("(?is).*\\r\\nContact-Count: ([0-9]+)\\r\\n.*", "$1"));
    }

    /** How many vCards come before the connection ends. */
    private static int received(RawConnection connection) {
        int received = 0;
        try {
            while (true) {
                received += connection.read(Duration.ofSeconds(30), "\n").startsWith("END:VCARD") ? 1 : 0;
            }
        } catch (IOException ended) {
            return received;
        }
    }

    /** 30 contacts of 130 KB each. */
    private static byte[] many() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int i = 0; i < 30; i++) {
            file.writeBytes(bytes("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:m" + i + "\r\nFN:M\r\nNOTE:" + "x".repeat(130_000)
                    + "\r\nEND:VCARD\r\n"));
        }
        return file.toByteArray();
    }

    private void change(String user, int number) {
        assertThat(post(user + "Content-Type: text/vcard\r\n", vcard("TEL:" + number + "\r\n")))
                .isEqualTo(200);
    }

    private void assertOnlyOneExport(String headers) throws IOException {
        try (RawConnection second = RawConnection.to(server.port())) {
            Reply refused = second.exchange("GET", EXPORT, headers, NOTHING);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        }
    }

    /** The last bytes that come before the server ends the connection or sends no more. */
    private static String ending(RawConnection connection) {
        StringBuilder last = new StringBuilder();
        try {
            while (last.length() < 100_000_000) {
                last.append(connection.read(Duration.ofSeconds(10), "\n"));
                last.delete(0, Math.max(0, last.length() - 100));
            }
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            last.append(message.substring(message.indexOf(": ") + 2));
        }
        return last.toString();
    }

    private Reply get(String path, String headers) throws IOException {
        try (RawConnection connection = RawConnection.to(server.port())) {
            return connection.exchange("GET", path, headers, NOTHING);
        }
    }

    /** The status; 408 if the server ended the connection, as 3.14 says of a body that is too large or too slow. */
    private int post(String headers, byte[] body) {
        try (RawConnection connection = RawConnection.to(server.port())) {
            return connection.exchange("POST", "/v1/book/import", headers, body).status();
        } catch (IOException ended) {
            return 408;
        }
    }

    private static String authorization(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] vcard(String lines) {
        return bytes("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:a\r\nFN:A\r\n" + lines + "END:VCARD\r\n");
    }

    private static byte[] repeated(byte[] bytes, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
