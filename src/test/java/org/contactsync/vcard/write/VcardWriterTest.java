package org.contactsync.vcard.write;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.MadeBooks;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VcardWriterTest {
    private static final Path FILES = Path.of("src", "test", "resources", "vcards");

    static Stream<Path> files() throws Exception {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(FILES)) {
            all.filter(file -> file.toString().endsWith(".vcf")).sorted().forEach(files::add);
        }
        return files.stream();
    }

    /** What a phone exported and this reader read is written so that this reader reads the very same cards again. */
    @ParameterizedTest
    @MethodSource("files")
    void writesWhatIsReadAgainAsTheSameCard(Path file) throws Exception {
        assertComesBack(VcardReader.read(Files.readAllBytes(file)).contacts());
    }

    @Test
    void writesMadeBooksThatAreReadAgain() throws Exception {
        byte[] file = MadeBooks.vcards(MadeBooks.seed(), 200).getBytes(StandardCharsets.UTF_8);
        assertComesBack(VcardReader.read(file).contacts());
    }

    @Test
    void writesWhatVendorsWroteSoThatItIsReadAgain() throws Exception {
        String file = String.join(
                "\r\n",
                "BEGIN:VCARD",
                "VERSION:3.0",
                "UID:a",
                "FN;LANGUAGE=de:Ada König",
                "N;LANGUAGE=de:König;Ada",
                "IMPP;X-SERVICE-TYPE=Jabber;TYPE=personal:xmpp:a@example.com",
                "item1.X-ABDATE:2009-08-08",
                "item1.X-ABLabel:_$!<Anniversary>!$_",
                "item2.X-ABRELATEDNAMES:Anne",
                "item2.X-ABLabel:_$!<Mother>!$_",
                "item3.URL:https://example.com",
                "item3.X-ABLabel:_$!<HomePage>!$_",
                "END:VCARD",
                "");
        assertComesBack(VcardReader.read(file.getBytes(StandardCharsets.UTF_8)).contacts());
    }

    /** Protocol 11.7. */
    @Test
    void writesOtherCardsWithNothingLeftOut() {
        String written = write("a", """
                {"@type":"Card","version":"1.0","language":"de","kind":"individual",
                 "name":{"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"King"}],"isOrdered":true},
                 "phones":{"x":{"number":"tel:+44-20-7946-0958","features":{"mobile":true},"contexts":{"work":true},"pref":1,
                   "label":"desk; left\\nside"}},
                 "anniversaries":{"k1":{"kind":"birth","date":{"@type":"PartialDate","month":12,"day":10}}},
                 "example.com:favourites":{"colour":"blue"}}""");

        assertThat(unfolded(written))
                .startsWith("BEGIN:VCARD\r\nVERSION:4.0\r\n")
                .contains("UID:a\r\n")
                .contains("FN;DERIVED=TRUE:Ada King\r\n")
                .contains("N:King;Ada\r\n")
                .contains("BDAY:--1210\r\n")
                .contains("TEL;", "PROP-ID=x", "TYPE=cell,work", "PREF=1", ":tel:+44-20-7946-0958\r\n")
                .contains("X-ABLabel:desk\\; left\\nside\r\n")
                // the order of the name's components is not that of N
                .contains("JSPROP;JSPTR=name/components:[{\"kind\":\"given\"\\,\"value\":\"Ada\"}")
                .contains("JSPROP;JSPTR=name/isOrdered:true\r\n")
                .contains("JSPROP;JSPTR=language:\"de\"\r\n")
                .contains(":{\"colour\":\"blue\"}\r\n");
    }

    @Test
    void writesTheSoundOfANameAsPhonesReadIt() {
        assertThat(unfolded(write("a", """
                {"@type":"Card","version":"1.0","name":{"components":[{"kind":"surname","value":"山田","phonetic":"ヤマダ"},
                 {"kind":"given","value":"太郎","phonetic":"タ;ロウ"}],"phoneticScript":"Zyyy","sortAs":{"given":"x"}}}""")))
                .contains("N;SORT-AS=\",x\":山田;太郎\r\n")
                .contains("X-PHONETIC-LAST-NAME:ヤマダ\r\n", "X-PHONETIC-FIRST-NAME:タ\\;ロウ\r\n")
                .doesNotContain("JSPROP");
    }

    /** What no property can say: a sound without system and script, a system that is no parameter, a text with a comma. */
    @Test
    void writesTheSoundsThatNoPropertyCanSayAsJson() {
        String components = "{\"components\":[{\"kind\":\"given\",\"value\":\"Ada\",\"phonetic\":\"x\"}]";
        for (String more : List.of("}", ",\"phoneticSystem\":\"a b\"}", ",\"phoneticScript\":7}")) {
            assertThat(unfolded(
                            write("a", "{\"@type\":\"Card\",\"version\":\"1.0\",\"name\":" + components + more + "}")))
                    .contains("N:;Ada\r\n", "JSPROP;JSPTR=name/components:[{\"kind\":\"given\"\\,\"phonetic\":\"x\"")
                    .doesNotContain("PHONETIC");
        }
        assertThat(
                        unfolded(
                                write(
                                        "a",
                                        "{\"name\":{\"components\":[{\"kind\":\"given\",\"value\":\"Ada\"}],\"sortAs\":{\"given\":\"a,b\"}}}")))
                .contains("JSPROP;JSPTR=name/sortAs:{\"given\":\"a\\,b\"}")
                .doesNotContain("SORT-AS");
    }

    @Test
    void callsAContactWithoutANameByWhatThereIs() {
        assertThat(write(
                        "a",
                        "{\"@type\":\"Card\",\"version\":\"1.0\",\"emails\":{\"k1\":{\"address\":\"a@b.example\"}}}"))
                .contains("FN;DERIVED=TRUE:a@b.example\r\n");
        assertThat(write("a", "{}")).contains("FN;DERIVED=TRUE:\r\n", "END:VCARD\r\n");
    }

    /** A card is another person's: it must not be able to end the vCard and begin one of its own. */
    @Test
    void noTextOfACardBecomesALineOfItsOwn() throws Exception {
        String evil = "x\\nEND:VCARD\\nBEGIN:VCARD\\nFN:Mallory";
        String card =
                "{\"@type\":\"Card\",\"version\":\"1.0\",\"name\":{\"full\":\"" + evil + "\"},\"notes\":{\"" + "k1"
                        + "\":{\"note\":\"" + evil + "\",\"label\":\"" + evil + "\",\"vCardParams\":{\"x-a\":\"" + evil
                        + "\",\"group\":\"" + evil + "\"}}},\"links\":{\"k;\\\":1\":{\"uri\":\"" + evil
                        + "\",\"mediaType\":\"" + evil + "\"}},\"vCardProps\":[[\"x-a\",{},\"unknown\",\"" + evil
                        + "\"],[\"" + evil + "\",{},\"text\",\"x\"]],\"" + "odd:name" + "\":\"" + evil + "\"}";

        VcardReading read = VcardReader.read(write("a", card).getBytes(StandardCharsets.UTF_8));

        assertThat(read.contacts())
                .singleElement()
                .satisfies(one -> assertThat(one.uid()).isEqualTo(new Uid("a")));
    }

    private static void assertComesBack(List<FoundContact> contacts) throws Exception {
        StringBuilder text = new StringBuilder();
        for (FoundContact contact : contacts) {
            text.append(VcardWriter.write(contact.uid(), CardJson.parsed(contact.card())));
        }
        List<FoundContact> again = VcardReader.read(text.toString().getBytes(StandardCharsets.UTF_8))
                .contacts();
        assertThat(again)
                .extracting(FoundContact::uid)
                .isEqualTo(contacts.stream().map(FoundContact::uid).toList());
        assertThat(texts(again)).isEqualTo(texts(contacts));
    }

    private static List<String> texts(List<FoundContact> contacts) {
        return contacts.stream()
                .map(contact -> new String(contact.card().utf8(), StandardCharsets.UTF_8))
                .toList();
    }

    private static String write(String uid, String json) {
        JsonObject object = Json.createReader(new StringReader(json)).readObject();
        CanonicalCard card = CardJson.card(object);
        return VcardWriter.write(new Uid(uid), CardJson.parsed(card));
    }

    private static String unfolded(String vcard) {
        return vcard.replace("\r\n ", "");
    }
}
