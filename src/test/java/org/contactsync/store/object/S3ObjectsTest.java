package org.contactsync.store.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.PhotoObjectsContract;
import org.contactsync.photo.Pictures;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store keeps the contract against a real S3 server; whatever a server does wrong is a store that is away, within limits. */
class S3ObjectsTest implements PhotoObjectsContract {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration SHORT = Duration.ofMillis(300);

    /** For a server that answers. */
    private static final Duration LONG = S3Objects.LONGEST;

    private static final byte[] PIECE = Pictures.jpeg(1_000, 1);

    private static S3Server server;
    private static S3Objects objects;

    private final ObjectName name = new ObjectName(UUID.randomUUID(), 0);

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = S3Server.in(directory);
        objects = new S3Objects(server.store(), CLOCK);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    public PhotoObjects objects() {
        return objects;
    }

    @Test
    void aWrongKeyIsNoMissingPiece() {
        PhotoObjects other = new S3Objects(S3Server.store(server.port(), S3Server.BUCKET, "wrong"), CLOCK);

        assertAway(() -> other.put(name, PIECE));
        assertAway(() -> other.get(name));
        assertAway(() -> other.remove(name));
        assertThat(other.isFine()).isFalse();
    }

    @Test
    void aMissingBucketIsNoMissingPiece() {
        PhotoObjects other = new S3Objects(S3Server.store(server.port(), "no-such-bucket", S3Server.SECRET_KEY), CLOCK);

        assertAway(() -> other.get(name));
        assertAway(() -> other.put(name, PIECE));
    }

    @Test
    void whatPassesIsTriedOnceMore() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer failing = answering(() -> requests.incrementAndGet() == 1 ? 503 : 200, 10);
        try {
            assertThat(to(failing).get(name))
                    .hasValueSatisfying(bytes -> assertThat(bytes).hasSize(10));
            assertThat(requests).hasValue(2);
        } finally {
            failing.stop(0);
        }
    }

    @Test
    void aStoreThatFailsIsNotAskedByEveryCall() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer failing = answering(
                () -> {
                    requests.incrementAndGet();
                    return 500;
                },
                10);
        try {
            // Time stands still for it.
            PhotoObjects other = to(failing, new StoreWatch(() -> 0));
            for (int i = 0; i < StoreWatch.FAILURES; i++) {
                assertAway(() -> other.remove(name));
            }
            assertThat(requests).hasValue(2 * StoreWatch.FAILURES);
            assertThat(other.isFine()).isFalse();
            assertAway(() -> other.get(name));
            assertThat(requests).as("not asked").hasValue(2 * StoreWatch.FAILURES);
        } finally {
            failing.stop(0);
        }
    }

    /** A key that may not remove keeps nobody from reading. */
    @Test
    void whatTheStoreRefusesEndsNothingElse() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer strict = answering(() -> requests.incrementAndGet() <= StoreWatch.FAILURES ? 403 : 200, 10);
        try {
            PhotoObjects other = to(strict, new StoreWatch(() -> 0));
            for (int i = 0; i < StoreWatch.FAILURES; i++) {
                assertAway(() -> other.remove(name));
            }
            assertThat(requests).as("each once").hasValue(StoreWatch.FAILURES);
            assertThat(other.isFine()).isFalse();

            assertThat(other.get(name)).isPresent();
            assertThat(other.isFine()).as("still not removed").isFalse();
            other.remove(name);
            assertThat(other.isFine()).isTrue();
        } finally {
            strict.stop(0);
        }
    }

    @Test
    void anAnswerThatDoesNotEndIsNotAwaited() throws IOException {
        try (ServerSocket endless = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> answerWithoutEnd(endless));
            assertAway(() -> to(endless.getLocalPort()).get(name));
            endless.close();
            server.join();
        }
    }

    private static void answerWithoutEnd(ServerSocket server) {
        List<Socket> held = new ArrayList<>();
        try {
            while (true) {
                Socket socket = server.accept();
                held.add(socket);
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome"
                                .getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // The test has ended.
        } finally {
            for (Socket socket : held) {
                close(socket);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void moreThanAPieceIsNotHeld() throws IOException {
        HttpServer generous = answering(() -> 200, Photo.PIECE + 1);
        try {
            assertAway(() -> to(generous).get(name));
        } finally {
            generous.stop(0);
        }
    }

    @Test
    void aStoreThatDoesNotAnswerIsAway() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            PhotoObjects other = to(silent.getLocalPort());
            assertAway(() -> other.get(name));
            assertAway(() -> other.put(name, PIECE));
        }
    }

    @Test
    void aStoreThatRefusesConnectionsIsAway() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertAway(() -> to(port).get(name));
    }

    @Test
    void withoutAStoreWhatIsElsewhereIsAway() {
        PhotoObjects none = new NoObjects();

        assertThat(none.takesNew()).isFalse();
        assertThat(none.isFine()).isTrue();
        assertAway(() -> none.get(name));
        assertAway(() -> none.put(name, PIECE));
        assertAway(() -> none.remove(name));
    }

    @Test
    void keysAreNotShown() {
        assertThat(server.store().toString())
                .contains(S3Server.BUCKET)
                .doesNotContain(S3Server.SECRET_KEY)
                .doesNotContain(S3Server.ACCESS_KEY);
    }

    private static HttpServer answering(IntSupplier status, int length) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status.getAsInt(), length);
            try (exchange) {
                exchange.getResponseBody().write(new byte[length]);
            }
        });
        server.start();
        return server;
    }

    private static PhotoObjects to(HttpServer server) {
        return to(server, new StoreWatch(System::nanoTime));
    }

    private static PhotoObjects to(HttpServer server, StoreWatch watch) {
        return new S3Objects(
                S3Server.store(server.getAddress().getPort(), S3Server.BUCKET, S3Server.SECRET_KEY),
                CLOCK,
                LONG,
                watch);
    }

    private static PhotoObjects to(int port) {
        return new S3Objects(
                S3Server.store(port, S3Server.BUCKET, S3Server.SECRET_KEY),
                CLOCK,
                SHORT,
                new StoreWatch(System::nanoTime));
    }

    private static void assertAway(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem())
                                .isInstanceOfSatisfying(
                                        Problem.Unavailable.class,
                                        problem -> assertThat(problem.reason())
                                                .isEqualTo(UnavailableReason.PHOTO_STORE_AWAY)));
    }
}
