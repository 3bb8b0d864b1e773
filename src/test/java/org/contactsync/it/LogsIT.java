package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.it.Windows.Failure;
import org.contactsync.it.Windows.Stop;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever fails, and whatever is sent: the files that the server writes beside its database hold nothing of a book, and stay small. */
class LogsIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    /** In everything that a test sends and nobody may find again. */
    private static final String CANARY = "canary-" + UUID.randomUUID();

    /** A thousand malformed requests; before, one of them wrote up to 5 KB. */
    private static final int REQUESTS = 1_000;

    private static final long MOST_BYTES = 300_000;

    @TempDir
    private static Path directory;

    private static LibertyServer server;
    private static Windows windows;

    @BeforeAll
    static void start() {
        server = LibertyServer.in(directory.resolve("server")).withDatabase("logs");
        windows = Windows.of(server, directory);
        server.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** The database's exception holds the row that is locked. */
    @Test
    void aLockThatIsNotHadTellsNothingOfTheBook() throws IOException {
        Device user = Device.ofUser(server, CANARY);
        HttpAnswer book = user.get("/v1/book").is(200);
        String change = new Changes().put(CANARY, Changes.card(CANARY)).body();
        user.another(Windows.device(Stop.BEFORE_DATABASE_COMMIT)).patchAsync(book.tag(), change, "Prefer", "wait=50");
        windows.awaitReached(Stop.BEFORE_DATABASE_COMMIT, 1);

        // It waits behind the first one; when its wait is over, its row needs the book that the first one holds.
        HttpAnswer late = user.patch(book.tag(), change, "Prefer", "wait=1", "traceparent", TRACEPARENT);

        late.is(ProblemType.UNAVAILABLE);
        String request = late.header("X-Request-Id").orElseThrow();
        assertThat(late.header("traceparent").orElseThrow()).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
        assertThat(late.string("instance")).isEqualTo("urn:uuid:" + request);
        String owner = "owner=" + owner(CANARY).key();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(log())
                        .containsPattern("task not parked: .* request=" + request)
                        .contains(owner)
                        .containsPattern("SQLSTATE=(HYT00|55P03)")
                        .containsPattern("\\tat org\\.contactsync\\.store\\."));
        String key = book.string("checkKey");
        assertNoneOf(
                CANARY,
                user.token(),
                key,
                HexFormat.of().formatHex(Base64.getUrlDecoder().decode(key)));
    }

    @Test
    void a500IsLoggedWithItsRouteItsUserAndItsRequest() throws IOException {
        String name = CANARY + "-500";
        Device user = Device.ofUser(server, name).another(Windows.device(Failure.OF_DATABASE_COMMIT));

        HttpAnswer failed = user.patch(
                user.checkCode(),
                new Changes().put(CANARY, Changes.card(CANARY)).body(),
                "traceparent",
                TRACEPARENT);

        failed.is(ProblemType.INTERNAL_ERROR);
        String request = failed.header("X-Request-Id").orElseThrow();
        assertThat(failed.string("instance")).isEqualTo("urn:uuid:" + request);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(log())
                        .containsPattern("step failed: step=ApplyChanges .* request=" + request
                                + ": java.lang.IllegalStateException\n")
                        .contains("answered 500: method=PATCH route=/v1/book/contacts user="
                                + owner(name).key() + " request=" + request + " trace=" + TRACE));
        assertNoneOf(CANARY, user.token());
    }

    /** Protocol 3.15 and 5.1. */
    @Test
    void eachAnswerAndEachProblemMadeAtTheDoorNamesItsRequest() {
        Device user = Device.ofNewUser(server);
        HttpAnswer first = user.get("/v1/book").is(200);
        HttpAnswer second = user.get("/v1/book").is(200);

        assertThat(first.header("X-Request-Id").orElseThrow())
                .isNotEqualTo(second.header("X-Request-Id").orElseThrow());
        for (HttpAnswer refused : List.of(
                user.withToken("x").get("/v1/book"),
                user.get("/v1/none"),
                user.contact("nobody"),
                user.patch("not a code", "{}"))) {
            refused.isAnyProblem();
            assertThat(refused.string("instance"))
                    .isEqualTo("urn:uuid:" + refused.header("X-Request-Id").orElseThrow());
        }
        assertThat(user.patch(
                                first.tag(),
                                new Changes().delete("nobody").body(),
                                "Idempotency-Key",
                                "\"" + UUID.randomUUID() + "\"")
                        .text())
                .as("kept for its key to the last byte (7.2)")
                .doesNotContain("instance");
    }

    @Test
    void aFloodOfMalformedRequestsIsAFewLinesAndLeavesTheAuditAlone() throws IOException {
        Path audit = server.data().resolve("audit/audit.0.log");
        String auditBefore = Files.readString(audit);
        Map<Path, Long> before = sizes();
        List<byte[]> malformed = malformed();
        for (int i = 0; i < REQUESTS; i++) {
            send(malformed.get(i % malformed.size()));
        }

        Map<Path, Long> after = sizes();
        after.forEach((file, size) -> assertThat(size - before.getOrDefault(file, 0L))
                .as("growth of %s", file)
                .isLessThan(MOST_BYTES));
        assertThat(Files.readString(audit)).isEqualTo(auditBefore);
        assertThat(server.ready()).isTrue();
        assertNoneOf(CANARY);
        assertThat(directory.resolve("server/output/contact-sync/logs/ffdc")).doesNotExist();
    }

    private static List<byte[]> malformed() {
        return Stream.of(
                        "GET /v1/book HTTP/1.1\r\nAccept: */*;q=" + CANARY,
                        "GET /v1/book HTTP/1.1\r\nAccept-Language: ;;;q=" + CANARY,
                        "GET /v1/book/contacts/" + CANARY + "%ff HTTP/1.1\r\nX: x",
                        "GET /v1/book/contacts/" + CANARY + "%zz HTTP/1.1\r\nX: x",
                        "GET /" + CANARY + "\\b HTTP/1.1\r\nX: x",
                        "GET /metrics?scope=" + CANARY + " HTTP/1.1\r\nX: x",
                        "GET /metrics/" + CANARY + " HTTP/1.1\r\nX: x",
                        "GET /v1/book HTTP/1.1\r\nAuthorization: Bearer " + CANARY,
                        "GET /v1/book HTTP/1.1\r\nAuthorization: Bearer a." + CANARY + ".c",
                        "GET /v1/book HTTP/1.1\r\ntraceparent: " + CANARY,
                        "GET /v1/book HTTP/1.1\r\nX-Request-Id: " + CANARY,
                        "GET /v1/book HTTP/1.1\r\nContent-Type: " + CANARY + "/;;;",
                        "POST /dev/tokens HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded;charset=" + CANARY
                                + "\r\nContent-Length: 0",
                        "GET /v1/book HTTP/1.1\r\nX: " + CANARY + "x".repeat(20_000))
                .map(head ->
                        (head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    /** Sends it and reads what comes; a connection that the server closes early is an answer too. */
    private static void send(byte[] request) {
        try (Socket socket = new Socket(InetAddress.getByName("localhost"), server.port())) {
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            socket.getOutputStream().write(request);
            socket.getInputStream().transferTo(new ByteArrayOutputStream());
        } catch (IOException e) {
            assertThat(server.ready()).as("closed early").isTrue();
        }
    }

    private static Owner owner(String subject) {
        return new Owner(issuer(), subject);
    }

    /** Of development tokens. */
    private static String issuer() {
        try {
            String payload = server.developmentToken("x").split("\\.")[1];
            String claims = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
            return claims.replaceFirst(".*\"iss\":\"([^\"]+)\".*", "$1").replace("\\/", "/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String log() throws IOException {
        return Files.readString(server.log());
    }

    /** Of the files that the server writes, but those of the database. */
    private static Map<Path, Long> sizes() throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        for (Path file : files()) {
            sizes.put(file, Files.size(file));
        }
        return sizes;
    }

    private static void assertNoneOf(String... canaries) throws IOException {
        for (Path file : files()) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(canaries).as("%s", file).noneMatch(text::contains);
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("server"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/workarea/"))
                    .filter(file -> !file.toString().endsWith(".mv.db"))
                    .toList();
        }
    }
}
