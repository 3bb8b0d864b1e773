package org.contactsync.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Card;
import org.contactsync.contact.Uid;
import org.contactsync.javascript.Node;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.protocol.request.Change;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of phones, imported, exported in each format and imported again. */
class ExchangedFilesTest {
    private static final Path FILES = Path.of("src", "test", "resources", "vcards");
    private static final int MOST = 1_000;

    @TempDir
    private Path directory;

    static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(FILES)) {
            return all.filter(file -> file.toString().endsWith(".vcf")).sorted().toList().stream();
        }
    }

    /** Protocol 4.24.3 and 4.25.2. */
    @ParameterizedTest
    @MethodSource("files")
    void whatAPhoneWroteIsTheSameAfterEachFormat(Path file) throws IOException {
        ImportedFile read = vcard(Files.readAllBytes(file));
        assertThat(read.changes()).isNotEmpty();
        assertThat(read.report().flaws()).isEmpty();

        for (FileFormat format : FileFormat.values()) {
            ImportedFile again = read(format, written(format, read.changes()));

            assertThat(again.report().flaws()).as(format.name()).isEmpty();
            assertThat(again.report().notes()).as(format.name()).isEmpty();
            assertThat(texts(again)).as(format.name()).isEqualTo(texts(read));
        }
    }

    /** Protocol 4.25.4: the same file gives the same uids. */
    @ParameterizedTest
    @MethodSource("files")
    void theSameFileIsTheSameContacts(Path file) throws IOException {
        assertThat(texts(vcard(Files.readAllBytes(file)))).isEqualTo(texts(vcard(Files.readAllBytes(file))));
    }

    /** What has nothing to do with this project reads what is exported. */
    @ParameterizedTest
    @EnumSource(
            value = FileFormat.class,
            names = {"VCARD_3", "VCARD_4"})
    void foreignParsersReadWhatIsExported(FileFormat format) throws Exception {
        ByteArrayOutputStream phones = new ByteArrayOutputStream();
        for (Path file : files().toList()) {
            phones.writeBytes(written(format, vcard(Files.readAllBytes(file)).changes()));
        }
        phones.writeBytes(written(format, List.of(odd())));
        Path exported = directory.resolve("contacts.vcf");
        Files.write(exported, phones.toByteArray());
        Node node = new Node(directory);

        String printed = node.run(
                java.util.Map.of("NODE_MODULES", node.packages().toString()),
                "node",
                Node.TESTS.resolve("exchange").resolve("foreign.js").toString(),
                exported.toString());

        assertThat(printed)
                .contains("ical.js 12 contacts")
                .contains("ical.js fn Mr. John Richter James Doe Sr.")
                .contains("ical.js tel 905-555-1234")
                .contains("ical.js note line one\\nline", "three", "刘刚 😀")
                .contains("ical.js photo image")
                .doesNotContain("no image");
        if (format == FileFormat.VCARD_4) {
            // It knows no properties and parameters of later RFCs.
            assertThat(printed).contains("vcard4 fn Mr. John Richter James Doe Sr.", "vcard4 fn Greg Dartmouth");
            assertThat(printed.lines().filter(line -> line.startsWith("vcard4 refuses")))
                    .allMatch(line -> line.contains("has unknown property: JSPROP")
                            || line.contains("has unknown parameter: DERIVED"));
        }
    }

    /** Protocol 4.24.3: text that a vCard escapes takes up to three bytes for one. */
    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\\\\", "\\\"", "\\n", "ü"})
    void largeCardsComeBackWhateverIsEscapedInThem(String character) {
        String text = character.repeat(200_000 / character.getBytes(StandardCharsets.UTF_8).length);
        List<Change> changes = Stream.of(
                        "\"notes\":{\"k1\":{\"note\":\"%s\"}}".formatted(text),
                        "\"example.com:own\":{\"a\":\"%s\"}".formatted(text),
                        "\"notes\":{\"own\":{\"note\":\"%s\",\"example.com:x\":1}}".formatted(text))
                .map(members -> CardJson.card("{\"@type\":\"Card\",\"version\":\"1.0\"," + members + "}")
                        .orElseThrow())
                .<Change>map(card -> new Change.Put(
                        new Uid("urn:uuid:"
                                + UUID.nameUUIDFromBytes(CanonicalCard.of(card).utf8())),
                        CanonicalCard.of(card),
                        Optional.empty()))
                .toList();

        for (FileFormat format : FileFormat.values()) {
            ImportedFile again = read(format, written(format, changes));

            assertThat(again.report().flaws()).as(format.name()).isEmpty();
            assertThat(again.changes())
                    .as(format.name())
                    .extracting(
                            change -> new String(((Change.Put) change).card().utf8(), StandardCharsets.UTF_8))
                    .containsExactlyElementsOf(changes.stream()
                            .map(change ->
                                    new String(((Change.Put) change).card().utf8(), StandardCharsets.UTF_8))
                            .toList());
        }
    }

    private static Change odd() {
        Card card = CardJson.card("""
                {"@type":"Card","version":"1.0","name":{"full":"Odd; one, really"},
                 "notes":{"k1":{"note":"line one\\nline; two, \\"three\\" 刘刚 😀"}},
                 "phones":{"k1":{"number":"+86 138 0013 8000","label":"Ferienhaus \\"am See\\"","pref":1}},
                 "example.com:own":{"deep":[1,true,{"x":"y"}]}}""").orElseThrow();
        return new Change.Put(
                new Uid("urn:uuid:00000000-0000-4000-8000-0000000000aa"), CanonicalCard.of(card), Optional.empty());
    }

    private static byte[] written(FileFormat format, List<Change> changes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(format.head());
        boolean first = true;
        for (Change change : changes) {
            out.writeBytes(format.contact(first, change.uid(), ((Change.Put) change).card()));
            first = false;
        }
        out.writeBytes(format.tail());
        return out.toByteArray();
    }

    private static ImportedFile read(FileFormat format, byte[] file) {
        return format == FileFormat.JSCONTACT ? JsContactFile.read(file, MOST) : vcard(file);
    }

    private static ImportedFile vcard(byte[] file) {
        return VcardFile.read(file, Optional.empty(), MOST);
    }

    private static List<String> texts(ImportedFile file) {
        return file.changes().stream()
                .map(change -> change.uid().value() + " "
                        + new String(((Change.Put) change).card().utf8(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void isEmptyWithoutContacts() {
        for (FileFormat format : FileFormat.values()) {
            assertThat(new String(written(format, List.of()), StandardCharsets.UTF_8))
                    .isEqualTo(format == FileFormat.JSCONTACT ? "[\n]\n" : "");
        }
    }
}
