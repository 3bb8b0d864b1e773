package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 4.1 and 4.4 to 4.7: what a client can read, and that it all belongs together. */
@ExtendWith(SharedServer.class)
class ReadingIT {
    private final Device phone;
    private final BookModel book;

    ReadingIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
        book = BookModel.of(phone);
    }

    /** 4.1.1: the values of the document. */
    @Test
    void tellsItsLimitsToEverybody() {
        HttpAnswer answer = phone.withToken("").get("/v1/capabilities").is(200);

        assertThat(answer.header("Cache-Control")).hasValue("max-age=300");
        assertThat(answer.text())
                .isEqualTo(
                        "{\"protocol\":\"v1\",\"checkCode\":\"ck1\",\"maxChunkContacts\":1000,\"maxChunkBytes\":4194304,"
                                + "\"oneShotContacts\":500,\"oneShotBytes\":1048576,\"maxContactBytes\":262144,\"maxUidBytes\":255,"
                                + "\"maxDepth\":8,\"maxBookContacts\":200000,\"maxBookBytes\":268435456,\"maxChunks\":1000,\"maxQueuedTasks\":100,\"maxQueuedBytes\":16777216,\"maxStagedBytes\":741670912,\"maxQueuedSeconds\":86400,"
                                + "\"waitSecondsDefault\":10,\"waitSecondsMax\":55,\"uploadLeaseSeconds\":900,"
                                + "\"taskRetentionSeconds\":86400,\"changesRetentionSeconds\":2592000,\"maxEventStreams\":10,"
                                + "\"historyRetentionSeconds\":2592000,\"maxLostCards\":100,\"maxPhotoBytes\":10485760,"
                                + "\"maxPhotosBytes\":209715200,\"photoGraceSeconds\":604800}");
    }

    /** 4.4.1. */
    @Test
    void givesTheBookPageByPageInTheOrderOfTheUids() {
        fill("b", "a", "Z", "é", "zz", "😀", "a b");
        List<String> uids = new ArrayList<>();
        int pages = 0;
        for (String path = "/v1/book/contacts?limit=3"; !path.isEmpty(); pages++) {
            HttpAnswer page = phone.get(path).is(200);
            assertThat(page.tag()).isEqualTo(book.checkCode()).isEqualTo(page.string("checkCode"));
            for (JsonObject contact : page.array("contacts").getValuesAs(JsonObject.class)) {
                String uid = contact.getString("uid");
                uids.add(uid);
                assertThat(contact.getJsonObject("card").toString()).isEqualTo(Changes.card(uid));
                assertThat(contact.getString("contentHash")).isEqualTo(book.contentHash(uid));
            }
            path = page.json().getString("next", "");
        }
        assertThat(uids).isEqualTo(book.uids());
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void theLastPageHasNoNext() {
        fill("a", "b", "c");

        assertThat(phone.get("/v1/book/contacts?limit=3").is(200).json().keySet())
                .doesNotContain("next");
        assertThat(phone.get("/v1/book/contacts?after=c").is(200).array("contacts"))
                .isEmpty();
        assertThat(phone.get("/v1/book/contacts?limit=2").is(200).json().keySet())
                .contains("next");
    }

    /** 4.4.1: 200 when nothing is asked. */
    @Test
    void givesTwoHundredContactsUnlessAskedOtherwise() {
        phone.apply(Changes.puts(0, 250));

        assertThat(phone.get("/v1/book/contacts").is(200).array("contacts")).hasSize(200);
        assertThat(phone.get("/v1/book/contacts?limit=1000").is(200).array("contacts"))
                .hasSize(250);
    }

    /** 4.4.2. */
    @Test
    void refusesAPageOfABookThatHasChanged() {
        fill("a", "b");
        String first = book.checkCode();
        phone.get("/v1/book/contacts?limit=1", "If-Match", "\"" + first + "\"").is(200);
        fill("c");

        JsonObject problem = phone.get("/v1/book/contacts?limit=1&after=a", "If-Match", "\"" + first + "\"")
                .is(ProblemType.CHECK_CODE_MISMATCH);

        assertThat(problem.getString("serverCheckCode")).isEqualTo(book.checkCode());
        assertThat(problem.getInt("serverCount")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/book/contacts?limit=0",
                "/v1/book/contacts?limit=1001",
                "/v1/book/contacts?limit=x",
                "/v1/book/contacts?limit=-1",
                "/v1/book/contacts?limit=",
                "/v1/book/contacts?limit=99999999999999999999",
                "/v1/book/changes?since=-1",
                "/v1/book/changes?since=x",
                "/v1/book/changes?limit=0",
                "/v1/book/changes?since=99999999999999999999",
                "/v1/book/digests?prefix=G",
                "/v1/book/digests?prefix=A",
                "/v1/book/digests?prefix=00000",
                "/v1/book/digests?depth=4",
                "/v1/book/digests?depth=-1",
                "/v1/book/digests?prefix=000&depth=2",
                "/v1/book/digests/entries?prefix=0,x",
                "/v1/book/digests?prefix=0,0",
                "/v1/book/digests?prefix=0,",
                "/v1/book/digests?prefix=,0",
                "/v1/book/digests?prefix=0,x",
                "/v1/book/digests?prefix=00,0000&depth=1",
                "/v1/book/digests?prefix=0,1&depth=3",
                "/v1/book/digests/entries?hash=3",
                "/v1/book/digests/entries?hash=33",
                "/v1/book/digests/entries?hash=",
                "/v1/book/changes?excludeDevice=",
                "/v1/book/changes?excludeDevice=%20phone",
                "/v1/book/changes?excludeDevice=%C3%A9"
            })
    void refusesWhatCannotBeAsked(String path) {
        phone.get(path).is(ProblemType.MALFORMED_REQUEST);
    }

    /** 4.5.1: a uid may hold any character but controls. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "urn:uuid:00000000-0000-4000-8000-000000000003",
                "http://example.com/a/b?c=d&e=f;g#h",
                "..",
                ".",
                "%2F",
                "%",
                "a+b c",
                "刘刚 😀",
                "back\\slash",
                "//",
                "a;b=c",
                "~*'()!$,",
                " ",
                "\"quoted\""
            })
    void findsAContactByItsUid(String uid) {
        fill(uid);

        HttpAnswer answer = phone.contact(uid).is(200);

        assertThat(answer.tag()).isEqualTo(book.contentHash(uid));
        assertThat(answer.text())
                .isEqualTo("{\"uid\":%s,\"card\":%s,\"contentHash\":\"%s\"}"
                        .formatted(Changes.quoted(uid), Changes.card(uid), book.contentHash(uid)));
        assertThat(phone.contact(uid, "If-None-Match", "\"" + book.contentHash(uid) + "\"")
                        .status())
                .isEqualTo(304);
    }

    @Test
    void doesNotFindAContactThatIsNotThere() {
        phone.contact("nobody").is(ProblemType.NOT_FOUND);
        phone.contact("x".repeat(256)).is(ProblemType.NOT_FOUND);
    }

    /** 2.1.1: 255 bytes in the address, percent-encoded. */
    @Test
    void findsAContactByTheLongestUid() {
        String uid = "刘".repeat(85);
        fill(uid);

        assertThat(phone.contact(uid).is(200).tag()).isEqualTo(book.contentHash(uid));
        assertThat(phone.get("/v1/book/contacts?after=" + Device.encode(uid))
                        .is(200)
                        .array("contacts"))
                .isEmpty();
    }

    /** 4.7: the tree of the service is the one computed from the contacts. */
    @Test
    void theDigestTreeIsThatOfTheContacts() {
        phone.apply(Changes.puts(0, 400));
        addContacts(400);

        for (String query : List.of("", "?depth=2", "?prefix=&depth=2")) {
            HttpAnswer answer = phone.get("/v1/book/digests" + query).is(200);
            assertThat(answer.tag()).isEqualTo(book.checkCode()).isEqualTo(answer.string("checkCode"));
            assertThat(nodes(answer)).isEqualTo(book.nodes("", 2));
        }
        assertThat(nodes(phone.get("/v1/book/digests?depth=3").is(200))).isEqualTo(book.nodes("", 3));
        assertThat(nodes(phone.get("/v1/book/digests?prefix=a&depth=3").is(200)))
                .isEqualTo(book.nodes("a", 3));
        assertThat(nodes(phone.get("/v1/book/digests?prefix=0f&depth=2").is(200)))
                .isEqualTo(book.nodes("0f", 2));
        assertThat(nodes(phone.get("/v1/book/digests?prefix=0f3&depth=1").is(200)))
                .isEqualTo(book.nodes("0f3", 1));
    }

    /** 4.7.2. */
    @Test
    void givesTheTreeAsBytesToo() {
        phone.apply(Changes.puts(0, 40));
        addContacts(40);

        HttpAnswer answer = phone.get("/v1/book/digests?depth=2", "Accept", "application/octet-stream");

        assertThat(answer.header("Content-Type")).hasValue("application/octet-stream");
        assertThat(answer.body()).hasSize(4096);
        assertThat(answer.tag()).isEqualTo(book.checkCode());
        assertThat(HexFormat.of().formatHex(answer.body()))
                .isEqualTo(String.join("", book.nodes("", 2).values()));
    }

    /** 4.7.1, 4.7.2: in the order asked, also of nodes on different levels. */
    @Test
    void theTreeAnswersSeveralPrefixesInTheOrderAsked() {
        phone.apply(Changes.puts(0, 400));
        addContacts(400);
        List<String> prefixes = List.of("f0", "0", "a7c");
        Map<String, String> expected = new LinkedHashMap<>();
        prefixes.forEach(prefix -> expected.putAll(book.nodes(prefix, 1)));

        HttpAnswer json = phone.get("/v1/book/digests?prefix=f0,0,a7c&depth=1").is(200);
        assertThat(json.tag()).isEqualTo(book.checkCode());
        assertThat(List.copyOf(json.json().getJsonObject("nodes").keySet())).isEqualTo(List.copyOf(expected.keySet()));
        assertThat(nodes(json)).isEqualTo(expected);
        assertThat(phone.get("/v1/book/digests?prefix=f0,0,a7c").is(200).text())
                .as("by default as deep as all of them allow")
                .isEqualTo(json.text());
        HttpAnswer bytes =
                phone.get("/v1/book/digests?prefix=f0%2C0%2Ca7c&depth=1", "Accept", "application/octet-stream");
        assertThat(HexFormat.of().formatHex(bytes.body())).isEqualTo(String.join("", expected.values()));
    }

    /** 4.7.1: as many nodes as the deepest request for one prefix has. */
    @Test
    void theTreeAnswersFourThousandNodesAtMost() {
        String most = IntStream.range(0, 256)
                .mapToObj(n -> Integer.toHexString(n | 1 << 8).substring(1))
                .collect(Collectors.joining(","));

        assertThat(phone.get("/v1/book/digests?prefix=" + most, "Accept", "application/octet-stream")
                        .body())
                .hasSize(16 * 4_096);
        phone.get("/v1/book/digests?depth=2&prefix=" + most).is(ProblemType.MALFORMED_REQUEST);
        phone.get("/v1/book/digests?depth=0&prefix=" + most + ",000").is(ProblemType.MALFORMED_REQUEST);
    }

    /** 4.7.6. */
    @Test
    void shortensHashesOnRequest() {
        phone.apply(Changes.puts(0, 20));
        addContacts(20);

        for (int bytes : new int[] {4, 8, 32}) {
            Map<String, String> entries = new TreeMap<>();
            int pages = 0;
            for (String path = "/v1/book/digests/entries?hash=" + bytes + "&limit=9"; !path.isEmpty(); pages++) {
                JsonObject page = phone.get(path).is(200).json();
                entries.putAll(entries(page));
                path = page.getString("next", "");
            }
            assertThat(pages).isEqualTo(3);
            Map<String, String> expected = new TreeMap<>();
            hashes(book.uids()).forEach((uid, hash) -> expected.put(uid, hash.substring(0, 2 * bytes)));
            assertThat(entries).isEqualTo(expected);
            assertThat(entries("?hash=" + bytes)).as("in one answer").isEqualTo(expected);
        }
    }

    /** 4.7.3. */
    @Test
    void listsUidsAndHashesUnderPrefixes() {
        phone.apply(Changes.puts(0, 100));
        addContacts(100);
        String one = book.position(Changes.uid(1));
        String two = book.position(Changes.uid(2)).substring(0, 1);

        assertThat(entries("")).isEqualTo(hashes(book.uids()));
        assertThat(entries("?prefix=")).isEqualTo(hashes(book.uids()));
        assertThat(entries("?prefix=" + one + "," + two))
                .isEqualTo(hashes(book.uids().stream()
                        .filter(uid -> book.position(uid).equals(one)
                                || book.position(uid).startsWith(two))
                        .toList()));
    }

    /** 4.6.1: a contact stands there at most once, a deleted one as its tombstone. */
    @Test
    void theFeedTellsWhatChanged() {
        Device tablet = phone.another("tablet");
        phone.apply(new Changes().put("a", Changes.card("A")).put("b", Changes.card("B")));
        tablet.apply(new Changes().put("a", Changes.card("A2")).put("c", Changes.card("C")));
        tablet.apply(new Changes().delete("b"));
        book.put("a", Changes.card("A2")).put("c", Changes.card("C"));

        HttpAnswer answer = phone.get("/v1/book/changes?since=1").is(200);

        assertThat(answer.json().keySet()).contains("changes", "next", "hasMore", "checkCode", "seq");
        assertThat(answer.string("checkCode")).isEqualTo(book.checkCode());
        assertThat(answer.number("seq")).isEqualTo(3);
        assertThat(answer.json().getBoolean("hasMore")).isFalse();
        List<JsonObject> changes = answer.array("changes").getValuesAs(JsonObject.class);
        assertThat(changes.stream()
                        .map(change -> change.getInt("seq") + " " + change.getString("op") + " "
                                + change.getString("uid") + " " + change.getString("device")))
                .containsExactly("2 put a tablet", "2 put c tablet", "3 delete b tablet");
        assertThat(changes.get(0).getString("contentHash")).isEqualTo(book.contentHash("a"));
        assertThat(changes.get(0).getJsonObject("card").toString()).isEqualTo(Changes.card("A2"));
        assertThat(changes.get(2).keySet()).doesNotContain("card", "contentHash");
        assertThat(phone.get(answer.string("next")).is(200).array("changes")).isEmpty();
    }

    /** 4.6.5: also in pages of which everything is left out. */
    @Test
    void theFeedLeavesOutTheChangesOfOneDevice() {
        Device tablet = phone.another("ada's tablet");
        phone.apply(Changes.puts(0, 5));
        tablet.apply(new Changes().put("c", Changes.card("C")));
        tablet.apply(new Changes().put(Changes.uid(1), Changes.card("theirs")));
        phone.apply(new Changes().put("c", Changes.card("mine")).delete(Changes.uid(2)));
        List<String> found = new ArrayList<>();
        int pages = 0;
        String path = "/v1/book/changes?since=0&limit=2&excludeDevice=phone";
        for (boolean more = true; more; pages++) {
            HttpAnswer page = phone.get(path).is(200);
            page.array("changes").getValuesAs(JsonObject.class).forEach(each -> found.add(each.getString("uid")));
            assertThat(page.number("seq")).isEqualTo(4);
            assertThat(page.string("checkCode")).isEqualTo(phone.checkCode());
            path = page.string("next");
            assertThat(path).contains("&excludeDevice=phone");
            more = page.json().getBoolean("hasMore");
        }
        assertThat(found).containsExactly(Changes.uid(1));
        assertThat(pages).isEqualTo(3);
        tablet.apply(new Changes().put("later", Changes.card("Later")));
        assertThat(phone.get(path).is(200).array("changes")).hasSize(1);
        assertThat(phone.get("/v1/book/changes?since=1&excludeDevice=ada%27s%20tablet")
                        .is(200)
                        .array("changes"))
                .hasSize(2);
    }

    /** 4.6.2: also when one task made more changes than a page has. */
    @Test
    void theFeedGoesOnWhereItsPageEnded() {
        phone.apply(Changes.puts(0, 7));
        phone.apply(Changes.puts(5, 9));
        phone.apply(new Changes().delete(Changes.uid(0)));
        BookModel mine = book.copy();
        int pages = 0;
        String path = "/v1/book/changes?since=0&limit=3";
        for (boolean more = true; more; pages++) {
            JsonObject page = phone.get(path).is(200).json();
            assertThat(page.getJsonArray("changes").size()).isLessThanOrEqualTo(3);
            IncrementalSyncIT.apply(page, mine);
            path = page.getString("next");
            more = page.getBoolean("hasMore");
        }
        assertThat(mine.checkCode()).isEqualTo(phone.checkCode());
        assertThat(pages).isBetween(3, 4);
        phone.apply(new Changes().put("later", Changes.card("Later")));
        assertThat(phone.get(path).is(200).array("changes")).hasSize(1);
    }

    private void fill(String... uids) {
        Changes changes = new Changes();
        for (String uid : uids) {
            changes.put(uid, Changes.card(uid));
            book.put(uid, Changes.card(uid));
        }
        phone.apply(changes);
    }

    private void addContacts(int end) {
        for (int i = 0; i < end; i++) {
            book.put(Changes.uid(i), Changes.numbered(i));
        }
    }

    private static Map<String, String> nodes(HttpAnswer answer) {
        return answer.json().getJsonObject("nodes").entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        node -> node.getValue().asJsonObject().getString("node")));
    }

    private Map<String, String> entries(String query) {
        HttpAnswer answer = phone.get("/v1/book/digests/entries" + query).is(200);
        assertThat(answer.string("checkCode")).isEqualTo(book.checkCode());
        return entries(answer.json());
    }

    private static Map<String, String> entries(JsonObject answer) {
        Map<String, String> entries = new TreeMap<>();
        for (JsonArray entry : answer.getJsonArray("entries").getValuesAs(JsonArray.class)) {
            entries.put(entry.getString(0), entry.getString(1));
        }
        return entries;
    }

    private Map<String, String> hashes(List<String> uids) {
        return uids.stream().collect(Collectors.toMap(uid -> uid, book::contentHash));
    }
}
