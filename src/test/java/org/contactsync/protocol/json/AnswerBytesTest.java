package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.junit.jupiter.api.Test;

/** Every byte of answers of which the round trip alone would not tell that a name or the order of members has changed. */
class AnswerBytesTest {
    private static final CheckKey KEY = CheckKey.of(new byte[CheckKey.BYTES]);
    private static final CheckCode CODE = ArbitraryAnswers.code(3);
    private static final ContentHash HASH = ContentHash.of(new byte[32]);
    private static final String HEX = "0".repeat(64);
    private static final Content CONTENT =
            new Content(CanonicalCard.ofTrusted("{\"@type\":\"Card\"}".getBytes(StandardCharsets.UTF_8)), HASH);

    @Test
    void aBook() {
        assertThat(AnswerJson.of(new BookHead(3, 7, CODE, KEY, 1, 2, 0)))
                .isEqualTo("{\"count\":3,\"seq\":7,\"checkCode\":\"" + CODE + "\",\"checkKey\":\"" + "A".repeat(43)
                        + "\",\"queue\":{\"running\":1,\"waiting\":2}}");
    }

    @Test
    void aBookWhoseFeedBeginsLater() {
        assertThat(AnswerJson.of(new BookHead(3, 7, CODE, KEY, 0, 0, 5)))
                .isEqualTo("{\"count\":3,\"seq\":7,\"checkCode\":\"" + CODE + "\",\"checkKey\":\"" + "A".repeat(43)
                        + "\",\"queue\":{\"running\":0,\"waiting\":0},\"changesFrom\":5}");
    }

    @Test
    void capabilities() {
        assertThat(AnswerJson.of(Limits.DEFAULTS))
                .isEqualTo("{\"protocol\":\"v1\",\"checkCode\":\"ck1\",\"maxChunkContacts\":1000,"
                        + "\"maxChunkBytes\":4194304,\"oneShotContacts\":500,\"oneShotBytes\":1048576,"
                        + "\"maxContactBytes\":262144,\"maxUidBytes\":255,\"maxDepth\":8,\"maxBookContacts\":200000,"
                        + "\"maxBookBytes\":268435456,\"maxChunks\":1000,\"maxQueuedTasks\":100,"
                        + "\"maxQueuedBytes\":16777216,\"maxStagedBytes\":741670912,\"maxQueuedSeconds\":86400,"
                        + "\"waitSecondsDefault\":10,\"waitSecondsMax\":55,\"uploadLeaseSeconds\":900,"
                        + "\"taskRetentionSeconds\":86400,\"changesRetentionSeconds\":2592000,\"maxEventStreams\":10,"
                        + "\"historyRetentionSeconds\":2592000,\"maxLostCards\":100,\"maxPhotoBytes\":10485760,"
                        + "\"maxPhotosBytes\":209715200,\"photoGraceSeconds\":604800}");
    }

    @Test
    void aPageOfContacts() {
        JsonWriter json = new JsonWriter();
        PageJson.beginContacts(json);
        PageJson.contact(json, new Uid("ada"), CONTENT);
        PageJson.contact(json, new Uid("bob"), CONTENT);
        PageJson.endContacts(json, CODE, Optional.of("/v1/book/contacts?limit=2&after=bob"));

        assertThat(json.text())
                .isEqualTo("{\"contacts\":[{\"uid\":\"ada\",\"card\":{\"@type\":\"Card\"},\"contentHash\":\"" + HEX
                        + "\"},{\"uid\":\"bob\",\"card\":{\"@type\":\"Card\"},\"contentHash\":\"" + HEX
                        + "\"}],\"checkCode\":\"" + CODE + "\",\"next\":\"/v1/book/contacts?limit=2&after=bob\"}");
    }

    @Test
    void allEntries() {
        JsonWriter json = new JsonWriter();
        PageJson.beginEntries(json, CODE);
        PageJson.entry(json, new Uid("ada"), HASH);
        PageJson.entry(json, new Uid("bob"), HASH);
        PageJson.endEntries(json, Optional.empty());

        assertThat(json.text())
                .isEqualTo("{\"checkCode\":\"" + CODE + "\",\"entries\":[[\"ada\",\"" + HEX + "\"],[\"bob\",\"" + HEX
                        + "\"]]}");
    }

    @Test
    void entriesWithShortenedHashes() {
        JsonWriter json = new JsonWriter();
        PageJson.beginEntries(json, CODE);
        PageJson.entry(json, new Uid("ada"), HASH, 4);
        PageJson.endEntries(json, Optional.of("/v1/book/digests/entries?prefix=&hash=4&limit=1&after=ada"));

        assertThat(json.text())
                .isEqualTo("{\"checkCode\":\"" + CODE + "\",\"entries\":[[\"ada\",\"00000000\"]],"
                        + "\"next\":\"/v1/book/digests/entries?prefix=&hash=4&limit=1&after=ada\"}");
    }

    @Test
    void aPageOfChanges() {
        JsonWriter json = new JsonWriter();
        BookChange put = new BookChange(6, new Uid("ada"), Optional.of(CONTENT), Optional.of(new DeviceId("phone")));
        BookChange delete = new BookChange(7, new Uid("bob"), Optional.empty(), Optional.empty());
        PageJson.changes(json, List.of(put, delete), false, "/v1/book/changes?since=7&limit=2", 7, CODE);

        assertThat(json.text())
                .isEqualTo("{\"changes\":[{\"seq\":6,\"op\":\"put\",\"uid\":\"ada\",\"contentHash\":\"" + HEX
                        + "\",\"card\":{\"@type\":\"Card\"},\"device\":\"phone\"},"
                        + "{\"seq\":7,\"op\":\"delete\",\"uid\":\"bob\"}],\"hasMore\":false,"
                        + "\"next\":\"/v1/book/changes?since=7&limit=2\",\"seq\":7,\"checkCode\":\"" + CODE + "\"}");
    }

    @Test
    void nodesOfTheDigestTree() {
        CheckCodes codes = new CheckCodes(KEY);
        TreeMap<String, BookDigest> nodes = new TreeMap<>();
        nodes.put("0", BookDigest.EMPTY);
        nodes.put("1", BookDigest.EMPTY.plus(codes.entry(new Uid("ada"), HASH)));
        JsonWriter json = new JsonWriter();
        PageJson.nodes(json, CODE, nodes, codes);

        assertThat(json.text())
                .matches("\\{\"checkCode\":\"" + CODE
                        + "\",\"nodes\":\\{\"0\":\\{\"count\":0,\"node\":\"[0-9a-f]{32}\"},"
                        + "\"1\":\\{\"count\":1,\"node\":\"[0-9a-f]{32}\"}}}");
    }

    @Test
    void tasksThatWereGivenUp() {
        TaskId id = new TaskId(new UUID(1, 2));
        Instant at = Instant.parse("2026-11-22T10:15:30.123456Z");
        AdminJson.Task plain = new AdminJson.Task(id, "a-key", TaskState.FAILED, 6, at, Optional.empty());
        AdminJson.Task givenUp = new AdminJson.Task(id, "a-key", TaskState.FAILED, 6, at, Optional.of(at));
        String members = "{\"id\":\"" + id
                + "\",\"owner\":\"a-key\",\"state\":\"failed\",\"attempts\":6,\"createdAt\":\"2026-11-22T10:15:30.123Z\"";

        assertThat(AdminJson.of(plain)).isEqualTo(members + "}");
        assertThat(AdminJson.of(List.of(givenUp), Optional.of("9")))
                .isEqualTo(
                        "{\"tasks\":[" + members + ",\"givenUpAt\":\"2026-11-22T10:15:30.123456Z\"}],\"next\":\"9\"}");
    }
}
