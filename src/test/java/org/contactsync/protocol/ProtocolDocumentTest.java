package org.contactsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/protocol.md} and {@code openapi.yaml} say what the code says. */
class ProtocolDocumentTest {
    private static final Pattern JSON_BLOCK = Pattern.compile("```json\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern PROBLEM_ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([0-9]{3}) \\|");
    private static String document = "";
    private static String openApi = "";

    @BeforeAll
    static void readDocuments() throws IOException {
        document = Files.readString(Path.of("docs", "protocol.md"));
        openApi = Files.readString(Path.of("src", "main", "webapp", "META-INF", "openapi.yaml"));
    }

    @Test
    void listsEveryProblemWithItsStatus() {
        String table = document.substring(
                document.indexOf("<!-- problems:begin -->"), document.indexOf("<!-- problems:end -->"));
        Map<String, Integer> documented = new TreeMap<>();
        PROBLEM_ROW
                .matcher(table)
                .results()
                .forEach(row -> documented.put(row.group(1), Integer.valueOf(row.group(2))));
        assertThat(documented).isEqualTo(problems());
    }

    @Test
    void describesEveryProblemInOpenApi() {
        Map<String, Integer> described = new TreeMap<>();
        Pattern.compile(
                        "enum: \\['urn:contact-sync:problem:([a-z-]+)'] }\\s+status: \\{ type: integer, format: int32, enum: \\[([0-9]{3})] }")
                .matcher(openApi)
                .results()
                .forEach(schema -> described.put(schema.group(1), Integer.valueOf(schema.group(2))));
        assertThat(described).isEqualTo(problems());
    }

    @Test
    void showsOnlyExamplesThatAreJson() {
        assertThat(jsonBlocks())
                .hasSizeGreaterThan(20)
                .allSatisfy(block -> assertThatNoException().isThrownBy(() -> read(block)));
    }

    @Test
    void showsOnlyCheckCodesThatAreWellFormed() {
        assertThat(Pattern.compile("ck1\\.[A-Za-z0-9_-]+")
                        .matcher(document + openApi)
                        .results())
                .extracting(MatchResult::group)
                .hasSizeGreaterThan(20)
                .allSatisfy(code -> assertThatNoException().isThrownBy(() -> new CheckCode(code)));
    }

    @Test
    void saysTheLimitsThatTheCodeHas() {
        JsonObject capabilities = jsonBlocks().stream()
                .map(ProtocolDocumentTest::read)
                .filter(json -> json.containsKey("maxChunkContacts"))
                .findFirst()
                .orElseThrow();
        Limits limits = Limits.DEFAULTS;
        Map<String, Number> expected = new TreeMap<>(Map.of(
                "maxChunkContacts", limits.chunkContacts(),
                "maxChunkBytes", limits.chunkBytes(),
                "oneShotContacts", limits.oneShotContacts(),
                "oneShotBytes", limits.oneShotBytes(),
                "maxContactBytes", CardProfile.MAX_CARD_BYTES,
                "maxUidBytes", Uid.MAX_BYTES,
                "maxDepth", CardProfile.MAX_DEPTH,
                "maxBookContacts", limits.bookContacts(),
                "maxChunks", limits.chunks(),
                "maxQueuedTasks", limits.queuedTasks()));
        expected.put("maxQueuedBytes", limits.queuedBytes());
        expected.put("maxBookBytes", limits.bookBytes());
        expected.put("maxStagedBytes", limits.stagedBytes());
        expected.put("maxQueuedSeconds", limits.queueAge().toSeconds());
        expected.put("waitSecondsDefault", limits.waitDefault().toSeconds());
        expected.put("waitSecondsMax", limits.waitMost().toSeconds());
        expected.put("uploadLeaseSeconds", limits.uploadLease().toSeconds());
        expected.put("taskRetentionSeconds", limits.taskRetention().toSeconds());
        expected.put("changesRetentionSeconds", limits.changesRetention().toSeconds());
        expected.put("maxEventStreams", Limits.EVENT_STREAMS);
        expected.put("maxLostCards", Limits.LOST_CARDS);
        expected.put("maxPhotoBytes", Limits.PHOTO_BYTES);
        expected.put("maxPhotosBytes", limits.photosBytes());
        expected.put("photoGraceSeconds", limits.photoGrace().toSeconds());
        expected.put("historyRetentionSeconds", limits.historyRetention().toSeconds());
        assertThat(expected).allSatisfy((name, limit) -> {
            assertThat(capabilities.getInt(name)).as(name).isEqualTo(limit.intValue());
            assertThat(openApi).contains("                " + name + ": " + limit.longValue());
            assertThat(document).contains("| `" + name + "` | " + grouped(limit.longValue()) + " |");
        });
    }

    @Test
    void showsChunksWithTheirDigests() {
        List<String> chunks = jsonBlocks().stream()
                .filter(block -> block.startsWith("{\"contacts\""))
                .toList();
        assertThat(chunks)
                .hasSize(2)
                .allSatisfy(chunk -> assertThat(document).contains("Content-Digest: sha-256=:" + sha256(chunk) + ":"));
    }

    private static Map<String, Integer> problems() {
        Map<String, Integer> problems = new TreeMap<>();
        Arrays.stream(ProblemType.values()).forEach(type -> problems.put(type.code(), type.status()));
        return problems;
    }

    private static List<String> jsonBlocks() {
        return JSON_BLOCK
                .matcher(document)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static JsonObject read(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    /** The document groups digits from five on. */
    private static String grouped(long number) {
        return number < 10_000 ? Long.toString(number) : String.format(java.util.Locale.ROOT, "%,d", number);
    }

    private static String sha256(String text) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(digest);
    }
}
