package org.contactsync.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.json.RequestReader;
import org.contactsync.protocol.request.Change;
import org.contactsync.queue.message.PendingReplies;
import org.contactsync.queue.message.Stopping;
import org.contactsync.settings.DatabaseKind;
import org.contactsync.settings.RehearsalTime;
import org.contactsync.settings.Settings;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final Set<String> bodies = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger(Rehearsal.class.getName());
    private final Handler keeper = new Handler() {
        @Override
        public void publish(LogRecord written) {
            lines.add(written.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        logger.addHandler(keeper);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/" + Rehearsal.PATH, exchange -> {
            String secret = exchange.getRequestHeaders().getFirst(Rehearsal.SECRET);
            secrets.add(secret);
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
        logger.removeHandler(keeper);
    }

    @Test
    void sendsChangesWithItsSecretUntilItIsEnded() {
        Rehearsal rehearsal = rehearsal(Duration.ofHours(1));
        Future<?> run = threads.submit(() -> rehearsal.run(address()));
        await().atMost(Duration.ofMinutes(1)).until(() -> !bodies.isEmpty());
        assertThat(secrets).hasSize(1);

        rehearsal.end();

        await().atMost(Duration.ofMinutes(1)).until(run::isDone);
        assertThat(rehearsal.isOver()).isTrue();
        assertThat(lines).as("a process that stops").isEmpty();
        assertThat(rehearsal.newOwner().subject())
                .doesNotContain(secrets.iterator().next());
        assertThat(rehearsal.admits(secrets.iterator().next()))
                .as("the secret is void")
                .isFalse();
    }

    @Test
    void endsWhenItsTimeIsOver() {
        Rehearsal rehearsal = rehearsal(Duration.ofMillis(1));
        assertThat(rehearsal.isOver()).isFalse();

        rehearsal.run(address());

        assertThat(rehearsal.isOver()).isTrue();
    }

    @Test
    void endsAtTheFirstFailure() {
        status = 500;
        Rehearsal rehearsal = rehearsal(Duration.ofHours(1));

        rehearsal.run(address());

        assertThat(rehearsal.isOver()).isTrue();
        assertThat(bodies).hasSize(1);
        assertThat(lines).anyMatch(line -> line.contains("rehearsal ended early: status=500"));
    }

    @Test
    void goesOnWhileTheServiceIsNotAvailable() {
        status = 503;
        Rehearsal rehearsal = rehearsal(Duration.ofSeconds(3));
        rehearsal.run(address());

        assertThat(bodies).hasSizeGreaterThan(1);
        assertThat(rehearsal.isOver()).isTrue();
        assertThat(lines).anyMatch(line -> line.contains("nothing was rehearsed: status=503"));
    }

    @Test
    void endsIfNobodyAnswers() {
        server.stop(0);
        Rehearsal rehearsal = rehearsal(Duration.ofHours(1));

        rehearsal.run(address());

        assertThat(rehearsal.isOver()).isTrue();
    }

    @Test
    void isOverFromTheBeginningIfItIsNotWanted() {
        Rehearsal rehearsal = rehearsal(Duration.ZERO);
        assertThat(rehearsal.isOver()).isTrue();

        rehearsal.run(address());

        assertThat(bodies).isEmpty();
        assertThat(rehearsal.admits(null)).isFalse();
        assertThat(rehearsal.admits("")).isFalse();
    }

    /** Whoever wants to be told afterwards is not told any more. */
    @Test
    void doesNotBeginWhenTheProcessWasAskedToStopBefore() {
        Rehearsal rehearsal = rehearsal(Duration.ofHours(1), new Stopping(new PendingReplies()) {
            @Override
            public boolean now() {
                return true;
            }
        });

        rehearsal.run(address());
        rehearsal.end();

        assertThat(bodies).isEmpty();
        assertThat(Thread.interrupted()).as("a thread that does other work").isFalse();
    }

    @Test
    void worksThroughChangesThatAreValid() {
        for (int i = 1; i < 300; i++) {
            byte[] body = RehearsedCard.request(i).getBytes(StandardCharsets.UTF_8);
            assertThat(new RequestReader(Limits.DEFAULTS)
                            .incrementalSync(body, false)
                            .request()
                            .changes())
                    .singleElement()
                    .isInstanceOf(Change.Put.class);
        }
    }

    private Rehearsal rehearsal(Duration most) {
        return rehearsal(most, new Stopping(new PendingReplies()));
    }

    private Rehearsal rehearsal(Duration most, Stopping stopping) {
        Settings settings = new Settings(
                address(),
                Path.of("").toAbsolutePath(),
                DatabaseKind.POSTGRES,
                "test",
                false,
                new TokenIssuer.Development(),
                "operators");
        return new Rehearsal(new RehearsalTime(most), settings, stopping);
    }

    private URI address() {
        return URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort());
    }
}
