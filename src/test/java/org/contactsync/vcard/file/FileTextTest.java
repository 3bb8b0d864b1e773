package org.contactsync.vcard.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.contactsync.vcard.CardText;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How bytes become text: unfolding, charsets, quoted-printable. */
class FileTextTest {
    private static final String LONG = "żółć 刘刚 Ünïcödé ".repeat(12);

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.0", "4.0"})
    void putsCharactersTogetherThatWereFoldedApart(String version) throws UnreadableBook {
        byte[] note = ("NOTE:" + LONG + "END").getBytes(StandardCharsets.UTF_8);
        for (int width = 20; width < 26; width++) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.writeBytes(utf8("BEGIN:VCARD\r\nVERSION:" + version + "\r\nFN:Zoë\r\n"));
            for (int i = 0; i < note.length; i += width) {
                if (version.equals("2.1") && note[i] == ' ') {
                    file.write(note[i++]); // white space at a fold is part of the fold in version 2.1
                }
                file.writeBytes(i < width ? new byte[0] : utf8("\r\n "));
                file.write(note, i, Math.min(width, note.length - i));
            }
            file.writeBytes(utf8("\r\nEND:VCARD\r\n"));

            VcardReading reading = VcardReader.read(file.toByteArray());

            assertThat(CardText.of(reading, 0)).as("width %d", width).contains("Zoë");
            assertThat(reading.notices()).as("width %d", width).isEmpty();
            if (!version.equals("2.1")) {
                assertThat(CardText.of(reading, 0)).as("width %d", width).contains(LONG + "END");
            }
        }
    }

    @Test
    void obeysTheCharsetOfEachProperty() throws UnreadableBook {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(utf8("BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=Shift_JIS:"));
        file.writeBytes("山田 太郎".getBytes(Charset.forName("Shift_JIS")));
        file.writeBytes(utf8("\r\nORG;CHARSET=windows-1251:"));
        file.writeBytes("Завод".getBytes(Charset.forName("windows-1251")));
        file.writeBytes(utf8("\r\nNOTE:żółw\r\nTITLE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Gr=FC=DFe\r\n"));
        file.writeBytes(utf8("END:VCARD\r\n"));

        VcardReading reading = VcardReader.read(file.toByteArray());

        assertThat(CardText.of(reading, 0)).contains("山田 太郎", "Завод", "żółw", "Grüße");
        assertThat(reading.notices()).isEmpty();
    }

    /** A program that saved the file as UTF-8 left the parameter standing. */
    @Test
    void readsAFileOfUtf8AsSuchWhateverItsPropertiesClaim() throws UnreadableBook {
        assertThat(CardText.of(VcardReader.read(utf8(vcard("FN;CHARSET=ISO-8859-1:Zoë"))), 0))
                .contains("\"full\":\"Zoë\"");
    }

    @ParameterizedTest
    @CsvSource({"Zo=C3=AB,false", "Zo=EB,true", "Zo=eb,true", "Zo=C3=|=AB,false", "Zo=C3=| =AB,false"})
    void readsQuotedPrintableWithoutACharset(String value, boolean guessed) throws UnreadableBook {
        VcardReading reading =
                VcardReader.read(utf8(vcard("FN;ENCODING=QUOTED-PRINTABLE:" + value.replace("|", "\r\n"))));

        assertThat(CardText.of(reading, 0)).contains("\"full\":\"Zoë\"").doesNotContain("\ufffd");
        assertThat(reading.notices()).hasSize(guessed ? 1 : 0);
        if (guessed) {
            assertThat(reading.notices().get(0).what()).contains("Windows-1252", "line 3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251,Иван Петров",
        "windows-1253,Γιώργος",
        "GB18030,刘刚",
        "Big5,劉剛",
        "Shift_JIS,山田太郎",
        "EUC-KR,김철수",
        "IBM850,Jürgen Müller",
        "ISO-8859-8,דוד"
    })
    void asksForACharsetInsteadOfGuessingIt(String charset, String name) throws UnreadableBook {
        byte[] file = vcard("FN:" + name).getBytes(Charset.forName(charset));

        assertThatThrownBy(() -> VcardReader.read(file))
                .isInstanceOf(UnreadableBook.class)
                .hasMessageContaining("--charset")
                .hasMessageContaining("line 3");
        VcardReading reading = VcardReader.read(file, Optional.of(Charset.forName(charset)));
        assertThat(CardText.of(reading, 0)).contains("\"full\":\"" + name + "\"");
        assertThat(reading.notices()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zoë Müller", "François Lefèvre", "Æbleskiver & Smørrebrød", "Peña – “Núñez”"})
    void readsWesternTextsWithANotice(String name) throws UnreadableBook {
        VcardReading reading = VcardReader.read(vcard("FN:" + name).getBytes(Charset.forName("windows-1252")));

        assertThat(CardText.of(reading, 0)).contains("\"full\":\"" + name + "\"");
        assertThat(reading.notices()).hasSize(1);
    }

    @Test
    void saysWhereAByteIsNoCharacterOfTheCharsetThatIsNamed() throws UnreadableBook {
        VcardReading reading =
                VcardReader.read(utf8(vcard("FN:A", "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91=80")));

        assertThat(CardText.of(reading, 0)).contains("\"name\":\"Ñ\ufffd\"");
        assertThat(reading.notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.what()).contains("not characters", "line 4"));
    }

    @Test
    void keepsAnEqualsSignThatIsNoNumber() throws UnreadableBook {
        assertThat(CardText.of(VcardReader.read(utf8(vcard("FN;QUOTED-PRINTABLE:a=b =C3=A9 1=1"))), 0))
                .contains("\"full\":\"a=b é 1=1\"");
    }

    @Test
    void neverSwallowsTheEndOfAVcardAfterASoftBreak() throws UnreadableBook {
        VcardReading reading =
                VcardReader.read(utf8(vcard("FN:A", "NOTE;ENCODING=QUOTED-PRINTABLE:one=") + vcard("FN:B", "TEL:1")));

        assertThat(reading.contacts()).hasSize(2);
        assertThat(CardText.of(reading, 0)).contains("\"note\":\"one");
    }

    @Test
    void namesTheLineOfTheFileWhereAPropertyIsBroken() throws UnreadableBook {
        VcardReading reading =
                VcardReader.read(utf8(vcard("FN:A", "NOTE:one", " two", " three", "this is no property", "TEL:1")));

        assertThat(reading.notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.what()).contains("line 7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void readsUtf16WithoutAByteOrderMark(String charset) throws UnreadableBook {
        assertThat(CardText.of(VcardReader.read(vcard("FN:刘刚").getBytes(Charset.forName(charset))), 0))
                .contains("刘刚");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\r\n"})
    void takesEveryKindOfLineEnd(String end) throws UnreadableBook {
        String file = vcard("FN:Ada", "NOTE:one", "  two", "", "TEL:1").replace("\r\n", end);

        assertThat(CardText.of(VcardReader.read(utf8(file)), 0)).contains("\"full\":\"Ada\"", "\"number\":\"1\"");
    }

    /** Time and memory grow with the bytes: 8 MiB of soft breaks, of folds and of lines without a colon. */
    @ParameterizedTest
    @ValueSource(strings = {"NOTE;ENCODING=QUOTED-PRINTABLE:", "NOTE:", "NOTE", "NOTE;X=\""})
    void readsHugePropertiesInTimeThatGrowsWithThem(String head) throws UnreadableBook {
        String file = vcard("FN:Ada", head + "x=\r\n ".repeat((8 << 20) / 5) + "y");

        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> VcardReader.read(utf8(file)));
    }

    private static String vcard(String... lines) {
        return "BEGIN:VCARD\r\nVERSION:2.1\r\n" + String.join("\r\n", lines) + "\r\nEND:VCARD\r\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
