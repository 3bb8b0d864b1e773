package org.contactsync.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.contactsync.hostile.RawConnection.Reply;
import org.contactsync.it.LibertyServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of many accounts that come slowly, and bodies whose length can be read in two ways. */
class BodiesIT {
    private static final byte[] NOTHING = new byte[0];
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String NEXT = "GET /v1/smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /** Beginnings of requests to the application and to the server's own modules. */
    private static final List<String> LINES = List.of(
            "POST /v1/sync-tasks HTTP/1.1\r\nHost: localhost\r\n",
            "GET /v1/capabilities HTTP/1.1\r\nHost: localhost\r\n",
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n");

    private static final int ACCOUNTS = 30;

    /** For a machine that does other things too: the honest user waits for a place a fraction of a second at most. */
    private static final double MOST_MILLIS = 5_000;

    private static LibertyServer server;
    private static final List<String> ACCOUNT = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws IOException {
        server = LibertyServer.in(directory).withDatabase("bodies").start();
        for (int i = 0; i < ACCOUNTS; i++) {
            ACCOUNT.add(authorization("slow" + i));
        }
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** They take 240 times what there is: 64 places. */
    @Test
    void letsAnHonestUserWriteBesideThirtyAccountsWithEightSlowBodiesEach() throws IOException {
        Timings quiet = honest(Duration.ofSeconds(3), 1);
        try (SlowBodies slow = new SlowBodies(server.port())) {
            for (int i = 0; i < 8; i++) {
                for (String account : ACCOUNT) {
                    if (i % 4 == 3) {
                        slow.addChunked(account);
                    } else {
                        slow.add(account, 100);
                    }
                }
            }
            slow.start();
            isQuick(quiet, honest(Duration.ofSeconds(6), 1));
            assertThat(slow.begun()).as("some were ended").isGreaterThan(8 * ACCOUNTS);
        }
        // Nobody had less afterwards.
        isQuick(quiet, honest(Duration.ofSeconds(1), 1));
    }

    /** One body each: nobody is greedy. Those that are oldest make room. */
    @Test
    void letsAnHonestUserWriteBesideSeventyAccountsWithOneSlowBodyEach() throws IOException {
        Timings quiet = honest(Duration.ofSeconds(1), 1);
        try (SlowBodies slow = new SlowBodies(server.port())) {
            for (int i = 0; i < 70; i++) {
                slow.add(i < ACCOUNTS ? ACCOUNT.get(i) : authorization("one" + i), 100);
            }
            slow.start();
            Timings first = honest(Duration.ofSeconds(5), 1);
            System.out.printf("one slow body each: %d requests, p99 %.0f ms%n", first.count(), first.millis(99));
            isQuick(quiet, first);
        }
    }

    /** Together they would hold 72 MiB of the 32 MiB that there are. */
    @Test
    void letsAnHonestUserWriteBesideSlowBodiesThatHoldTheBudgetOfBytes() throws IOException {
        Timings quiet = honest(Duration.ofSeconds(1), 50);
        try (SlowBodies slow = new SlowBodies(server.port())) {
            for (int i = 0; i < 2; i++) {
                for (String account : ACCOUNT) {
                    slow.add(account, 1_200_000);
                }
            }
            slow.start();
            isQuick(quiet, honest(Duration.ofSeconds(6), 50));
        }
    }

    /** Request smuggling: what a proxy takes for a body must never be a request here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: identity\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding:\u000bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
            })
    void refusesARequestWhoseEndCanBeReadInTwoWaysAndCloses(String head) throws IOException {
        for (String line : LINES) {
            assertThat(answersTo(line + head + NEXT)).as(line).containsExactly(400);
        }
    }

    /** The server takes one of the two before any filter sees them, and closes the connection behind the answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Content-Length: 5\r\nContent-Length: 0\r\n\r\n12345",
                "Content-Length: 0\r\nContent-Length: 5\r\n\r\n12345"
            })
    void takesNoOtherRequestBehindOneWithTwoLengths(String head) throws IOException {
        for (String line : LINES) {
            assertThat(answersTo(line + head + NEXT)).as(line).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "Content-Length: 0\r\n\r\n",
                "Content-Length: 2\r\n\r\n{}",
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: Chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n"
            })
    void takesOneRequestAfterTheOtherWhereEachSaysItsEnd(String head) throws IOException {
        for (String line : LINES.subList(1, LINES.size())) {
            assertThat(answersTo(line + head + NEXT)).as(line).containsExactly(200, 404);
        }
    }

    /** The statuses of all answers until the connection is closed. */
    private static List<Integer> answersTo(String requests) throws IOException {
        List<Integer> answers = new ArrayList<>();
        try (RawConnection connection = RawConnection.to(server.port()).send(requests)) {
            while (true) {
                answers.add(connection.receive(false).status());
            }
        } catch (EOFException | SocketException closed) {
            return answers;
        }
    }

    private static void isQuick(Timings quiet, Timings beside) {
        System.out.printf(
                "quiet: p50 %.0f ms, p99 %.0f ms; beside slow bodies: %d requests, p50 %.0f ms, p99 %.0f ms%n",
                quiet.millis(50), quiet.millis(99), beside.count(), beside.millis(50), beside.millis(99));
        assertThat(beside.count()).isPositive();
        assertThat(beside.millis(99)).isLessThan(Math.max(MOST_MILLIS, 5 * quiet.millis(99)));
    }

    /** A new user changes its book, one request after the other; each must be answered 200. */
    private static Timings honest(Duration time, int contacts) throws IOException {
        Timings timings = new Timings();
        String user = authorization("honest");
        try (RawConnection connection = RawConnection.to(server.port())) {
            String code = code(connection.exchange("GET", "/v1/book", user, NOTHING));
            long end = System.nanoTime() + time.toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
                long start = System.nanoTime();
                code = code(connection.exchange(
                        "PATCH",
                        "/v1/book/contacts",
                        user + JSON + "If-Match: \"" + code + "\"\r\n",
                        puts(i, contacts)));
                timings.add("change", System.nanoTime() - start);
            }
        }
        return timings;
    }

    private static String code(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.header("ETag").replace("\"", "");
    }

    private static byte[] puts(int version, int contacts) {
        StringBuilder changes = new StringBuilder("{\"changes\":[");
        for (int i = 0; i < contacts; i++) {
            changes.append(i == 0 ? "" : ",")
                    .append("{\"op\":\"put\",\"uid\":\"u")
                    .append(i)
                    .append("\",\"card\":{\"name\":{\"full\":\"")
                    .append("x".repeat(1_000))
                    .append(version)
                    .append("\"}}}");
        }
        return changes.append("]}").toString().getBytes(UTF_8);
    }

    private static String authorization(String user) throws IOException {
        return "Authorization: Bearer " + server.developmentToken(user + "-" + UUID.randomUUID()) + "\r\n";
    }
}
