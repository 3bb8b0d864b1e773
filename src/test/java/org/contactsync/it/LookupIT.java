package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Look-ups over HTTP, in a server with a region and a block list. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LookupIT {
    private static final String CONTACTS = "/v1/book/contacts?";

    private final Path directory;
    private final Path blocked;
    private final LibertyServer server;
    private Device user;

    LookupIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws IOException {
        this.directory = directory;
        blocked = directory.resolve("blocked.txt");
        Files.writeString(blocked, "+49 900*\n+49309999999\n");
        server = LibertyServer.in(directory.resolve("data"))
                .with("DEFAULT_REGION", "DE")
                .with("BLOCK_LIST", blocked.toString())
                .with("RATE_PER_SECOND", "100000")
                .with("RATE_BURST", "100000")
                .withDatabase("lookup")
                .start();
        user = Device.ofNewUser(server);
    }

    @BeforeEach
    void makeUser() {
        user = Device.ofNewUser(server);
    }

    /** The database in a file cannot be read before. */
    @AfterAll
    void end() throws SQLException {
        if (TestDatabase.kind().equals("h2")) {
            server.stop();
            assertThat(indexes(0)).isPositive();
        }
        server.close();
    }

    /** Protocol 4.20.1 to 4.20.6. */
    @Test
    void tellsWhoseNumbersTheseAre() {
        user.apply(new Changes()
                .put("ada", card("Ada King", "030 / 123 45 67", "\"label\":\"Lake house\"", "favourite"))
                .put("bob", card("Bob", "sip:bob@example.org", "", "block"))
                .put("office", card("Office", "201", "\"contexts\":{\"work\":true}", "")));

        JsonObject answer = phones(
                        "+49301234567",
                        "0049301234567",
                        "030 1234567",
                        "tel:+49-30-1234567",
                        "sip:+49301234567@gw.example.org;user=phone",
                        "sip:bob@EXAMPLE.org:5060",
                        "201",
                        "+49900123",
                        "+1 650 253 0000")
                .is(200)
                .json();

        List<JsonObject> lookups = answer.getJsonArray("lookups").getValuesAs(JsonObject.class);
        assertThat(lookups).hasSize(9);
        assertThat(answer.getString("checkCode")).isEqualTo(user.checkCode());
        for (int i = 0; i < 5; i++) {
            assertThat(lookups.get(i).getString("e164")).isEqualTo("+49301234567");
            JsonObject ada = only(lookups.get(i));
            assertThat(ada.getString("name")).isEqualTo("Ada King");
            assertThat(ada.getString("uid")).isEqualTo("ada");
            assertThat(ada.getString("label")).isEqualTo("Lake house");
            assertThat(ada.getString("match")).isEqualTo("exact");
            assertThat(ada.getJsonArray("marks").getString(0)).isEqualTo("favourite");
        }
        assertThat(only(lookups.get(5)).getString("uid")).isEqualTo("bob");
        assertThat(only(lookups.get(5)).getJsonArray("marks").getString(0)).isEqualTo("block");
        assertThat(only(lookups.get(6)).getString("label")).isEqualTo("work");
        assertThat(lookups.get(7).getBoolean("blocked")).isTrue();
        assertThat(lookups.get(7).getJsonArray("matches")).isEmpty();
        assertThat(lookups.get(8).containsKey("blocked")).isFalse();
    }

    /** Protocol 4.20.4: the region is that of the request, and nothing that is stored depends on it. */
    @Test
    void theRegionOfTheRequestCounts() {
        user.apply(new Changes().put("eve", card("Eve", "020 7946 0958", "", "")));
        String path = CONTACTS + "phone=%2B442079460958";

        for (int round = 0; round < 2; round++) {
            assertThat(only(lookup(user.get(path).is(200), 0)).getString("match"))
                    .isEqualTo("national");
            assertThat(only(lookup(user.get(path + "&region=gb").is(200), 0)).getString("match"))
                    .isEqualTo("exact");
        }
    }

    /** Protocol 4.20.7: no, nobody, is an answer that can be kept. */
    @Test
    void answersAreRevalidatedWithTheirTag() throws IOException {
        user.apply(new Changes().put("ada", card("Ada", "+49301234567", "", "")));
        HttpAnswer nobody = phones("+49307654321").is(200);
        assertThat(matches(nobody.json(), 0)).isEmpty();
        String tag = nobody.header("ETag").orElseThrow();
        assertThat(tag).startsWith("\"" + user.checkCode());
        assertThat(nobody.header("Cache-Control").orElseThrow())
                .contains("private", "max-age=0")
                .doesNotContain("no-store");

        String path = CONTACTS + "phone=%2B49307654321";
        HttpAnswer unchanged = user.get(path, "If-None-Match", tag);
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.text()).isEmpty();
        assertThat(user.get(path + "&region=AT", "If-None-Match", tag).status()).isEqualTo(200);

        user.apply(new Changes().put("bob", card("Bob", "+49307654321", "", "")));
        HttpAnswer changed = user.get(path, "If-None-Match", tag).is(200);
        assertThat(only(lookup(changed, 0)).getString("uid")).isEqualTo("bob");

        String before = changed.header("ETag").orElseThrow();
        Files.writeString(blocked, Files.readString(blocked) + "+49 30 7654321\n");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> user.get(path, "If-None-Match", before).status() == 200);
        assertThat(lookup(user.get(path), 0).getBoolean("blocked")).isTrue();
    }

    /** Protocol 3.8.1. */
    @Test
    void aLookUpInAnotherStateOfTheBookIsRefused() {
        user.apply(new Changes().put("ada", card("Ada", "+49301234567", "", "")));
        String code = "\"" + user.checkCode() + "\"";
        List<String> paths = List.of(CONTACTS + "phone=%2B49301234567", CONTACTS + "q=ada");
        for (String path : paths) {
            String tag = user.get(path).is(200).header("ETag").orElseThrow();
            assertThat(user.get(path, "If-None-Match", tag).status()).isEqualTo(304);
            user.get(path, "If-None-Match", tag, "If-Match", code).is(200);
        }
        user.apply(new Changes().put("bob", card("Bob", "+49307654321", "", "")));
        for (String path : paths) {
            user.get(path, "If-Match", code).is(ProblemType.CHECK_CODE_MISMATCH);
        }
    }

    /** A book of thousands is read once; then it has an index, which follows all kinds of changes. */
    @Test
    void aLargeBookIsFoundBeforeAndAfterItHasAnIndex() {
        int many = 3_000;
        upload("initial", 0, many);

        assertThat(only(lookup(phones(number(1_234)).is(200), 0)).getString("uid"))
                .isEqualTo("c-1234");
        for (int i = 0; i < many; i += 500) {
            assertThat(only(lookup(phones(number(i)).is(200), 0)).getString("uid"))
                    .isEqualTo("c-" + i);
        }
        awaitIndex();
        for (int i = 0; i < many; i += 500) {
            assertThat(only(lookup(phones(number(i)).is(200), 0)).getString("uid"))
                    .isEqualTo("c-" + i);
        }
        assertThat(only(lookup(phones(number(many - 1)).is(200), 0)).getString("uid"))
                .isEqualTo("c-" + (many - 1));
        user.apply(new Changes().delete("c-500").put("c-1000", card("Moved", "+49301", "", "")));
        assertThat(matches(phones(number(500)).json(), 0)).isEmpty();
        assertThat(matches(phones(number(1_000)).json(), 0)).isEmpty();
        assertThat(only(lookup(phones("+49301").is(200), 0)).getString("name")).isEqualTo("Moved");

        upload("replace", 100, 200);
        for (int round = 0; round < 2; round++) {
            assertThat(matches(phones(number(0)).json(), 0)).isEmpty();
            assertThat(only(lookup(phones(number(150)).is(200), 0)).getString("uid"))
                    .isEqualTo("c-150");
            assertThat(names("person 15").json().getJsonArray("found")).hasSize(10);
            Pause.of(Duration.ofSeconds(2));
        }
    }

    /** Protocol 4.21.1 to 4.21.3. */
    @Test
    void findsNames() {
        user.apply(
                new Changes()
                        .put("zoe", "{\"@type\":\"Card\",\"name\":{\"full\":\"Zoë Washburne\"},\"version\":\"1.0\"}")
                        .put("gang", "{\"@type\":\"Card\",\"name\":{\"full\":\"刘刚\"},\"version\":\"1.0\"}")
                        .put(
                                "cafe",
                                "{\"@type\":\"Card\",\"organizations\":{\"k1\":{\"name\":\"CAFÉ Noir\"}},\"version\":\"1.0\"}"));

        for (String[] each : new String[][] {{"zoe w", "zoe"}, {"WASH", "zoe"}, {"刚", "gang"}, {"cafe", "cafe"}}) {
            HttpAnswer answer = names(each[0]).is(200);
            assertThat(answer.json().getJsonArray("found").getValuesAs(JsonObject.class))
                    .as(each[0])
                    .extracting(found -> found.getString("uid"))
                    .containsExactly(each[1]);
            assertThat(answer.json().getBoolean("more")).isFalse();
            assertThat(user.get(
                                    CONTACTS + "q=" + Device.encode(each[0]),
                                    "If-None-Match",
                                    answer.header("ETag").orElseThrow())
                            .status())
                    .isEqualTo(304);
        }
        assertThat(names("nobody").is(200).json().getJsonArray("found")).isEmpty();
    }

    /** Protocol 4.20.9: nothing of what was asked is repeated. */
    @Test
    void refusesWhatItDoesNotUnderstand() {
        for (String query : List.of(
                "phone=",
                "phone=%20",
                "phone=1%00",
                "phone=1&phone=%0A",
                "phone=" + "9".repeat(257),
                "phone=1&region=XX",
                "phone=1&region=Germany",
                "phone=1&limit=5",
                "phone=1&after=a",
                "phone=1&q=a",
                "phone=1&number=0170555",
                "region=DE",
                "q=",
                "q=-",
                "q=" + "a".repeat(101),
                "q=a&after=b",
                "q=a&limit=101",
                "q=a&limit=0",
                "q=a&q=b",
                "phone=1" + "&phone=0170555".repeat(50))) {
            JsonObject refused = user.get(CONTACTS + query).is(ProblemType.MALFORMED_REQUEST);
            assertThat(refused.toString()).doesNotContain("0170555");
        }
        assertThat(user.get(CONTACTS + "phone=1" + "&phone=2".repeat(49))
                        .is(200)
                        .json()
                        .getJsonArray("lookups"))
                .hasSize(50);
    }

    /** More numbers than a request line has room for: the server itself refuses them, and goes on. */
    @Test
    void tenThousandNumbersAreNoRequest() {
        String path = CONTACTS
                + IntStream.range(0, 10_000).mapToObj(i -> "phone=%2B4930" + i).collect(Collectors.joining("&"));

        assertThat(user.get(path).status()).isBetween(400, 499);
        assertThat(phones("+4930").is(200).status()).isEqualTo(200);
    }

    /** Searches that match everything, and numbers that all end alike, cost a bounded time and answer. */
    @Test
    void whatMatchesEverythingIsBounded() {
        String same = IntStream.range(0, 500)
                .mapToObj(i -> "{\"uid\":\"s-%d\",\"card\":%s}".formatted(i, card("Same Name", "+49307777777", "", "")))
                .collect(Collectors.joining(","));
        String task = user.opened("initial", 1, 500);
        user.chunk(task, 1, "{\"contacts\":[" + same + "]}").is(200);
        user.commit(task).is(200);
        for (int round = 0; round < 2; round++) {
            HttpAnswer all = user.get(CONTACTS + "q=s&limit=100").is(200);
            assertThat(all.json().getJsonArray("found")).hasSize(100);
            assertThat(all.json().getBoolean("more")).isTrue();
            assertThat(names("n s name same na sa").json().getJsonArray("found"))
                    .hasSize(20);
            assertThat(matches(phones("+49307777777").json(), 0)).hasSize(5);
            String fifty = "phone=%2B49307777777" + "&phone=%2B49307777777".repeat(49);
            HttpAnswer many = user.get(CONTACTS + fifty).is(200);
            assertThat(many.json().getJsonArray("lookups")).hasSize(50);
            assertThat(many.text().length()).isLessThan(60_000);
            Pause.of(Duration.ofSeconds(2));
        }
    }

    /** Every user's look-ups are of their own book; an operator's of anybody's, and audited without the number. */
    @Test
    void anOperatorLooksUpForAnyUser() throws IOException {
        String name = "switch-user-" + UUID.randomUUID();
        Device called = Device.ofUser(server, name);
        called.apply(new Changes().put("ada", card("Secret Ada", "+49301112223", "", "")));
        Device operator = user.withToken(server.operatorsToken());
        String path = "/admin/v1/lookup?user=" + name + "&phone=%2B49301112223&phone=030%201112224";

        assertThat(matches(phones("+49301112223").json(), 0)).isEmpty();
        user.get(path).is(ProblemType.FORBIDDEN);
        user.withToken("").get(path).is(ProblemType.UNAUTHORIZED);
        HttpAnswer found = operator.get(path).is(200);
        assertThat(only(lookup(found, 0)).getString("name")).isEqualTo("Secret Ada");
        assertThat(matches(found.json(), 1)).isEmpty();
        assertThat(found.json().getString("checkCode")).isEqualTo(called.checkCode());
        assertThat(operator.get(path, "If-None-Match", found.header("ETag").orElseThrow())
                        .status())
                .isEqualTo(304);

        HttpAnswer nobody =
                operator.get("/admin/v1/lookup?user=never-seen&phone=%2B49900").is(200);
        assertThat(nobody.json().containsKey("checkCode")).isFalse();
        assertThat(lookup(nobody, 0).getBoolean("blocked")).isTrue();
        for (String bad :
                List.of("", "?user=a", "?phone=1", "?user=&phone=1", "?user=a&phone=1&q=x", "?user=a&user=b&phone=1")) {
            operator.get("/admin/v1/lookup" + bad).is(ProblemType.MALFORMED_REQUEST);
        }

        Path audit = directory.resolve("data");
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(audit)) {
            for (Path file : files.filter(each -> each.getFileName().toString().matches("(audit|lookups)\\.\\d+\\.log"))
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        assertThat(lines)
                .anyMatch(line -> line.contains("admin action=lookup") && line.contains("numbers=2"))
                .noneMatch(line -> line.contains("111222") || line.contains("Secret") || line.contains(name));
        assertThat(Files.readString(server.log()))
                .doesNotContain("111222")
                .doesNotContain("Secret Ada")
                .doesNotContain("action=lookup");
    }

    private static String card(String name, String number, String member, String keyword) {
        return String.format(
                Locale.ROOT,
                "{\"@type\":\"Card\",%s\"name\":{\"full\":\"%s\"},\"phones\":{\"k1\":{%s\"number\":\"%s\"}},\"version\":\"1.0\"}",
                keyword.isEmpty() ? "" : "\"keywords\":{\"" + keyword + "\":true},",
                name,
                member.isEmpty() ? "" : member + ",",
                number);
    }

    /** Until the index of a book of thousands is complete, as far as the database can be read meanwhile. */
    private void awaitIndex() {
        if (TestDatabase.kind().equals("h2")) {
            Pause.of(Duration.ofSeconds(3));
        } else {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> indexes(1_000_000) > 0);
        }
    }

    /** Complete ones that have more bytes than these. */
    private long indexes(long bytes) throws SQLException {
        try (Connection connection = database();
                PreparedStatement count = connection.prepareStatement("select count(*) from lookup_index i join book b"
                        + " on b.id = i.book_id where i.seq = b.seq and i.entry_bytes > ?")) {
            count.setLong(1, bytes);
            try (ResultSet rows = count.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private Connection database() throws SQLException {
        return TestDatabase.connect(server, "lookup");
    }

    private void upload(String kind, int first, int end) {
        int inChunk = 1_000;
        int chunks = (end - first + inChunk - 1) / inChunk;
        String task = user.opened(kind, chunks, end - first);
        for (int chunk = 0; chunk < chunks; chunk++) {
            int from = first + chunk * inChunk;
            String contacts = IntStream.range(from, Math.min(end, from + inChunk))
                    .mapToObj(
                            i -> "{\"uid\":\"c-%d\",\"card\":%s}".formatted(i, card("Person " + i, number(i), "", "")))
                    .collect(Collectors.joining(","));
            user.chunk(task, chunk + 1, "{\"contacts\":[" + contacts + "]}").is(200);
        }
        user.commit(task, "{\"confirmDeletes\":true}").is(200);
    }

    private static String number(int i) {
        return "+49305" + (100_000 + i);
    }

    private HttpAnswer phones(String... numbers) {
        StringBuilder path = new StringBuilder(CONTACTS);
        for (String number : numbers) {
            path.append(path.length() == CONTACTS.length() ? "" : "&")
                    .append("phone=")
                    .append(Device.encode(number));
        }
        return user.get(path.toString());
    }

    private HttpAnswer names(String query) {
        return user.get(CONTACTS + "q=" + Device.encode(query));
    }

    private static JsonObject lookup(HttpAnswer answer, int index) {
        return answer.json().getJsonArray("lookups").getJsonObject(index);
    }

    private static List<JsonObject> matches(JsonObject answer, int index) {
        return answer.getJsonArray("lookups")
                .getJsonObject(index)
                .getJsonArray("matches")
                .getValuesAs(JsonObject.class);
    }

    private static JsonObject only(JsonObject lookup) {
        assertThat(lookup.getJsonArray("matches")).hasSize(1);
        return lookup.getJsonArray("matches").getJsonObject(0);
    }
}
