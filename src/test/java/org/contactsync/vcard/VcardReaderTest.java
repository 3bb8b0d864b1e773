package org.contactsync.vcard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.contactsync.vcard.file.Notice;
import org.junit.jupiter.api.Test;

class VcardReaderTest {
    @Test
    void takesTheUidThatTheVcardHas() throws UnreadableBook {
        VcardReading reading = read("UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1", "FN:Ada");

        assertThat(reading.contacts())
                .singleElement()
                .satisfies(contact ->
                        assertThat(contact.uid()).hasToString("urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"));
    }

    /** Protocol 2.1.2. */
    @Test
    void givesAContactWithoutUidTheSameOneEachTime() throws UnreadableBook {
        VcardReading before = read("FN:Ada Lovelace", "TEL:+44 1");
        VcardReading after = read("FN:Ada Lovelace", "TEL:+44 2");

        assertThat(after.contacts().get(0).uid())
                .isEqualTo(before.contacts().get(0).uid());
        assertThat(before.contacts().get(0).uid().value())
                .matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void keepsTwoContactsOfTheSameNameApart() throws UnreadableBook {
        VcardReading reading = VcardReader.read(bytes(vcard("FN:Max"), vcard("FN:Max"), vcard("FN:Max")));

        assertThat(reading.contacts())
                .extracting(FoundContact::uid)
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @Test
    void sendsAContactThatStandsTwiceUnderOneUidOnce() throws UnreadableBook {
        VcardReading reading = VcardReader.read(bytes(vcard("UID:a", "FN:Max"), vcard("UID:a", "FN:Max")));

        assertThat(reading.contacts()).hasSize(1);
        assertThat(reading.notices())
                .singleElement()
                .hasToString("contact 2 (Max): occurs twice in the file with the same content; it is sent once");
    }

    @Test
    void keepsTwoContactsThatClaimOneUid() throws UnreadableBook {
        VcardReading reading = VcardReader.read(bytes(vcard("UID:a", "FN:Max"), vcard("UID:a", "FN:Moritz")));

        assertThat(reading.contacts())
                .extracting(FoundContact::uid)
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(reading.notices())
                .singleElement()
                .extracting(Notice::contact)
                .isEqualTo("contact 2 (Moritz)");
    }

    @Test
    void keepsAUidThatIsTooLongInTheCard() throws UnreadableBook {
        VcardReading reading = read("UID:" + "x".repeat(300), "FN:Max");

        assertThat(reading.contacts().get(0).uid().utf8()).hasSizeLessThan(255);
        assertThat(CardText.of(reading, 0)).contains("[\"uid\",{},").contains("x".repeat(300));
    }

    @Test
    void readsWindows1252WhenTheFileIsNotUtf8AndSaysSo() throws UnreadableBook {
        byte[] file = vcard("FN:Zoë Müller").getBytes(Charset.forName("windows-1252"));

        VcardReading reading = VcardReader.read(file);

        assertThat(CardText.of(reading, 0)).contains("Zoë Müller");
        assertThat(reading.notices())
                .singleElement()
                .extracting(Notice::contact)
                .isEqualTo("the file");
    }

    @Test
    void readsUtf16WithAByteOrderMark() throws UnreadableBook {
        VcardReading reading = VcardReader.read(("\ufeff" + vcard("FN:刘刚")).getBytes(StandardCharsets.UTF_16BE));

        assertThat(CardText.of(reading, 0)).contains("刘刚");
    }

    @Test
    void obeysTheCharsetOfAQuotedPrintableValue() throws UnreadableBook {
        String card =
                "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Zo=EB\r\nEND:VCARD\r\n";

        assertThat(CardText.of(VcardReader.read(bytes(card)), 0)).contains("\"full\":\"Zoë\"");
    }

    @Test
    void mapsLineBreaksAndLeavesOutOtherControlCharacters() throws UnreadableBook {
        String card = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:A\u0007da\r\n"
                + "NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo=0Dthree=00=1B\r\nEND:VCARD\r\n";

        assertThat(CardText.of(VcardReader.read(bytes(card)), 0))
                .contains("\"full\":\"Ada\"")
                .contains("\"note\":\"one\\ntwo\\nthree\"");
    }

    @Test
    void leavesOutAPictureThatIsTooLargeAndNamesTheContact() throws UnreadableBook {
        VcardReading reading = read("FN:Ada", "TEL:1", "PHOTO;ENCODING=b;TYPE=JPEG:" + picture(300 * 1024));

        assertThat(CardText.of(reading, 0)).contains("\"number\":\"1\"").doesNotContain("media");
        assertThat(reading.notices())
                .singleElement()
                .hasToString(
                        "contact 1 (Ada): with its picture 401 KiB, and a"
                                + " contact has at most 256 KiB: it is sent without the picture; make the picture smaller and push again");
    }

    @Test
    void keepsAPictureThatFits() throws UnreadableBook {
        VcardReading reading = read("FN:Ada", "PHOTO;ENCODING=b;TYPE=JPEG:" + picture(100 * 1024));

        assertThat(CardText.of(reading, 0)).contains("data:image/jpeg;base64,");
        assertThat(reading.notices()).isEmpty();
    }

    @Test
    void neverTakesAContactThatIsTooLargeForADeletedOne() throws UnreadableBook {
        VcardReading reading = read("UID:large", "FN:Ada", "NOTE:" + "long ".repeat(60_000));

        assertThat(reading.contacts()).isEmpty();
        assertThat(reading.leftOut()).extracting(uid -> uid.value()).containsExactly("large");
        assertThat(reading.notices())
                .singleElement()
                .extracting(Notice::contact)
                .isEqualTo("contact 1 (Ada)");
    }

    @Test
    void refusesAFileThatIsCutOff() {
        String whole = vcard("FN:Max") + vcard("FN:Moritz");

        assertThatThrownBy(() -> VcardReader.read(bytes(whole.substring(0, whole.length() - 15))))
                .isInstanceOf(UnreadableBook.class)
                .hasMessageContaining("cut off: 2 vCards begin and 1 end");
    }

    @Test
    void refusesAFileThatIsNoVcard() {
        assertThatThrownBy(() -> VcardReader.read(bytes("<html>Sign in</html>")))
                .isInstanceOf(UnreadableBook.class)
                .hasMessageContaining("no vCard");
    }

    @Test
    void readsAnEmptyFileAsAnEmptyBook() throws UnreadableBook {
        assertThat(VcardReader.read(bytes("\r\n")).contacts()).isEmpty();
    }

    private static String picture(int size) {
        byte[] picture = new byte[size];
        new Random(1).nextBytes(picture);
        return Base64.getEncoder().encodeToString(picture);
    }

    private static VcardReading read(String... lines) throws UnreadableBook {
        return VcardReader.read(bytes(vcard(lines)));
    }

    private static String vcard(String... lines) {
        return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + String.join("\r\n", lines) + "\r\nEND:VCARD\r\n";
    }

    private static byte[] bytes(String... cards) {
        return String.join("", cards).getBytes(StandardCharsets.UTF_8);
    }
}
