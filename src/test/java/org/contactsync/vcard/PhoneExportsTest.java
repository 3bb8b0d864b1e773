package org.contactsync.vcard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as phones and mail programs wrote them. */
class PhoneExportsTest {
    @ParameterizedTest
    @CsvSource({
        "gmail-single.vcf,1,''",
        "john-doe-android.vcf,6,line 82",
        "john-doe-evolution.vcf,1,''",
        "john-doe-gmail.vcf,1,''",
        "john-doe-iphone.vcf,1,''",
        "rfc6350-example.vcf,1,''"
    })
    void readsEveryContactWithoutLeavingAnythingOut(String file, int contacts, String damaged) throws Exception {
        VcardReading reading = read(file);

        assertThat(reading.contacts()).hasSize(contacts);
        assertThat(reading.leftOut()).isEmpty();
        // the phone cut an organization within a character,
        assertThat(reading.notices())
                .hasSize(damaged.isEmpty() ? 0 : 1)
                .allSatisfy(notice -> assertThat(notice.what()).contains("not characters", damaged));
        assertThat(reading.contacts()).isEqualTo(read(file).contacts());
    }

    @Test
    void readsWhatAnIphoneKnows() throws Exception {
        assertThat(CardText.of(read("john-doe-iphone.vcf"), 0))
                .contains("\"number\":\"905-555-1234\",\"pref\":1")
                .contains("\"features\":{\"fax\":true},\"number\":\"905-888-1234\"")
                .contains("\"label\":\"Assistant phone\"")
                .contains("\"Street4\\nBuilding 6\\nFloor 8\"")
                .contains("data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAA")
                .contains("[\"x-abadr\",{\"group\":\"item3\"},\"unknown\",\"Silicon Alley\"]");
    }

    @Test
    void readsTheQuotedPrintableOfAnAndroid() throws Exception {
        VcardReading reading = read("john-doe-android.vcf");

        assertThat(CardText.of(reading, 2)).contains("\"full\":\"Ñ Ñ Ñ Ñ Ñ \"").contains("\"mobile\":true");
        assertThat(CardText.of(reading, 3))
                .contains("\"45678901\"")
                .contains("\"notes\":{\"k1\"")
                .contains("\"k2\"");
        assertThat(CardText.of(reading, 4)).contains("\"address\":\"" + "Ñ".repeat(14) + "\"");
    }

    @Test
    void readsTheExampleOfRfc6350() throws Exception {
        assertThat(CardText.of(read("rfc6350-example.vcf"), 0))
                .contains("{\"@type\":\"PartialDate\",\"day\":3,\"month\":2}")
                .contains("[\"anniversary\",{},\"date-time\",\"2009-08-08T14:30-05:00\"]")
                .contains("\"number\":\"tel:+1-418-656-9254;ext=102\"")
                .contains("{\"kind\":\"credential\",\"value\":\"M.Sc.\"}");
    }

    private static VcardReading read(String file) throws IOException, UnreadableBook {
        try (InputStream in = PhoneExportsTest.class.getResourceAsStream("/vcards/" + file)) {
            return VcardReader.read(Objects.requireNonNull(in, file).readAllBytes());
        }
    }
}
