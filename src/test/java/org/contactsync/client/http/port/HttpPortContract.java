package org.contactsync.client.http.port;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.contactsync.client.HostileServer;
import org.junit.jupiter.api.Test;

/** What every way to the network does. */
public interface HttpPortContract {
    int LONG_ENOUGH = 60;
    Duration NEVER_REACHED = Duration.ofMinutes(5);

    /** A new one. */
    HttpPort http();

    /** Keeps all of an answer. */
    class Whole implements Receiver {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final List<Head> heads = new ArrayList<>();

        @Override
        public boolean begin(Head head) throws IOException {
            heads.add(head);
            return true;
        }

        @Override
        public boolean take(byte[] bytes, int length) throws IOException {
            body.write(bytes, 0, length);
            return true;
        }

        String text() {
            return body.toString(StandardCharsets.UTF_8);
        }
    }

    private Head get(CompletableFuture<Head> coming) throws Exception {
        return coming.get(LONG_ENOUGH, TimeUnit.SECONDS);
    }

    private Throwable failure(Request request, Receiver receiver) {
        CompletableFuture<Head> coming = http().send(request, receiver);
        ExecutionException failed = catchThrowableOfType(ExecutionException.class, () -> get(coming));
        assertThat(failed).as("a failure").isNotNull();
        return requireNonNull(failed.getCause());
    }

    private static Request.Builder to(HostileServer server) {
        return Request.to(server.uri().resolve("/v1/book?a=%2F+b")).timeout(NEVER_REACHED);
    }

    @Test
    default void aRequestIsSentAsItIs() throws Exception {
        List<String> seen = new ArrayList<>();
        HttpHandler handler = exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            seen.addAll(exchange.getRequestHeaders().get("Prefer"));
            seen.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            HostileServer.answer(exchange, 409, "no");
        };
        try (HostileServer server = new HostileServer(handler)) {
            Whole answer = new Whole();
            Request request = to(server)
                    .header("Prefer", "a")
                    .header("Prefer", "b")
                    .method("PATCH", "changes".getBytes(StandardCharsets.UTF_8))
                    .build();

            Head head = get(http().send(request, answer));

            assertThat(seen).containsExactly("PATCH /v1/book?a=%2F+b", "a", "b", "changes");
            assertThat(head.status()).isEqualTo(409);
            assertThat(head.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(answer.text()).isEqualTo("no");
            assertThat(answer.heads).hasSize(1);
        }
    }

    @Test
    default void methodsWithoutABodySendNone() throws Exception {
        List<String> seen = new ArrayList<>();
        HttpHandler handler = exchange -> {
            seen.add(exchange.getRequestMethod() + exchange.getRequestBody().readAllBytes().length);
            exchange.sendResponseHeaders(204, -1);
        };
        try (HostileServer server = new HostileServer(handler)) {
            Whole answer = new Whole();
            HttpPort http = http();

            get(http.send(to(server).get().build(), answer));
            get(http.send(to(server).delete().build(), answer));
            get(http.send(to(server).post(new byte[0]).build(), answer));

            assertThat(seen).containsExactly("GET0", "DELETE0", "POST0");
            assertThat(answer.heads).hasSize(3).allMatch(head -> head.status() == 204);
            assertThat(answer.text()).isEmpty();
        }
    }

    @Test
    default void aRedirectIsAnAnswer() throws Exception {
        List<URI> elsewhere = new ArrayList<>();
        try (HostileServer other = new HostileServer(exchange -> elsewhere.add(exchange.getRequestURI()));
                HostileServer server = new HostileServer(exchange -> {
                    exchange.getResponseHeaders().set("Location", other.uri() + "/v1/book");
                    exchange.sendResponseHeaders(307, -1);
                })) {
            Head head = get(http().send(to(server).build(), new Whole()));

            assertThat(head.status()).isEqualTo(307);
            assertThat(elsewhere).isEmpty();
        }
    }

    @Test
    default void cookiesAreNotKept() throws Exception {
        List<Optional<String>> cookies = new ArrayList<>();
        HttpHandler handler = exchange -> {
            cookies.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Cookie")));
            exchange.getResponseHeaders().set("Set-Cookie", "a=b; Path=/");
            HostileServer.answer(exchange, 200, "{}");
        };
        try (HostileServer server = new HostileServer(handler)) {
            HttpPort http = http();

            get(http.send(to(server).build(), new Whole()));
            get(http.send(to(server).build(), new Whole()));

            assertThat(cookies).containsExactly(Optional.empty(), Optional.empty());
        }
    }

    /** It is unpacked where there is a limit. */
    @Test
    default void aBodyIsNotUnpacked() throws Exception {
        List<String> accepted = new ArrayList<>();
        HttpHandler handler = exchange -> {
            accepted.add(String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding")));
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            HostileServer.answer(exchange, 200, "packed");
        };
        try (HostileServer server = new HostileServer(handler)) {
            Whole answer = new Whole();

            Head head =
                    get(http().send(to(server).header("Accept-Encoding", "gzip").build(), answer));
            get(http().send(to(server).build(), answer));

            assertThat(head.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(answer.text()).isEqualTo("packedpacked");
            assertThat(accepted).hasSize(2).first().isEqualTo("gzip");
            assertThat(accepted.get(1)).doesNotContain("gzip");
        }
    }

    /** Sends without end, and tells when nobody takes it any more. */
    private static HttpHandler endless(CountDownLatch ended) {
        byte[] part = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    exchange.getResponseBody().write(part);
                    exchange.getResponseBody().flush();
                }
            } finally {
                ended.countDown();
            }
        };
    }

    @Test
    default void aReceiverThatHasEnoughEndsTheConnection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (HostileServer server = new HostileServer(endless(ended))) {
            Receiver first = new Whole() {
                @Override
                public boolean take(byte[] bytes, int length) {
                    return false;
                }
            };

            assertThat(get(http().send(to(server).build(), first)).status()).isEqualTo(200);

            assertThat(ended.await(LONG_ENOUGH, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    default void whoCancelsEndsTheConnection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (HostileServer server = new HostileServer(endless(ended))) {
            Receiver waiting = new Whole() {
                @Override
                public boolean take(byte[] bytes, int length) {
                    begun.countDown();
                    return true;
                }
            };
            CompletableFuture<Head> coming = http().send(to(server).build(), waiting);
            assertThat(begun.await(LONG_ENOUGH, TimeUnit.SECONDS)).isTrue();

            coming.cancel(true);

            assertThat(ended.await(LONG_ENOUGH, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    default void whatTheReceiverThrowsComesBack() throws Exception {
        UncheckedIOException atHead = new UncheckedIOException(new IOException("no space left"));
        IOException atBody = new IOException("this is no stream of events");
        try (HostileServer server = new HostileServer(exchange -> HostileServer.answer(exchange, 200, "{}"))) {
            Receiver first = new Whole() {
                @Override
                public boolean begin(Head head) {
                    throw atHead;
                }
            };
            Receiver second = new Whole() {
                @Override
                public boolean take(byte[] bytes, int length) throws IOException {
                    throw atBody;
                }
            };

            assertThat(failure(to(server).build(), first)).isSameAs(atHead);
            assertThat(failure(to(server).build(), second))
                    .isInstanceOf(IOException.class)
                    .hasMessage(atBody.getMessage());
        }
    }

    @Test
    default void anAnswerThatDoesNotBeginIsLate() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (HostileServer server = new HostileServer(exchange -> await(over))) {
            Request request = to(server).timeout(Duration.ofSeconds(4)).build();

            assertThat(failure(request, new Whole()))
                    .isInstanceOf(HttpTimeout.class)
                    .hasMessage("no answer within 4 s");

            over.countDown();
        }
    }

    private static void await(CountDownLatch over) {
        try {
            over.await(LONG_ENOUGH, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    default void anAnswerThatIsCutOffIsNone() throws Exception {
        HttpHandler handler = (HttpExchange exchange) -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
        };
        try (HostileServer server = new HostileServer(handler)) {
            assertThat(failure(to(server).build(), new Whole()))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(HttpTimeout.class);
        }
    }

    /** Nothing listens on port 1. */
    @Test
    default void noServerIsNoAnswer() {
        Request request = Request.to(URI.create("http://127.0.0.1:1/v1/book"))
                .timeout(NEVER_REACHED)
                .build();

        assertThat(failure(request, new Whole()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeout.class);
    }
}
