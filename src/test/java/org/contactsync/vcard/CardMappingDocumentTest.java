package org.contactsync.vcard;

import static org.assertj.core.api.Assertions.assertThat;

import ezvcard.VCardVersion;
import ezvcard.io.scribe.ScribeIndex;
import ezvcard.property.VCardProperty;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.VectorFile;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.read.CardMapping;
import org.contactsync.vcard.read.NameDetails;
import org.contactsync.vcard.value.NameParts;
import org.contactsync.vcard.write.VcardWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/card-mapping.md} M4: what its table says, its vectors show, and the reader does what they say. */
class CardMappingDocumentTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Map<String, JsonObject> VECTORS = new LinkedHashMap<>();
    private static CheckCodes codes = VectorFile.checkCodes(VectorFile.given());

    /** The properties of a row, and the names of its vectors. */
    record Row(List<String> properties, List<String> vectors) {}

    @BeforeAll
    static void read() {
        vectors();
    }

    static Stream<JsonObject> vectors() {
        if (VECTORS.isEmpty()) {
            try (JsonReader reader = Json.createReader(Objects.requireNonNull(
                    CardMappingDocumentTest.class.getResourceAsStream("/card-mapping/card-mapping.json")))) {
                JsonObject file = reader.readObject();
                codes = VectorFile.checkCodes(file);
                VectorFile.objects(file.getJsonArray("vectors"))
                        .forEach(vector -> assertThat(VECTORS.put(vector.getString("name"), vector))
                                .as("two vectors of one name")
                                .isNull());
            }
        }
        return VECTORS.values().stream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsTheVcardAsTheVectorSays(JsonObject vector) throws Exception {
        VcardReading reading = VcardReader.read(vcard(vector).getBytes(StandardCharsets.UTF_8));

        assertThat(reading.notices()).isEmpty();
        assertThat(reading.contacts()).singleElement().satisfies(contact -> {
            assertThat(text(contact.card())).isEqualTo(text(CardJson.card(vector.getJsonObject("card"))));
            assertThat(codes.contentHash(contact.card()).hex()).isEqualTo(vector.getString("contentHash"));
            if (vector.containsKey("uid")) {
                assertThat(contact.uid().value()).isEqualTo(vector.getString("uid"));
            }
        });
    }

    /** What was read is written as vCard 4.0, and read again it is the same card. */
    @ParameterizedTest
    @MethodSource("vectors")
    void writesTheCardSoThatItIsReadAgain(JsonObject vector) throws Exception {
        FoundContact read = VcardReader.read(vcard(vector).getBytes(StandardCharsets.UTF_8))
                .contacts()
                .get(0);
        String written = VcardWriter.write(read.uid(), CardJson.parsed(read.card()));

        assertThat(written).doesNotContain("JSPROP");
        assertThat(VcardReader.read(written.getBytes(StandardCharsets.UTF_8)).contacts())
                .singleElement()
                .satisfies(again -> assertThat(text(again.card())).isEqualTo(text(read.card())));
    }

    @Test
    void hasAVectorForEachPropertyOfEachRow() throws IOException {
        assertThat(rows()).hasSizeGreaterThan(30).allSatisfy(row -> {
            assertThat(row.properties()).isNotEmpty();
            assertThat(VECTORS.keySet()).containsAll(row.vectors());
            assertThat(row.vectors().stream()
                            .flatMap(name -> properties(Objects.requireNonNull(VECTORS.get(name))).stream())
                            .toList())
                    .containsAll(row.properties());
        });
    }

    @Test
    void namesEachVectorInTheTable() throws IOException {
        assertThat(rows().stream().flatMap(row -> row.vectors().stream()).collect(Collectors.toSet()))
                .isEqualTo(VECTORS.keySet());
    }

    @Test
    void hasARowForEachPropertyThatTheReaderMaps() throws IOException {
        Set<String> mapped = new TreeSet<>(CardMapping.table().names());
        CardMapping.table().classes().forEach(type -> mapped.add(name(type)));
        mapped.addAll(NameDetails.PHONETIC_PROPERTIES.keySet());
        mapped.addAll(Set.of("SORT-STRING", "UID", "X-ABLABEL"));

        assertThat(rows().stream().flatMap(row -> row.properties().stream()).toList())
                .containsAll(mapped)
                .doesNotHaveDuplicates();
    }

    private static String name(Class<?> type) {
        return type == NameParts.class
                ? "N"
                : new ScribeIndex()
                        .getPropertyScribe(type.asSubclass(VCardProperty.class))
                        .getPropertyName();
    }

    private static List<Row> rows() throws IOException {
        String document = Files.readString(Path.of("docs", "card-mapping.md"));
        String table =
                document.substring(document.indexOf("<!-- vcard:begin -->"), document.indexOf("<!-- vcard:end -->"));
        List<Row> rows = new ArrayList<>();
        table.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            String[] cells = line.split("\\|");
            rows.add(new Row(codes(cells[1]), codes(cells[cells.length - 1])));
        });
        return rows;
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private static Set<String> properties(JsonObject vector) {
        return Arrays.stream(vcard(vector).split("\r\n"))
                .map(line -> line.split("[:;]", 2)[0])
                .map(name -> name.substring(name.indexOf('.') + 1).toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static String vcard(JsonObject vector) {
        String version = vector.getString("version");
        assertThat(VCardVersion.valueOfByStr(version)).as(version).isNotNull();
        return vector.getJsonArray("lines").getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .collect(Collectors.joining("\r\n", "BEGIN:VCARD\r\nVERSION:" + version + "\r\n", "\r\nEND:VCARD\r\n"));
    }

    private static String text(CanonicalCard card) {
        return new String(card.utf8(), StandardCharsets.UTF_8);
    }
}
