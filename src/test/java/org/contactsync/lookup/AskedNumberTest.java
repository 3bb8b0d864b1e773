package org.contactsync.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.lookup.PhoneMatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which numbers are the same. */
class AskedNumberTest {
    private static final Optional<String> GERMANY = Optional.of("DE");

    /** Protocol 4.20.3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+49 (0)30 1234567    | +49301234567                                      | exact",
                "030 / 123 45 67      | +49301234567                                      | exact",
                "030 1234567          | 0049301234567                                     | exact",
                "030 1234567          | tel:+49-30-1234567                                | exact",
                "030 1234567          | tel:30-1234567;phone-context=+49                  | exact",
                "030 1234567          | sip:+49301234567@gw.example.org                   | exact",
                "030 1234567          | sips:030-1234567@gw.example.org;user=phone        | exact",
                "tel:+49301234567     | 0301234567                                        | exact",
                "sip:+49301234567@a.b | 0301234567                                        | exact",
                "٠٣٠ ١٢٣٤٥٦٧          | +49301234567                                      | exact",
                "030 1234567 ext. 12  | +49301234567;ext=12                               | exact",
                "030 1234567          | +49301234567;ext=12                               | exact",
                "030 1234567 x13      | tel:+49301234567;ext=12                           | partial",
                "(030) 1234567, Ext.: 12 | tel:030-1234567;ext=12;phone-context=+49       | exact",
                "030 1234567,,12      | 0301234567                                        | exact",
                "+1 800 FLOWERS       | +18003569377                                      | exact",
                "1234567              | +49301234567                                      | partial",
                "4930 1234567         | +49301234567                                      | exact",
                "201                  | 201                                               | exact",
                "201                  | sip:201@pbx.example.org                           | exact",
                "tel:201;phone-context=pbx.example.org | 201                              | exact",
                "*97                  | *97                                               | exact",
                "+49 201              | +49201                                            | exact",
            })
    void isTheSame(String card, String asked, String closeness) {
        assertThat(matches(card, asked, GERMANY))
                .extracting(PhoneMatch::closeness)
                .containsExactly(closeness);
    }

    /** Protocol 4.20.3 and 4.20.4. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "201             | +49301234201",
                "+49301234201    | 201",
                "201             | 0201",
                "+49301234567    | +43301234567",
                "030 1234567     | +43301234567",
                "+49301234567    | +49301234568",
                "*97             | 97",
                "sip:alice@a.org | alice",
            })
    void isAnother(String card, String asked) {
        assertThat(matches(card, asked, GERMANY)).isEmpty();
    }

    /** Protocol 4.20.4: the region of the request says which country's national numbers are meant. */
    @Test
    void theRegionDecidesWhatANationalNumberIs() {
        assertThat(matches("020 7946 0958", "+442079460958", Optional.of("GB")))
                .extracting(PhoneMatch::closeness)
                .containsExactly("exact");
        assertThat(matches("020 7946 0958", "+442079460958", Optional.empty()))
                .extracting(PhoneMatch::closeness)
                .containsExactly("national");
        assertThat(matches("(650) 253-0000", "+16502530000", Optional.of("US")))
                .extracting(PhoneMatch::closeness)
                .containsExactly("exact");
        assertThat(matches("1-800-FLOWERS", "+18003569377", Optional.of("US")))
                .extracting(PhoneMatch::closeness)
                .containsExactly("exact");
        assertThat(matches("(650) 253-0000", "0016502530000", Optional.of("US")))
                .extracting(PhoneMatch::closeness)
                .containsExactly("exact");
        assertThat(matches("+16502530000", "011 1 650 253 0000", Optional.of("GB")))
                .as("not dialled like that there")
                .extracting(PhoneMatch::closeness)
                .isNotEqualTo(List.of("exact"));
    }

    /** Protocol 4.20.5: RFC 3261 §19.1.4, without what says how to reach the user. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sip:alice@example.org  | sip:alice@EXAMPLE.org                       | true",
                "sip:alice@example.org  | SIPS:alice@example.org:5061;transport=tls   | true",
                "sip:alice@example.org  | sip:%61lice@example.org?subject=x           | true",
                "sip:alice@example.org  | sip:alice:secret@example.org                | true",
                "sip:alice@[2001:db8::1] | sip:alice@[2001:DB8::1]:5060               | true",
                "sip:alice@example.org  | sip:Alice@example.org                       | false",
                "sip:alice@example.org  | sip:alice@example.com                       | false",
                "sip:alice@example.org  | sip:alice@example.org.uk                    | false",
                "sip:alice@example.org  | xmpp:alice@example.org                      | false",
            })
    void comparesAddresses(String card, String asked, boolean same) {
        PhoneFinder finder = new PhoneFinder(List.of(AskedNumber.of(asked, GERMANY)));
        finder.put(new Uid("a"), Cards.indexed("{'onlineServices':{'k1':{'uri':'" + card + "','vCardName':'impp'}}}"));
        assertThat(finder.answers(number -> false).get(0).matches()).hasSize(same ? 1 : 0);
    }

    /** A caller may send anything; it is no number then, and nothing fails. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "anonymous",
                "sip:anonymous@anonymous.invalid",
                "sip:",
                "sip:@",
                "sip:;user=phone",
                "tel:",
                "tel:;;;",
                "+",
                "++++",
                "%",
                "sip:%@%",
                "sip:a%2@b",
                "()",
                ";ext=1",
                "x1",
                "+00000000000000000000000000000000000000000000000",
                "99999999999999999999999999999999999999999999999",
                "😀",
                "\u202e+4930",
                "sip:+49301234567"
            })
    void takesWhateverACallerSends(String asked) {
        for (String card : List.of("+49301234567", "x", "030 1234567", "", "+", "((((((((((((((((((((((2")) {
            assertThat(matches(card, asked, GERMANY)).isEmpty();
        }
    }

    @Test
    void saysTheNumberInItsInternationalForm() {
        assertThat(AskedNumber.of("030 1234567", GERMANY).e164()).contains("+49301234567");
        assertThat(AskedNumber.of("030 1234567", Optional.empty()).e164()).isEmpty();
        assertThat(AskedNumber.of("030 1234567", Optional.of("AQ")).e164()).isEmpty();
        assertThat(AskedNumber.of("201", GERMANY).e164()).isEmpty();
        assertThat(AskedNumber.of("+49301234567", GERMANY)).hasToString("AskedNumber");
    }

    private static List<PhoneMatch> matches(String card, String asked, Optional<String> region) {
        PhoneFinder finder = new PhoneFinder(List.of(AskedNumber.of(asked, region)));
        finder.put(new Uid("a"), Cards.withNumber(card));
        return finder.answers(number -> false).get(0).matches();
    }
}
