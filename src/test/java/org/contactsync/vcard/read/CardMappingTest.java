package org.contactsync.vcard.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.contactsync.vcard.CardText;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9555, property by property. */
class CardMappingTest {
    @Test
    void mapsANameWithAllItsComponents() throws UnreadableBook {
        assertThat(CardText.of("FN:Dr. Ada King", "N:King,Byron;Ada;;Dr.;M.Sc.;;jr."))
                .contains("\"name\":{\"components\":[{\"kind\":\"surname\",\"value\":\"King\"},"
                        + "{\"kind\":\"surname\",\"value\":\"Byron\"},{\"kind\":\"given\",\"value\":\"Ada\"},"
                        + "{\"kind\":\"title\",\"value\":\"Dr.\"},{\"kind\":\"credential\",\"value\":\"M.Sc.\"},"
                        + "{\"kind\":\"generation\",\"value\":\"jr.\"}],\"full\":\"Dr. Ada King\"}");
    }

    @Test
    void putsTheSoundOfANameBesideItsComponents() throws UnreadableBook {
        assertThat(CardText.of(
                        "X-PHONETIC-FIRST-NAME:Ayda", "FN:Ada King", "N:King;Ada", "X-PHONETIC-LAST-NAME:King\\, the"))
                .contains("{\"kind\":\"surname\",\"phonetic\":\"King, the\",\"value\":\"King\"}")
                .contains("{\"kind\":\"given\",\"phonetic\":\"Ayda\",\"value\":\"Ada\"}")
                .contains("\"phoneticScript\":\"Zyyy\"")
                .doesNotContain("vCardProps");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            N:King             | X-PHONETIC-FIRST-NAME:Ayda                | no such component
            N:King;Ada,Augusta | X-PHONETIC-FIRST-NAME:Ayda                | two such components
            N:King;Ada         | X-PHONETIC-FIRST-NAME;LANGUAGE=en:Ayda    | a parameter that would be lost
            N:King;Ada         | N;PHONETIC=ipa:;;x                        | no such component
            N:King;Ada         | N;ALTID=2;PHONETIC=ipa:kɪŋ                | of another name
            N:King;Ada         | N;ALTID=2;LANGUAGE=de:König               | no sound
            """)
    void keepsAPhoneticNameWordForWordWhenItsComponentIsNotClear(String name, String sound, String why)
            throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", name.strip(), sound.strip()))
                .as(why)
                .contains("\"vCardProps\":[[\"" + (sound.startsWith("N") ? "n" : "x-phonetic-first-name") + "\"")
                .doesNotContain("phoneticS");
    }

    @Test
    void namesTheSystemOfAPhoneticName() throws UnreadableBook {
        assertThat(CardText.of("FN:Ada King", "N;ALTID=1:King;Ada", "N;ALTID=1;PHONETIC=IPA:kɪŋ;ˈeɪdə"))
                .contains("\"phonetic\":\"ˈeɪdə\"", "\"phoneticSystem\":\"ipa\"")
                .doesNotContain("phoneticScript", "altid", "vCardProps");
    }

    /** RFC 9553 has one system and one script for all components: the second one that differs is kept. */
    @Test
    void doesNotMixTwoWaysToWriteSounds() throws UnreadableBook {
        assertThat(CardText.of("FN:Ada King", "N:King;Ada", "N;PHONETIC=ipa:kɪŋ", "X-PHONETIC-FIRST-NAME:Ayda"))
                .contains("\"phonetic\":\"kɪŋ\"", "[\"x-phonetic-first-name\",{},\"unknown\",\"Ayda\"]")
                .doesNotContain("Zyyy");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            N;SORT-AS="Harten,Rene":van der Harten;Rene | "sortAs":{"given":"Rene","surname":"Harten"}
            N;SORT-AS=Harten:van der Harten;Rene        | "sortAs":{"surname":"Harten"}
            N;SORT-AS=",Rene":van der Harten;Rene       | "sortAs":{"given":"Rene"}
            N;SORT-AS="a,b,c":van der Harten;Rene       | "vCardParams":{"sort-as":"a,b,c"}
            ORG;SORT-AS=Engines:The Engines;Notes       | {"name":"The Engines","sortAs":"Engines","units":[{"name":"Notes"}]}
            ORG;SORT-AS="a,b":The Engines               | "vCardParams":{"sort-as":"a,b"}
            """)
    void sortsByTheComponentsThatAreThere(String line, String member) throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", line.strip())).contains(member);
    }

    @Test
    void mapsAPhoneWithFeaturesContextAndPreference() throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", "TEL;TYPE=\"work,cell,text\";PREF=2:+44 20 7946 0958"))
                .contains(
                        "\"phones\":{\"k1\":{\"contexts\":{\"work\":true},\"features\":{\"mobile\":true,\"text\":true},"
                                + "\"number\":\"+44 20 7946 0958\",\"pref\":2}}");
    }

    @Test
    void keepsAPhonesUnknownTypesAndParameters() throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", "TEL;TYPE=car,cell;X-SLOT=3:1"))
                .contains("\"vCardParams\":{\"type\":\"car\",\"x-slot\":\"3\"}");
    }

    @Test
    void putsAnAppleLabelBesideWhatItLabels() throws UnreadableBook {
        String card = CardText.of("FN:Ada", "item1.TEL:1", "item1.X-ABLabel:_$!<AssistantPhone>!$_");

        assertThat(card).contains("\"label\":\"Assistant phone\"").doesNotContain("vCardProps");
    }

    @Test
    void keepsALabelTogetherWithAPropertyThatHasNoPlace() throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", "item1.X-ABDATE:1970-06-02", "item1.X-ABLabel:Met"))
                .contains("\"vCardProps\":[[\"x-abdate\",{\"group\":\"item1\"},\"unknown\",\"1970-06-02\"],"
                        + "[\"x-ablabel\",{\"group\":\"item1\"},\"unknown\",\"Met\"]]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BDAY:19850412                                   | {"@type":"PartialDate","day":12,"month":4,"year":1985}
            BDAY:--0412                                     | {"@type":"PartialDate","day":12,"month":4}
            BDAY:1985-04                                    | {"@type":"PartialDate","month":4,"year":1985}
            BDAY:1985                                       | {"@type":"PartialDate","year":1985}
            BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-22          | {"@type":"PartialDate","day":22,"month":3}
            BDAY:19850412T010203Z                           | {"@type":"Timestamp","utc":"1985-04-12T01:02:03Z"}
            BDAY:19850412T010203+0100                       | {"@type":"Timestamp","utc":"1985-04-12T00:02:03Z"}
            """)
    void mapsBirthdaysWholeAndPartial(String line, String date) throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", line.strip()))
                .contains("\"anniversaries\":{\"k1\":{\"date\":" + date + ",\"kind\":\"birth\"}}");
    }

    @Test
    void keepsABirthdayInWords() throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", "BDAY;VALUE=text:circa 1800"))
                .contains("[\"bday\",{},\"text\",\"circa 1800\"]");
    }

    @Test
    void mapsAnAddressComponentByComponent() throws UnreadableBook {
        assertThat(CardText.of(
                        "FN:Ada", "ADR;TYPE=home;CC=GB;LABEL=\"12 St James Sq\":;;12 St James Sq;London;;SW1Y;UK"))
                .contains("\"addresses\":{\"k1\":{\"components\":[{\"kind\":\"name\",\"value\":\"12 St James Sq\"},"
                        + "{\"kind\":\"locality\",\"value\":\"London\"},{\"kind\":\"postcode\",\"value\":\"SW1Y\"},"
                        + "{\"kind\":\"country\",\"value\":\"UK\"}],\"contexts\":{\"private\":true},"
                        + "\"countryCode\":\"GB\",\"full\":\"12 St James Sq\"}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EMAIL;TYPE=work:ada@example.com          | "emails":{"k1":{"address":"ada@example.com","contexts":{"work":true}}}
            ORG:Engines;Notes                        | "organizations":{"k1":{"name":"Engines","units":[{"name":"Notes"}]}}
            TITLE:Countess                           | "titles":{"k1":{"kind":"title","name":"Countess"}}
            ROLE:Analyst                             | "titles":{"k1":{"kind":"role","name":"Analyst"}}
            NICKNAME:Adi,A.                          | "nicknames":{"k1":{"name":"Adi"},"k2":{"name":"A."}}
            NOTE:one\\ntwo                           | "notes":{"k1":{"note":"one\\ntwo"}}
            URL:https://example.com                  | "links":{"k1":{"uri":"https://example.com"}}
            IMPP:xmpp:ada@example.com                | "onlineServices":{"k1":{"uri":"xmpp:ada@example.com","vCardName":"impp"}}
            LANG;PREF=1:fr                           | "preferredLanguages":{"k1":{"language":"fr","pref":1}}
            CATEGORIES:VIP,Friends                   | "keywords":{"Friends":true,"VIP":true}
            RELATED;TYPE=friend:urn:uuid:1           | "relatedTo":{"urn:uuid:1":{"@type":"Relation","relation":{"friend":true}}}
            REV:19951031T222710Z                     | "updated":"1995-10-31T22:27:10Z"
            PHOTO:https://example.com/a.jpg          | "media":{"k1":{"kind":"photo","uri":"https://example.com/a.jpg"}}
            KEY:https://example.com/a.asc            | "cryptoKeys":{"k1":{"uri":"https://example.com/a.asc"}}
            KIND:org                                 | "kind":"org"
            HOBBY:chess                              | "personalInfo":{"k1":{"kind":"hobby","value":"chess"}}
            CALURI:https://example.com/cal           | "calendars":{"k1":{"kind":"calendar","uri":"https://example.com/cal"}}
            """)
    void mapsEachPropertyToItsPlace(String line, String member) throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", line.strip())).contains(member);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-PHONETIC-ORG:Endjins      | ["x-phonetic-org",{},"unknown","Endjins"]
            GENDER:F                    | ["gender",{},"text","F"]
            GEO:geo:46.772673,-71.28294 | ["geo",{},"uri","geo:46.772673,-71.28294"]
            CATEGORIES:VIP,Família      | ["categories",{},"text","VIP","Família"]
            CLIENTPIDMAP:1;urn:uuid:2   | ["clientpidmap",{},"text",["1","urn:uuid:2"]]
            """)
    void keepsWhatHasNoPlaceInACardWordForWord(String line, String kept) throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", line.strip())).contains("\"vCardProps\":[" + kept + "]");
    }

    @Test
    void keepsTheSameNameInAnotherScript() throws UnreadableBook {
        assertThat(CardText.of("FN;ALTID=1:Ada", "FN;ALTID=1;LANGUAGE=ru:Ада")).contains("Ада");
    }

    @ParameterizedTest
    @CsvSource({
        "_$!<HomePage>!$_,Home page",
        "_$!<Work>!$_,Work",
        "_$!<iCloud>!$_,iCloud",
        "_$!<>!$_,_$!<>!$_",
        "Hut,Hut"
    })
    void makesLabelsOfApplesReadable(String label, String readable) throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", "item1.URL:https://example.com", "item1.X-ABLabel:" + label))
                .contains("\"label\":\"" + readable + "\"")
                .doesNotContain("vCardProps");
    }

    @Test
    void keepsTheComponentsOfANameWithALanguage() throws UnreadableBook {
        assertThat(CardText.of("FN;LANGUAGE=de:Ada König", "N;LANGUAGE=de:König;Ada"))
                .contains("{\"kind\":\"surname\",\"value\":\"König\"},{\"kind\":\"given\",\"value\":\"Ada\"}")
                .contains("\"full\":\"Ada König\",\"vCardParams\":{\"language\":\"de\"}")
                .contains("[\"fn\",{\"language\":\"de\"},\"text\",\"Ada König\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            IMPP;X-SERVICE-TYPE=Jabber;TYPE=personal:xmpp:a@example.com | {"contexts":{"private":true},"service":"Jabber","uri":"xmpp:a@example.com","vCardName":"impp"}
            X-ANNIVERSARY:2009-08-08            | "anniversaries":{"k1":{"date":{"@type":"PartialDate","day":8,"month":8,"year":2009},"kind":"wedding"}}
            X-EVOLUTION-ANNIVERSARY:20090808    | "anniversaries":{"k1":{"date":{"@type":"PartialDate","day":8,"month":8,"year":2009},"kind":"wedding"}}
            X-ANNIVERSARY:2009-02-30            | ["x-anniversary",{},"unknown","2009-02-30"]
            X-ABRELATEDNAMES:Bea                | "relatedTo":{"Bea":{"@type":"Relation"}}
            X-ABRELATEDNAMES:Zoë                | ["x-abrelatednames",{},"unknown","Zoë"]
            """)
    void givesPropertiesOfVendorsTheirPlace(String line, String member) throws UnreadableBook {
        assertThat(CardText.of("FN:Ada", line.strip())).contains(member);
    }

    @Test
    void readsDatesAndRelationsByTheirLabels() throws UnreadableBook {
        String card = CardText.of(
                "FN:Ada",
                "item1.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-06-02",
                "item1.X-ABLabel:_$!<Anniversary>!$_",
                "item2.X-ABRELATEDNAMES:Anne Isabella",
                "item2.X-ABLabel:_$!<Mother>!$_",
                "item3.X-ABRELATEDNAMES:Will",
                "item3.X-ABLabel:_$!<Spouse>!$_");

        assertThat(card)
                .contains("{\"@type\":\"PartialDate\",\"day\":2,\"month\":6},\"kind\":\"wedding\"")
                .contains("\"relation\":{\"parent\":true}", "\"x-ablabel\":\"Mother\"")
                .contains("\"relation\":{\"spouse\":true}")
                .doesNotContain("vCardProps");
    }

    @ParameterizedTest
    @CsvSource({
        "/9j/4AAQSkZJRgABAQAA,image/jpeg",
        "iVBORw0KGgoAAAANSUhEUg==,image/png",
        "R0lGODlhAQABAAAAACw=,image/gif",
        "UklGRiQAAABXRUJQVlA4IA==,image/webp",
        "AAAAGGZ0eXBoZWljAAAAAA==,image/heic",
        "AAECAwQFBgcICQ==,image/x-any"
    })
    void takesThePictureForWhatItsBytesAre(String base64, String type) throws UnreadableBook {
        assertThat(CardText.of(
                        VcardReader.read(("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nPHOTO;ENCODING=b;TYPE=X-ANY:" + base64
                                        + "\r\nEND:VCARD\r\n")
                                .getBytes(StandardCharsets.UTF_8)),
                        0))
                .contains("data:" + type + ";base64," + base64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.0"})
    void continuesAPictureWhoseLinesAreNotIndented(String version) throws UnreadableBook {
        String file = "BEGIN:VCARD\r\nVERSION:" + version + "\r\nFN:A\r\nPHOTO;ENCODING="
                + (version.equals("2.1") ? "BASE64" : "b")
                + ";TYPE=JPEG:/9j/4AAQ\r\nSkZJRgAB\r\n\r\nAQAA\r\nTEL:1\r\nEND:VCARD\r\n";

        VcardReading reading = VcardReader.read(file.getBytes(StandardCharsets.UTF_8));

        assertThat(CardText.of(reading, 0)).contains("base64,/9j/4AAQSkZJRgABAQAA\"", "\"number\":\"1\"");
        assertThat(reading.notices()).isEmpty();
    }
}
