package org.contactsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.jdk.JdkHttp;
import org.contactsync.client.http.port.Headers;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.remote.BookClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server may send that is not honest, or not one at all: the token stays, and so does this machine's memory and time. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // made by each test
class HostileServerTest {
    private static final RetryPolicy ONCE = new RetryPolicy(1, 1, Duration.ZERO, Duration.ZERO);

    /** Only one test waits for its end; a machine that is busy takes its time. */
    private static final Duration WHOLE = Duration.ofMinutes(1);

    private static final String CODE = "ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y";

    private HostileServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Protocol 12.9. */
    @Test
    void takesTheTokenToNoOtherServer() throws Exception {
        try (HostileServer other = new HostileServer(exchange -> HostileServer.answer(exchange, 200, "{}"))) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                BookClient client = client(exchange -> {
                    exchange.getResponseHeaders().set("Location", other.uri() + "/v1/book");
                    exchange.sendResponseHeaders(status, -1);
                });
                assertThat(refusal(client::book).code()).isEqualTo("redirected");
                server.close();
            }
            assertThat(other.requests()).isEmpty();
        }
    }

    /** Protocol 12.9. */
    @Test
    void followsNoLinkToAnotherServer() throws Exception {
        try (HostileServer other = new HostileServer(exchange -> HostileServer.answer(exchange, 200, "{}"))) {
            String authority = other.uri().getAuthority();
            for (String link :
                    new String[] {"@" + authority + "/v1/book", "//" + authority + "/v1/", other.uri() + "/v1/x"}) {
                BookClient client = client(exchange -> HostileServer.answer(exchange, 200, page("a", link)));
                assertThat(refusal(client::contents).code()).isEqualTo("foreign-link");
                server.close();
                client = client(exchange -> HostileServer.answer(exchange, 200, """
                        {"changes":[{"seq":1,"op":"delete","uid":"a"}],"hasMore":true,"next":"%s","checkCode":"%s","seq":1}""".formatted(link, CODE)));
                BookClient asked = client;
                assertThat(refusal(() -> asked.changesSince(0)).code()).isEqualTo("foreign-link");
                server.close();
            }
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void leavesPagesThatHaveNoEnd() throws Exception {
        BookClient same =
                client(exchange -> HostileServer.answer(exchange, 200, page("a", "/v1/book/contacts?after=a")));
        assertThat(refusal(same::contents).code()).isEqualTo("unreadable-answer");
        assertThat(server.requests()).hasSize(2);
        server.close();

        BookClient empty = client(exchange -> HostileServer.answer(exchange, 200, """
                {"contacts":[],"checkCode":"%s","next":"/v1/book/contacts?after=a"}""".formatted(CODE)));
        assertThat(refusal(empty::contents).code()).isEqualTo("endless-listing");
        server.close();

        BookClient feed = client(exchange -> HostileServer.answer(exchange, 200, """
                {"changes":[],"hasMore":true,"next":"/v1/book/changes?since=0","checkCode":"%s","seq":1}""".formatted(CODE)));
        assertThat(refusal(() -> feed.changesSince(0)).code()).isEqualTo("endless-listing");
    }

    /** Protocol 12.10. */
    @Test
    void readsNoEndlessAnswer() throws Exception {
        byte[] part = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        BookClient client = client(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(part);
            }
        });
        assertThat(refusal(client::book).detail()).contains("larger");
    }

    /** Protocol 12.10: a small body may be a large one packed. */
    @Test
    void unpacksNoEndlessAnswer() throws Exception {
        byte[] bomb = packed(" ".repeat(1 << 20), 100);
        BookClient client = client(exchange -> packedAnswer(exchange, bomb));
        assertThat(bomb.length).isLessThan(1 << 20);
        assertThat(refusal(() -> client.treeClient().entries(List.of(""))).detail())
                .contains("larger");
    }

    @Test
    void readsNothingOfABodyThatIsPackedWrongly() throws Exception {
        for (byte[] body :
                List.of(new byte[0], "{}".getBytes(StandardCharsets.UTF_8), new byte[] {31, (byte) 139, 8})) {
            BookClient client = client(exchange -> packedAnswer(exchange, body));
            assertThat(refusal(() -> client.treeClient().entries(List.of(""))).code())
                    .isEqualTo("unreadable-answer");
            assertThat(refusal(client::contents).code()).isEqualTo("unreadable-answer");
            server.close();
        }
    }

    @Test
    void takesNoNodesThatAreTooFewOrOfNoBook() throws Exception {
        for (int nodes : new int[] {0, 255, 257}) {
            BookClient client = client(exchange -> {
                exchange.getResponseHeaders().set("ETag", "\"" + CODE + "\"");
                HostileServer.answer(exchange, 200, "0123456789abcdef".repeat(nodes));
            });
            assertThat(refusal(() -> client.treeClient().nodes(List.of(""), 2)).code())
                    .isEqualTo("unreadable-answer");
            server.close();
        }
        BookClient untagged = client(exchange -> HostileServer.answer(exchange, 200, "0123456789abcdef".repeat(256)));
        assertThat(refusal(() -> untagged.treeClient().nodes(List.of(""), 2)).code())
                .isEqualTo("unreadable-answer");
    }

    @Test
    void takesNoShortenedHashesOfAnotherLength() throws Exception {
        for (String hash : List.of("", "0123456", "012345678", "0123456g", "0".repeat(64))) {
            BookClient client = client(exchange -> HostileServer.answer(
                    exchange, 200, "{\"checkCode\":\"" + CODE + "\",\"entries\":[[\"ada\",\"" + hash + "\"]]}"));
            assertThat(refusal(() -> client.treeClient().shortEntries(List.of(""), 4))
                            .code())
                    .isEqualTo("unreadable-answer");
            server.close();
        }
    }

    /** Entries whose pages lead to no end are left as other lists are. */
    @Test
    void leavesEntriesThatHaveNoEnd() throws Exception {
        BookClient client = client(exchange -> HostileServer.answer(
                exchange,
                200,
                "{\"checkCode\":\"" + CODE + "\",\"entries\":[[\"ada\",\"" + "0".repeat(64)
                        + "\"]],\"next\":\"/v1/book/digests/entries?prefix=&limit=1&after=ada\"}"));
        assertThat(refusal(() -> client.treeClient().entries(List.of(""))).code())
                .isEqualTo("endless-listing");
        assertThat(server.requests()).hasSize(2);
    }

    private static byte[] packed(String text, int times) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < times; i++) {
                gzip.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return packed.toByteArray();
    }

    private static void packedAnswer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Test
    void believesALengthThatIsTooLarge() throws Exception {
        BookClient client = client(exchange -> {
            exchange.sendResponseHeaders(200, 1L << 40);
            exchange.getResponseBody().write('{');
        });
        assertThat(refusal(client::book).detail()).contains("larger");
    }

    @Test
    void waitsForNoAnswerThatComesDropByDrop() throws Exception {
        HttpHandler drops = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 600; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                pause();
            }
        };
        BookClient client = client(drops, "token-of-ada", Duration.ofSeconds(2));
        long started = System.nanoTime();
        ServerUnreachable unreachable = catchThrowableOfType(ServerUnreachable.class, client::book);
        assertThat(unreachable).hasMessageContaining("did not end within 2 s");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void readsNoDeepAnswer() throws Exception {
        for (String body : new String[] {
            "[".repeat(1_000_000),
            "{\"a\":".repeat(500_000),
            "{\"count\":" + "9".repeat(1_000_000) + "}",
            "{\"count\":1e999999999}"
        }) {
            for (int status : new int[] {200, 409}) {
                BookClient client = client(exchange -> HostileServer.answer(exchange, status, body));
                assertThat(refusal(client::book).code()).isEqualTo(status == 200 ? "unreadable-answer" : "http-409");
                server.close();
            }
        }
    }

    @Test
    void saysOfEveryStrangeAnswerThatItIsOne() throws Exception {
        for (String body : new String[] {
            "",
            "null",
            "[]",
            "<html>",
            "{}",
            "{\"count\":\"x\"}",
            "{\"count\":1,\"count\":2}",
            "\u0000",
            "{\"queue\":[]}"
        }) {
            BookClient client = client(exchange -> HostileServer.answer(exchange, 200, body));
            assertThat(refusal(client::book).code()).isEqualTo("unreadable-answer");
            assertThat(refusal(client::contents).code()).isEqualTo("unreadable-answer");
            assertThat(refusal(client::tasks).code()).isEqualTo("unreadable-answer");
            server.close();
        }
    }

    @Test
    void aTaskIsNoPathToSomethingElse() throws Exception {
        BookClient client = client(exchange -> HostileServer.answer(exchange, 200, """
                {"tasks":[{"id":"..","kind":"changes","state":"receiving"}]}"""));
        assertThat(refusal(client::tasks).code()).isEqualTo("unreadable-answer");
    }

    @Test
    void tellsAnExpiredTokenFromAWrongOne() throws Exception {
        HttpHandler unauthorized = exchange -> HostileServer.answer(exchange, 401, """
                {"type":"urn:contact-sync:problem:unauthorized","title":"No","status":401,"detail":"not accepted"}""");
        assertThat(refusal(client(unauthorized, jwt(Instant.now().minusSeconds(60)))::book)
                        .detail())
                .startsWith("the token expired at ");
        server.close();
        assertThat(refusal(client(unauthorized, jwt(Instant.now().plusSeconds(600)))::book)
                        .detail())
                .contains("has not expired");
        server.close();
        assertThat(refusal(client(unauthorized, "no-jwt")::book).detail()).isEqualTo("not accepted");
        server.close();
        BookClient explained = client(
                exchange -> {
                    exchange.getResponseHeaders()
                            .set("WWW-Authenticate", "Bearer error=\"invalid_token\", error_description=\"revoked\"");
                    unauthorized.handle(exchange);
                },
                jwt(Instant.now().plusSeconds(600)));
        assertThat(refusal(explained::book).detail()).isEqualTo("revoked");
    }

    /** This machine's clock may be wrong; the server's decides. */
    @Test
    void aTokenHasExpiredWhenTheServersClockSaysSo() {
        assertThat(unauthorizedAt("Sun, 22 Nov 2020 10:15:30 GMT").detail()).contains("has not expired");
        assertThat(unauthorizedAt("Sun, 22 Nov 2020 10:25:30 GMT").detail())
                .isEqualTo("the token expired at 2020-11-22T10:20:00Z");
        assertThat(unauthorizedAt("yesterday").detail()).startsWith("the token expired at");
    }

    private static ServerProblem unauthorizedAt(String date) {
        Headers headers = new Headers(Map.of("Date", List.of(date)));
        Instant end = Instant.parse("2020-11-22T10:20:00Z");
        return new Response(401, headers, Optional.of(new byte[0]), Optional.of(end)).problem();
    }

    private static String page(String uid, String next) {
        return """
                {"contacts":[{"uid":"%s","card":{"@type":"Card"}}],"checkCode":"%s","next":"%s"}""".formatted(uid, CODE, next);
    }

    private static String jwt(Instant expires) {
        String claims = "{\"sub\":\"ada\",\"exp\":" + expires.getEpochSecond() + "}";
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".x";
    }

    private BookClient client(HttpHandler handler) throws IOException {
        return client(handler, "token-of-ada");
    }

    private BookClient client(HttpHandler handler, String token) throws IOException {
        return client(handler, token, WHOLE);
    }

    private BookClient client(HttpHandler handler, String token, Duration whole) throws IOException {
        server = new HostileServer(handler);
        return new BookClient(
                new Exchange(server.account(token), http(), ONCE, Pause.SLEEPING, Progress.SILENT, whole),
                Progress.SILENT);
    }

    /** A new one for each server: another one may get the same port. */
    HttpPort http() {
        return JdkHttp.to(server.uri());
    }

    private static ServerProblem refusal(ThrowingCallable call) {
        ServerRefusal refusal = catchThrowableOfType(ServerRefusal.class, call);
        assertThat(refusal).isNotNull();
        return refusal.problem();
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
