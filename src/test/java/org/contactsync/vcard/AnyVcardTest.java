package org.contactsync.vcard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.contactsync.contact.CardProfile;
import org.contactsync.vcard.value.PlainText;
import org.erdtman.jcs.JsonCanonicalizer;

/** Whatever a file holds, what comes out is a valid contact in its canonical form. */
class AnyVcardTest {
    @Property(tries = 300)
    void everyCardIsCanonical(@ForAll("lines") List<String> lines, @ForAll("versions") String version)
            throws Exception {
        String file = "BEGIN:VCARD\r\nVERSION:" + version + "\r\n" + String.join("\r\n", lines) + "\r\nEND:VCARD\r\n";

        VcardReading reading = VcardReader.read(file.getBytes(StandardCharsets.UTF_8));

        assertThat(reading.contacts()).singleElement().satisfies(contact -> {
            assertThat(CardProfile.uidFlaw(contact.uid().value())).isEmpty();
            assertThat(contact.card().utf8())
                    .isEqualTo(new JsonCanonicalizer(contact.card().utf8()).getEncodedUTF8());
        });
    }

    @Property(tries = 200)
    void everyTextIsBroughtIntoTheProfile(@ForAll String text) {
        assertThat(CardProfile.textFlaw(PlainText.of(text))).isEmpty();
    }

    @Property(tries = 200)
    void textOfTheProfileIsLeftAlone(@ForAll("good") String text) {
        assertThat(PlainText.of(text)).isEqualTo(text);
    }

    @Provide
    Arbitrary<String> good() {
        return Arbitraries.strings()
                .withChars('\t', '\n', ' ', 'a', 'ë', '刘', '"', '\\')
                .ofMaxLength(40);
    }

    @Provide
    Arbitrary<String> versions() {
        return Arbitraries.of("2.1", "3.0", "4.0");
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> name = Arbitraries.of(
                "FN",
                "N",
                "TEL",
                "ADR",
                "EMAIL",
                "BDAY",
                "ANNIVERSARY",
                "ORG",
                "TITLE",
                "NOTE",
                "CATEGORIES",
                "PHOTO",
                "URL",
                "IMPP",
                "GEO",
                "TZ",
                "REV",
                "RELATED",
                "UID",
                "KEY",
                "GENDER",
                "LANG",
                "X-ANY",
                "item1.TEL",
                "item1.X-ABLabel",
                "SORT-STRING",
                "X-PHONETIC-FIRST-NAME",
                "X-PHONETIC-LAST-NAME",
                "X-SIP",
                "CLASS",
                "MAILER",
                "LABEL",
                "PRODID",
                "KIND",
                "MEMBER",
                "SOUND",
                "XML",
                "CLIENTPIDMAP",
                "X-SOCIALPROFILE",
                "NICKNAME",
                "SOURCE",
                "FBURL",
                "BIRTHPLACE",
                "DEATHDATE");
        Arbitrary<String> parameters = Arbitraries.of(
                "",
                ";TYPE=home",
                ";TYPE=work,cell",
                ";PREF=1",
                ";PREF=900",
                ";TYPE=PREF",
                ";VALUE=uri",
                ";VALUE=text",
                ";VALUE=date",
                ";LANGUAGE=de",
                ";ALTID=1",
                ";X-É=1",
                ";ENCODING=b",
                ";LABEL=\"a\"",
                ";SORT-AS=\"x,y\"",
                ";PHONETIC=ipa",
                ";PHONETIC=script;SCRIPT=Latn;LANGUAGE=de",
                ";ALTID=1;PHONETIC=jyut");
        Arbitrary<String> value = Arbitraries.oneOf(
                Arbitraries.of(
                        "1985-04-12",
                        "--0412",
                        "19850412T010203Z",
                        "19850412T0102",
                        "geo:1.5,2.5",
                        "1.5;2.5",
                        "-0500",
                        "tel:+1;ext=2",
                        "data:image/png;base64,AAAA",
                        "AAAA",
                        "a;b,c;d;;;;;;;",
                        "\\n\\,\\;",
                        "urn:uuid:1",
                        ""),
                Arbitraries.strings().excludeChars('\r', '\n').ofMaxLength(30));
        return Combinators.combine(name, parameters, value)
                .as((n, p, v) -> n + p + ":" + v)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }
}
