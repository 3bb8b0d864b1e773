package org.contactsync.client.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.jdk.JdkHttp;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.protocol.DeviceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.15. */
class EventStreamTest {
    private static final String CODE = "ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y";

    private final List<Optional<String>> lastIds = new CopyOnWriteArrayList<>();
    private final BlockingQueue<BookEvent> events = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile boolean endsAfterEvent = true;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/events", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        lastIds.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
        exchange.sendResponseHeaders(200, 0);
        int number = lastIds.size();
        String event = "retry: 10\n\n:\n\nid: " + number + "\nevent: book\ndata: {\"seq\":" + number
                + ",\"checkCode\":\"" + CODE + "\",\"device\":\"tablet\"}\n\nevent: other\ndata: {}\n\n";
        exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        if (endsAfterEvent) {
            exchange.close();
        } // otherwise the connection stays open, and silent
    }

    private EventStream listen(Duration dead) {
        return EventStream.start(this::account, http(), events::add, dead);
    }

    private Account account() {
        return new Account(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "token", Optional.empty());
    }

    HttpPort http() {
        return JdkHttp.usual();
    }

    @Test
    void connectsAgainWithTheLastIdWhenTheStreamEnds() throws Exception {
        try (EventStream stream = listen(Duration.ofMinutes(1))) {
            BookEvent first = events.poll(60, TimeUnit.SECONDS);
            BookEvent second = events.poll(60, TimeUnit.SECONDS);

            assertThat(first.seq()).isEqualTo(1);
            assertThat(first.device()).contains(new DeviceId("tablet"));
            assertThat(second.seq()).isEqualTo(2);
            assertThat(lastIds.subList(0, 2)).containsExactly(Optional.empty(), Optional.of("1"));
            assertThat(stream.lastId()).isPresent();
        }
    }

    @Test
    void asksAgainForAnAccountThatCannotBeGiven() throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        Supplier<Account> renewed = () -> {
            if (failed.compareAndSet(false, true)) {
                throw new IllegalStateException("the token could not be renewed");
            }
            return account();
        };
        try (EventStream stream = EventStream.start(renewed, http(), events::add, Duration.ofMinutes(1))) {
            assertThat(events.poll(60, TimeUnit.SECONDS)).isNotNull();
            assertThat(stream.lastId()).isPresent();
            assertThat(failed).isTrue();
        }
    }

    @Test
    void leavesAConnectionOnWhichNothingComes() throws Exception {
        endsAfterEvent = false;
        try (EventStream stream = listen(Duration.ofMillis(500))) {
            BookEvent first = events.poll(60, TimeUnit.SECONDS);
            BookEvent second = events.poll(60, TimeUnit.SECONDS);

            // On a busy machine a connection may be left before its event comes.
            assertThat(second.seq()).isGreaterThan(first.seq());
            assertThat(stream.lastId()).isPresent();
        }
    }
}
