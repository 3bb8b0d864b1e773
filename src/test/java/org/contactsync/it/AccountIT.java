package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.contactsync.hostile.RawConnection;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The account of a user over HTTP: its devices, and its erasure whatever is going on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountIT {
    private static final String DATABASE = "account";
    private static final Duration LONG = Duration.ofSeconds(60);

    private final LibertyServer server;

    AccountIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory)
                .with("RATE_PER_SECOND", "100000")
                .with("RATE_BURST", "100000")
                .withDatabase(DATABASE)
                .start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    /** Protocol 4.22.1 and 4.22.2. */
    @Test
    void devicesAreListedAndForgotten() {
        Device phone = Device.ofNewUser(server);
        Device tablet = phone.another("ada's/tablet");
        assertThat(phone.get("/v1/devices").is(200).array("devices")).isEmpty();
        phone.apply(new Changes().put("ada", Changes.card("Ada")));
        String code = phone.checkCode();
        tablet.get("/v1/book", "If-None-Match", "\"" + code + "\"").is(304);
        phone.another("").book();

        await().atMost(LONG).until(() -> devices(phone).size() == 2);
        for (JsonObject device : devices(phone)) {
            assertThat(device.getString("checkCode")).isEqualTo(code);
            assertThat(device.getInt("seq")).isEqualTo(1);
            assertThat(Instant.parse(device.getString("lastSeen")))
                    .isBetween(Instant.now().minusSeconds(120), Instant.now().plusSeconds(120));
        }
        assertThat(devices(phone))
                .extracting(each -> each.getString("lastRequest"))
                .contains("change", "read");

        String path = "/v1/devices/" + Device.encode("ada's/tablet");
        Device.ofNewUser(server).delete(path).is(ProblemType.NOT_FOUND);
        phone.delete(path).is(204);
        phone.delete(path).is(ProblemType.NOT_FOUND);
        tablet.get("/v1/devices").is(200);
        assertThat(ids(phone)).containsExactly("phone");

        tablet.book();
        await().atMost(LONG).until(() -> ids(phone).contains("ada's/tablet"));

        phone.another("watch")
                .send(
                        "POST",
                        "/v1/book/import",
                        java.net.http.HttpRequest.BodyPublishers.ofString(
                                "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:bob\r\nFN:Bob\r\nEND:VCARD\r\n"),
                        "Content-Type",
                        "text/vcard")
                .is(200);
        await().atMost(LONG).until(() -> ids(phone).contains("watch"));
        assertThat(devices(phone))
                .filteredOn(each -> each.getString("id").equals("watch"))
                .extracting(each -> each.getString("lastRequest"))
                .containsExactly("change");
    }

    /** A user who sends a new name with each request. */
    @Test
    void aUserHasFewDevices() {
        Device phone = Device.ofNewUser(server);
        for (int i = 0; i < 200; i++) {
            phone.another("device-" + i).book();
        }
        await().atMost(LONG).until(() -> ids(phone).size() == 50);
        assertThat(ids(phone)).hasSize(50);
    }

    /** Protocol 4.23.1 to 4.23.3. */
    @Test
    void anErasedAccountLeavesNothingAndOldTasksBringNothingBack() throws SQLException, IOException {
        String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
        String user = "user-" + canary;
        Device phone = Device.ofUser(server, user);
        Device tablet = phone.another("tablet-" + canary);
        String key = "\"" + UUID.randomUUID() + "\"";
        fill(phone, tablet, canary, key);
        JsonObject before = phone.book().json();
        JsonObject upload = phone.get("/v1/sync-tasks").is(200).array("tasks").getJsonObject(0);
        assertThat(traces(canary, user)).hasSizeGreaterThan(8);

        assertErased(phone.delete("/v1/account"));
        assertErased(phone.delete("/v1/account"));
        assertThat(phone.get("/v1/devices").is(200).array("devices")).isEmpty();
        phone.chunk(upload.getString("id"), 2, contacts("late", canary)).is(ProblemType.NOT_FOUND);
        phone.commit(upload.getString("id")).is(ProblemType.NOT_FOUND);
        phone.cancel(upload.getString("id")).is(ProblemType.NOT_FOUND);
        phone.task(upload.getString("id")).is(ProblemType.NOT_FOUND);
        // nothing of this makes a book
        awaitNoTraces(canary, user);

        String old = before.getString("checkCode");
        Changes puts = new Changes().putOver(null, "old", Changes.card(canary));
        tablet.patch(old, puts.body(), "Idempotency-Key", key).is(ProblemType.CHECK_CODE_MISMATCH);
        tablet.patch(old, puts.rebase().body()).is(ProblemType.CHECK_CODE_MISMATCH);
        tablet.open("initial", old, 1, 1).is(ProblemType.CHECK_CODE_MISMATCH);
        tablet.open("changes", old, 1, 1).is(ProblemType.CHECK_CODE_MISMATCH);
        JsonObject after = phone.book().json();
        assertThat(after.getInt("seq")).isZero();
        assertThat(after.getInt("count")).isZero();
        assertThat(after.getString("checkKey")).isNotEqualTo(before.getString("checkKey"));
        assertThat(phone.get("/v1/book/history").is(200).array("changes")).isEmpty();
        assertThat(phone.get("/v1/book/trash").is(200).array("contacts")).isEmpty();
        phone.apply(new Changes().put("new", Changes.card("begins anew")));
        String known = phone.checkCode();
        phone.apply(new Changes().put("newer", Changes.card("begins anew")));
        tablet.patch(
                        known,
                        new Changes()
                                .putOver(null, "third", Changes.card("merged"))
                                .rebase()
                                .body())
                .is(200);
        tablet.patch(old, puts.body()).is(ProblemType.CHECK_CODE_MISMATCH);

        assertThat(logs()).doesNotContain(canary).doesNotContain(key(user)).contains("a user has erased");
    }

    /** An operator's erasure is the same. */
    @Test
    void anOperatorErasesTheAccountOfAUser() throws IOException {
        String user = "user-" + UUID.randomUUID();
        Device phone = Device.ofUser(server, user);
        Device operator = phone.withToken(server.operatorsToken());
        phone.apply(new Changes().put("ada", Changes.card("Ada")));

        phone.delete("/admin/v1/account?user=" + user).is(ProblemType.FORBIDDEN);
        operator.delete("/admin/v1/account").is(ProblemType.MALFORMED_REQUEST);
        assertErased(operator.delete("/admin/v1/account?user=nobody-" + user));
        assertThat(phone.book().json().getInt("count")).isEqualTo(1);
        assertErased(operator.delete("/admin/v1/account?user=" + user));
        assertThat(phone.book().json().getInt("count")).isZero();
        assertThat(logs())
                .contains("action=erase by=")
                .containsPattern("action=erase result=(done|begun) by=")
                .doesNotContain(key(user));
    }

    /** A restore that the server fills, an upload, and a stream of events, all of them under way. */
    @Test
    void whatIsUnderWayEndsWithoutEffect() throws Exception {
        Device phone = Device.ofNewUser(server);
        Device tablet = phone.another("tablet");
        phone.apply(notes(0, 150));
        phone.apply(notes(150, 300));
        Changes deletes = new Changes().confirmDeletes();
        for (int n = 0; n < 300; n++) {
            deletes.delete(Changes.uid(n));
        }
        phone.apply(deletes);
        String upload = tablet.opened("changes", 2, 2);
        tablet.chunk(upload, 1, new Changes().put("held", Changes.card("held")).body())
                .is(200);
        String restore = phone.post(
                        "/v1/book/restore",
                        "{\"seq\":2}",
                        "Idempotency-Key",
                        "\"" + UUID.randomUUID() + "\"",
                        "Prefer",
                        "respond-async")
                .is(202)
                .string("id");
        String code = phone.checkCode();
        String parked = phone.patch(
                        code,
                        new Changes().put("parked", Changes.card("parked")).body(),
                        "Prefer",
                        "respond-async")
                .is(202)
                .string("id");

        try (EventReader events = EventReader.of(server, phone.token())) {
            assertThat(events.nextEvent(LONG)).contains(code);
            CompletableFuture<HttpAnswer> waiting = phone.sendAsync(
                    "GET",
                    "/v1/sync-tasks/" + parked,
                    java.net.http.HttpRequest.BodyPublishers.noBody(),
                    "Prefer",
                    "wait=5");
            assertErased(phone.delete("/v1/account"));
            assertThat(waiting.join().status()).isBetween(200, 499);
            for (String task : List.of(upload, restore, parked)) {
                phone.task(task).is(ProblemType.NOT_FOUND);
            }
            tablet.chunk(
                            upload,
                            2,
                            new Changes().put("late", Changes.card("late")).body())
                    .is(ProblemType.NOT_FOUND);

            phone.apply(new Changes().put("new", Changes.card("begins anew")));
            String now = phone.checkCode();
            await().atMost(LONG)
                    .until(() -> String.valueOf(events.nextEvent(LONG)).contains(now));
        }
        // The restore had its pauses, and its thread has noticed.
        await().atMost(LONG)
                .until(() -> phone.post("/v1/book/restore", "{\"seq\":0}").status() < 500);
        JsonObject book = phone.book().json();
        assertThat(book.getInt("count")).isLessThanOrEqualTo(1);
        assertThat(book.getInt("seq")).isLessThanOrEqualTo(2);
    }

    /** Protocol 4.23.2: what is still being sent is cut off, and begins nothing. */
    @Test
    void anExportThatIsUnderWayMakesNoBookAgain() throws Exception {
        String user = "user-" + UUID.randomUUID();
        Device phone = Device.ofUser(server, user);
        for (int n = 0; n < 900; n += 150) {
            phone.apply(notes(n, n + 150));
        }
        String headers = "Authorization: Bearer " + phone.token() + "\r\nAccept: application/jscontact+json\r\n";

        try (RawConnection slow = RawConnection.deafTo(server.port())
                .send(RawConnection.request("GET", "/v1/book/export", headers, new byte[0]))) {
            assertThat(slow.read(LONG, "\r\n\r\n")).startsWith("HTTP/1.1 200");
            assertErased(phone.delete("/v1/account"));
            assertThat(slow.endsWithin(LONG)).isTrue();
        }

        awaitNoTraces(user, user);
    }

    @Test
    void erasuresAtOnceAndChangesBesideThem() {
        Device phone = Device.ofNewUser(server);
        for (int round = 0; round < 10; round++) {
            phone.apply(Changes.puts(0, 20));
            String code = phone.checkCode();
            List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(
                        phone.sendAsync("DELETE", "/v1/account", java.net.http.HttpRequest.BodyPublishers.noBody()));
                answers.add(phone.patchAsync(
                        code, new Changes().put("x" + i, Changes.card("beside")).body(), "Prefer", "wait=50"));
            }
            for (CompletableFuture<HttpAnswer> answer : answers) {
                assertThat(answer.join().status()).isIn(200, 202, 204, 412, 429, 503);
            }
            JsonObject book = phone.book().json();
            assertThat(book.getInt("count")).isZero();
            assertThat(book.getInt("seq")).isZero();
        }
    }

    /** Ten thousand contacts, and as many that a full upload has replaced; others go on meanwhile. */
    @Test
    void aLargeAccountIsErasedWhileOthersWork() {
        int chunks = 10;
        Device phone = Device.ofNewUser(server);
        Device other = Device.ofNewUser(server);
        for (String kind : List.of("initial", "replace")) {
            String upload = phone.opened(kind, chunks, chunks * 1_000);
            for (int n = 0; n < chunks; n++) {
                phone.chunk(upload, n + 1, Changes.contacts(n * 1_000, (n + 1) * 1_000))
                        .is(200);
            }
            phone.commit(upload).is(200);
        }

        long start = System.nanoTime();
        CompletableFuture<HttpAnswer> erased =
                phone.sendAsync("DELETE", "/v1/account", java.net.http.HttpRequest.BodyPublishers.noBody());
        long longest = 0;
        int changes = 0;
        while (!erased.isDone()) {
            long before = System.nanoTime();
            other.apply(Changes.puts(changes, changes + 1));
            longest = Math.max(longest, System.nanoTime() - before);
            changes++;
        }
        System.out.println("20,000 contacts erased: " + erased.join().status() + " after "
                + Duration.ofNanos(System.nanoTime() - start) + "; " + changes
                + " changes of another user beside, at most "
                + Duration.ofNanos(longest));
        assertThat(erased.join().status()).isIn(202, 204);
        assertThat(phone.book().json().getInt("count")).isZero();
        assertThat(other.book().json().getInt("count")).isEqualTo(changes);
    }

    private static void fill(Device phone, Device tablet, String canary, String key) {
        phone.apply(new Changes()
                .put("a-" + canary, card(canary, "+4930111222"))
                .put("b-" + canary, card(canary, "+4930333444")));
        phone.apply(new Changes().put("a-" + canary, card(canary + " changed", "+4930111222")));
        phone.apply(new Changes().delete("b-" + canary));
        tablet.patch(
                        phone.checkCode(),
                        new Changes()
                                .put("c-" + canary, card(canary, "+4930555666"))
                                .body(),
                        "Idempotency-Key",
                        key)
                .is(200);
        String hash = tablet.contact("c-" + canary)
                .is(200)
                .header("ETag")
                .orElseThrow()
                .replace("\"", "");
        phone.patch(
                        phone.checkCode(),
                        "{\"changes\":[{\"op\":\"put\",\"uid\":\"c-%s\",\"card\":%s,\"ifContentHash\":\"%s\"}],\"lost\":[{\"uid\":\"c-%s\",\"card\":%s}]}"
                                .formatted(
                                        canary, card(canary + " won", "1"), hash, canary, card(canary + " lost", "2")))
                .is(200);
        String replace = phone.opened("replace", 1, 2);
        phone.chunk(replace, 1, contacts("r", canary)).is(200);
        phone.commit(replace).is(200);
        phone.get("/v1/book/contacts?phone=%2B4930111222").is(200);
        phone.get("/v1/book/contacts?q=canary").is(200);
        String open = tablet.opened("changes", 2, 4);
        tablet.chunk(
                        open,
                        1,
                        new Changes().put("s-" + canary, Changes.card(canary)).body())
                .is(200);
        phone.patch(
                        phone.checkCode(),
                        new Changes().put("w-" + canary, Changes.card(canary)).body(),
                        "Prefer",
                        "respond-async")
                .is(202);
        await().atMost(LONG).until(() -> ids(phone).size() == 2);
    }

    private static String contacts(String prefix, String canary) {
        return "{\"contacts\":[{\"uid\":\"%1$s1-%2$s\",\"card\":%3$s},{\"uid\":\"%1$s2-%2$s\",\"card\":%3$s}]}"
                .formatted(prefix, canary, card(canary, "+4930777888"));
    }

    private static String card(String name, String phone) {
        return "{\"@type\":\"Card\",\"version\":\"1.0\",\"name\":{\"full\":\"%s\"},\"phones\":{\"k1\":{\"number\":\"%s\"}}}"
                .formatted(name, phone);
    }

    private static Changes notes(int from, int to) {
        Changes changes = new Changes();
        String note = "x".repeat(15_000);
        for (int n = from; n < to; n++) {
            changes.put(
                    Changes.uid(n),
                    "{\"@type\":\"Card\",\"notes\":{\"k1\":{\"note\":\"" + note + "\"}},\"version\":\"1.0\"}");
        }
        return changes;
    }

    private static List<JsonObject> devices(Device device) {
        return device.get("/v1/devices").is(200).array("devices").getValuesAs(JsonObject.class);
    }

    private static List<String> ids(Device device) {
        return devices(device).stream().map(each -> each.getString("id")).toList();
    }

    private static String key(String user) {
        return new Owner(TokenIssuer.DEVELOPMENT_NAME, user).key();
    }

    /** Everything that the server has written besides its database. */
    private String logs() throws IOException {
        StringBuilder text = new StringBuilder(Files.readString(server.log()));
        try (Stream<Path> files = Files.walk(server.data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().contains("h2")) {
                    text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return text.toString();
    }

    /** Protocol 4.23.1: 202 if it takes longer than some seconds, as on a busy machine; its last rows go soon. */
    private static void assertErased(HttpAnswer answer) {
        assertThat(answer.status()).isIn(202, 204);
    }

    private void awaitNoTraces(String canary, String user) {
        await().pollInSameThread()
                .atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(traces(canary, user)).isEmpty());
    }

    /** Columns of whatever table in which a text is, or something that stands for the user. */
    private List<String> traces(String canary, String user) throws SQLException {
        List<String> found = new ArrayList<>();
        if (TestDatabase.kind().equals("h2")) {
            server.stop();
        }
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("select table_name from information_schema.tables"
                    + " where lower(table_schema) = 'public' and table_type = 'BASE TABLE'")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            assertThat(tables).hasSizeGreaterThan(20);
            for (String table : tables) {
                try (ResultSet rows = statement.executeQuery("select * from \"" + table + "\"")) {
                    search(rows, List.of(canary, user, key(user)), table.toLowerCase(Locale.ROOT), found);
                }
            }
        } finally {
            if (TestDatabase.kind().equals("h2")) {
                server.start();
            }
        }
        return found;
    }

    private static void search(ResultSet rows, List<String> needles, String table, List<String> found)
            throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        while (rows.next()) {
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                Object value = rows.getObject(i);
                String text = value instanceof byte[] || value instanceof java.sql.Blob
                        ? new String(rows.getBytes(i), StandardCharsets.UTF_8)
                        : String.valueOf(value);
                String column = table + "." + columns.getColumnName(i).toLowerCase(Locale.ROOT);
                if (!found.contains(column) && needles.stream().anyMatch(text::contains)) {
                    found.add(column);
                }
            }
        }
    }

    private Connection database() throws SQLException {
        return TestDatabase.connect(server, DATABASE);
    }
}
