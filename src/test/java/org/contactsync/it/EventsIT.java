package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.contactsync.hostile.RawConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /v1/events}: protocol 4.15. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsIT {
    private static final String DEVELOPMENT = "urn:contact-sync:dev";
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** Until something comes that must come, on a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private final LibertyServer server;

    EventsIT(@TempDir Path directory) {
        server = LibertyServer.in(directory)
                .with("EVENT_HEARTBEAT", HEARTBEAT.toString())
                .with("CORS_ORIGINS", SharedServer.WEB_ORIGIN)
                .withDatabase("events");
    }

    @BeforeAll
    void start() {
        server.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** Protocol 4.15.2 and 4.15.3. */
    @Test
    void tellsTheStateAtOnceAndAfterEachChange() throws Exception {
        Device phone = Device.ofNewUser(server);
        try (EventReader events = EventReader.of(server, phone.token())) {
            assertThat(events.status()).isEqualTo(200);
            assertThat(events.header("Content-Type")).startsWith("text/event-stream");
            assertThat(events.next(SOON)).matches("retry: [0-9]{4,5}");
            JsonObject first = data(events.next(SOON));
            assertThat(first.getInt("seq")).isZero();
            assertThat(first.getString("checkCode")).isEqualTo(phone.checkCode());

            HttpAnswer changed = phone.apply(Changes.puts(0, 1));

            String event = events.nextEvent(SOON);
            assertThat(event).startsWith("id: 1\nevent: book\ndata: ");
            JsonObject second = data(event);
            assertThat(second.getInt("seq")).isEqualTo(1);
            assertThat(second.getString("checkCode")).isEqualTo(changed.string("checkCode"));
            assertThat(second.getString("device")).isEqualTo(phone.name());
        }
    }

    /** Protocol 4.15.3: many changes come to few events, each later than the one before; the last is the last state. */
    @Test
    void tellsOfManyChangesTheLast() throws Exception {
        Device phone = Device.ofNewUser(server);
        int changes = 40;
        try (EventReader events = EventReader.of(server, phone.token())) {
            events.nextEvent(SOON);
            for (int i = 0; i < changes; i++) {
                phone.apply(Changes.puts(i, i + 1));
            }
            List<Integer> told = new ArrayList<>();
            while (told.isEmpty() || told.get(told.size() - 1) < changes) {
                told.add(data(events.nextEvent(SOON)).getInt("seq"));
            }
            assertThat(told).isSorted().doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(changes);
        }
    }

    @Test
    void tellsAllDevicesOfAUserAndNobodyElse() throws Exception {
        Device phone = Device.ofNewUser(server);
        Device stranger = Device.ofNewUser(server);
        try (EventReader tablet = EventReader.of(server, phone.token(), "Device-Id", "tablet");
                EventReader watch = EventReader.of(server, phone.token(), "Device-Id", "watch");
                EventReader other = EventReader.of(server, stranger.token())) {
            tablet.nextEvent(SOON);
            watch.nextEvent(SOON);
            other.nextEvent(SOON);

            phone.apply(Changes.puts(0, 1));

            assertThat(data(tablet.nextEvent(SOON)).getInt("seq")).isEqualTo(1);
            assertThat(data(watch.nextEvent(SOON)).getInt("seq")).isEqualTo(1);
            assertThat(other.nextEvent(HEARTBEAT.multipliedBy(2))).isNull();
        }
    }

    /** Protocol 4.15.2. */
    @Test
    void leavesOutTheFirstStateIfItIsTheLastOne() throws Exception {
        Device phone = Device.ofNewUser(server);
        phone.apply(Changes.puts(0, 1));
        try (EventReader known = EventReader.of(server, phone.token(), "Last-Event-ID", "1");
                EventReader old = EventReader.of(server, phone.token(), "Last-Event-ID", "0");
                EventReader odd = EventReader.of(server, phone.token(), "Last-Event-ID", "one; two")) {
            known.next(SOON);
            assertThat(known.next(SOON)).isEqualTo(":");
            assertThat(data(old.nextEvent(SOON)).getInt("seq")).isEqualTo(1);
            assertThat(data(odd.nextEvent(SOON)).getInt("seq")).isEqualTo(1);

            phone.apply(Changes.puts(1, 2));
            assertThat(data(known.nextEvent(SOON)).getInt("seq")).isEqualTo(2);
        }
    }

    @Test
    void sendsHeartbeatsIntoSilence() throws Exception {
        Device phone = Device.ofNewUser(server);
        try (EventReader events = EventReader.of(server, phone.token())) {
            events.nextEvent(SOON);
            assertThat(events.next(SOON)).isEqualTo(":");
            Instant first = Instant.now();
            assertThat(events.next(SOON)).isEqualTo(":");
            assertThat(Duration.between(first, Instant.now())).isLessThan(HEARTBEAT.plusSeconds(10));
        }
    }

    /** Protocol 4.15.5. A token is accepted for half a minute more than it says. */
    @Test
    void endsWithItsToken() throws Exception {
        Device phone = Device.ofNewUser(server);
        String head = phone.token().substring(0, phone.token().indexOf('.'));
        String keyId = new String(Base64.getUrlDecoder().decode(head), StandardCharsets.UTF_8)
                .replaceFirst(".*\"kid\":\"([^\"]+)\".*", "$1");
        Instant now = Instant.now();
        String ending = new SignedToken(
                        DEVELOPMENT,
                        DEVELOPMENT,
                        UUID.randomUUID().toString(),
                        now.minusSeconds(60),
                        now.minusSeconds(20),
                        keyId)
                .rs256(SignedToken.developmentKeys(server.data()).getPrivate());
        try (EventReader events = EventReader.of(server, ending)) {
            assertThat(events.status()).isEqualTo(200);
            assertThat(data(events.nextEvent(SOON)).getInt("seq")).isZero();
            assertThat(events.nextEvent(Duration.ofSeconds(60))).isEqualTo(EventReader.END);
        }
        assertThat(phone.withToken(ending).get("/v1/events").status()).isEqualTo(401);
    }

    /** Protocol 4.15.6. */
    @Test
    void limitsTheStreamsOfAUser() throws Exception {
        Device phone = Device.ofNewUser(server);
        int most = phone.get("/v1/capabilities").is(200).number("maxEventStreams");
        List<EventReader> open = new ArrayList<>();
        try {
            for (int i = 0; i < most; i++) {
                EventReader each = EventReader.of(server, phone.token(), "Device-Id", "device-" + i);
                open.add(each);
                assertThat(each.status()).isEqualTo(200);
            }
            try (EventReader more = EventReader.of(server, phone.token(), "Device-Id", "another")) {
                assertThat(more.status()).isEqualTo(429);
                assertThat(more.header("Retry-After")).isNotEmpty();
            }
            try (EventReader again = EventReader.of(server, phone.token(), "Device-Id", "device-0")) {
                assertThat(again.status()).isEqualTo(200);
                open.get(0).nextEvent(SOON);
                assertThat(open.get(0).nextEvent(SOON)).isEqualTo(EventReader.END);
            }
        } finally {
            for (EventReader each : open) {
                each.close();
            }
        }
        // Places come back by themselves.
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            try (EventReader later = EventReader.of(server, phone.token(), "Device-Id", "later")) {
                assertThat(later.status()).isEqualTo(200);
            }
        });
    }

    @Test
    void refusesWhatIsNoStream() throws Exception {
        Device phone = Device.ofNewUser(server);
        assertThat(phone.get("/v1/events", "Accept", "application/json").status())
                .isEqualTo(406);
        assertThat(phone.get("/v1/events?since=1").status()).isEqualTo(400);
        assertThat(phone.post("/v1/events", "{}").status()).isEqualTo(405);
        assertThat(phone.head("/v1/events").status()).isEqualTo(200);
        assertThat(server.send(server.request("/v1/events").build()).statusCode())
                .isEqualTo(401);
        assertThat(phone.withToken("x").get("/v1/events").status()).isEqualTo(401);
    }

    /** Protocol 3.2.2. */
    @Test
    void letsAllowedWebPagesListen() throws Exception {
        Device phone = Device.ofNewUser(server);
        HttpResponse<String> preflight = server.send(server.request("/v1/events")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", SharedServer.WEB_ORIGIN)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization,last-event-id")
                .build());
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValueSatisfying(allowed -> assertThat(allowed).contains("Last-Event-ID"));
        try (EventReader events = EventReader.of(server, phone.token(), "Origin", SharedServer.WEB_ORIGIN)) {
            assertThat(events.header("Access-Control-Allow-Origin")).isEqualTo(SharedServer.WEB_ORIGIN);
            assertThat(events.nextEvent(SOON)).contains("\"seq\":0");
        }
    }

    /** A client of HTTP/1.0 gets the same without chunks; what a client sends into its stream changes nothing. */
    @Test
    void keepsTheFramingOfTheAnswer() throws Exception {
        Device phone = Device.ofNewUser(server);
        phone.checkCode();
        try (RawConnection old = RawConnection.to(server.port())) {
            old.send("GET /v1/events HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer " + phone.token()
                    + "\r\n\r\n");
            String head = old.read(SOON, "\"seq\":0");
            assertThat(head).contains("200 OK").doesNotContainIgnoringCase("transfer-encoding");
            phone.apply(Changes.puts(0, 1));
            assertThat(old.read(SOON, "\"seq\":1")).contains("\n\nid: 1\nevent: book\ndata: {");
        }
        try (RawConnection talking = RawConnection.to(server.port())) {
            String request =
                    "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + phone.token() + "\r\n\r\n";
            talking.send(request + request);
            assertThat(talking.read(SOON, "\"seq\":1")).containsIgnoringCase("transfer-encoding: chunked");
            talking.send(request.repeat(20));
            phone.apply(Changes.puts(1, 2));
            assertThat(talking.read(SOON, "\"seq\":2")).doesNotContain("HTTP/1.1");
        }
    }

    private static JsonObject data(@Nullable String event) {
        String text = Optional.ofNullable(event).orElseThrow(() -> new AssertionError("no event"));
        return Json.createReader(new StringReader(text.replaceFirst("(?s).*data: ", "")))
                .readObject();
    }
}
