package org.contactsync.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.lookup.PhoneMatch;

/** Protocol 4.20.3: a number is found however it is written in the card and however it is asked for. */
class NumberFormsProperties {
    private static final PhoneNumberUtil PHONES = PhoneNumberUtil.getInstance();
    private static final Uid ADA = new Uid("ada");

    /**
     * A number, its region, and two ways of writing it.
     *
     * @param card in the card
     * @param asked in the request
     */
    record Written(PhoneNumber number, String region, String card, String asked) {}

    @Property(tries = 3_000)
    void everyWayOfWritingFindsTheContact(@ForAll("written") Written written) {
        assertThat(matches(written.card(), written.asked(), Optional.of(written.region())))
                .extracting(PhoneMatch::uid, PhoneMatch::closeness)
                .containsExactly(tuple(ADA, "exact"));
    }

    /** What the region of a request is changes what national numbers mean, and nothing about international ones. */
    @Property(tries = 100)
    void internationalNumbersNeedNoRegion(@ForAll("numbers") Example example, @ForAll("regions") String anyRegion) {
        List<String> forms = international(example.number());
        for (String card : forms) {
            for (String asked : forms) {
                assertThat(matches(card, asked, Optional.empty())).hasSize(1);
                assertThat(matches(card, asked, Optional.of(anyRegion))).hasSize(1);
            }
        }
    }

    /** Protocol 4.20.4: without a region a national number is found, as one whose country is not known. */
    @Property(tries = 1_000)
    void aNationalNumberIsFoundWithoutARegion(@ForAll("numbers") Example example) {
        String national = PHONES.format(example.number(), PhoneNumberFormat.NATIONAL);
        String e164 = PHONES.format(example.number(), PhoneNumberFormat.E164);
        String digits = NumberText.of(national).map(NumberText::digits).orElse("");
        // Shorter ones are found by all digits only, and 00 may begin a number of another country.
        boolean isFound = digits.length() >= NumberText.COMPARED
                && !digits.startsWith("00")
                && e164.endsWith(NumberText.end(digits));

        assertThat(matches(national, e164, Optional.empty()))
                .as("%s %s", national, e164)
                .hasSizeBetween(isFound ? 1 : 0, 1)
                .allMatch(match -> match.closeness().equals("national")
                        || match.closeness().equals("partial"));
    }

    /** A contact of another number is not found, in whatever form. */
    @Property(tries = 1_000)
    void anotherNumberIsAnotherContact(@ForAll("written") Written written) {
        String digits = PHONES.format(written.number(), PhoneNumberFormat.E164);
        char last = digits.charAt(digits.length() - 1);
        String other = digits.substring(0, digits.length() - 1) + (char) ('0' + (last - '0' + 1) % 10);

        assertThat(matches(written.card(), other, Optional.of(written.region())))
                .isEmpty();
    }

    record Example(PhoneNumber number, String region) {}

    @Provide
    Arbitrary<String> regions() {
        return Arbitraries.of(PHONES.getSupportedRegions());
    }

    @Provide
    Arbitrary<Example> numbers() {
        List<Example> examples = new ArrayList<>();
        for (String region : PHONES.getSupportedRegions()) {
            for (PhoneNumberType type : List.of(
                    PhoneNumberType.FIXED_LINE,
                    PhoneNumberType.MOBILE,
                    PhoneNumberType.TOLL_FREE,
                    PhoneNumberType.VOIP)) {
                PhoneNumber example = PHONES.getExampleNumberForType(region, type);
                if (example != null && PHONES.isValidNumberForRegion(example, region)) {
                    examples.add(new Example(example, region));
                }
            }
        }
        return Arbitraries.of(examples);
    }

    @Provide
    Arbitrary<Written> written() {
        return numbers().flatMap(example -> {
            List<String> forms = new ArrayList<>(international(example.number()));
            forms.addAll(national(example));
            return Combinators.combine(Arbitraries.of(forms), Arbitraries.of(forms))
                    .as((card, asked) -> new Written(example.number(), example.region(), card, asked));
        });
    }

    private static List<String> international(PhoneNumber number) {
        String e164 = PHONES.format(number, PhoneNumberFormat.E164);
        String spaced = PHONES.format(number, PhoneNumberFormat.INTERNATIONAL);
        return List.of(
                e164,
                spaced,
                spaced.replace(' ', '\u00a0').replace('-', '\u2011'),
                "\uff0b" + spaced.substring(1),
                PHONES.format(number, PhoneNumberFormat.RFC3966),
                "TEL:" + e164,
                "sip:" + e164 + "@sip.example.org;user=phone",
                "sips:" + e164.replace("+", "%2B") + "@SIP.example.org:5061",
                " " + e164 + " ");
    }

    /** As people of that region write it, and dial it. */
    private static List<String> national(Example example) {
        String national = PHONES.format(example.number(), PhoneNumberFormat.NATIONAL);
        List<String> forms = new ArrayList<>(List.of(
                national,
                PhoneNumberUtil.normalizeDigitsOnly(national),
                national.replaceAll("[ -]", "/"),
                "00" + PHONES.format(example.number(), PhoneNumberFormat.E164).substring(1)));
        forms.removeIf(form -> !isThat(form, example));
        return forms;
    }

    /** A few regions have example numbers that nobody dials in the way in which they are formatted; some dial 00 for something else. */
    private static boolean isThat(String form, Example example) {
        return (form.startsWith("00") && !example.number().hasItalianLeadingZero())
                ? NumberText.parse(form, example.region())
                        .map(number -> !PHONES.isValidNumber(number) || number.equals(example.number()))
                        .orElse(true)
                : NumberText.parse(form, example.region())
                        .filter(number -> PHONES.format(number, PhoneNumberFormat.E164)
                                .equals(PHONES.format(example.number(), PhoneNumberFormat.E164)))
                        .isPresent();
    }

    private static List<PhoneMatch> matches(String card, String asked, Optional<String> region) {
        PhoneFinder finder = new PhoneFinder(List.of(AskedNumber.of(asked, region)));
        finder.put(ADA, IndexedCard.of(cardWith(card)));
        return finder.answers(number -> false).get(0).matches();
    }

    private static Members cardWith(String number) {
        TreeMap<String, CardValue> phone = new TreeMap<>(Map.of("number", new CardValue.Text(number)));
        TreeMap<String, CardValue> phones = new TreeMap<>(Map.of("k1", new CardValue.Members(phone)));
        return Members.of(new CardValue.Members(new TreeMap<>(Map.of("phones", new CardValue.Members(phones)))));
    }
}
