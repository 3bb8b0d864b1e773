package org.contactsync.lookup;

import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.contactsync.protocol.lookup.Closeness;

/**
 * A number that is asked for: E.164, national, with {@code 00} in front, or a {@code tel:}, {@code sip:} or {@code sips:} URI. One thread at
 * a time.
 */
public final class AskedNumber {
    /** Shorter ones are numbers of a switch or of a service: only the same digits are the same number. */
    private static final int SHORTEST = NumberText.COMPARED;

    private final String asked;
    private final Optional<String> region;
    private final Optional<NumberText> number;
    private final Optional<PhoneNumber> international;
    private final Optional<String> address;

    /** It itself, as numbers of cards are read. */
    private final Optional<StoredNumber> own;

    private AskedNumber(String asked, Optional<String> region) {
        this.asked = asked;
        this.region = region;
        Optional<SipAddress> sip = SipAddress.of(asked);
        address = sip.map(SipAddress::comparable);
        number = sip.isPresent() ? sip.get().number() : NumberText.of(asked);
        own = number.map(text -> new StoredNumber(text, region));
        international = own.flatMap(StoredNumber::international);
    }

    /** @param region that national numbers belong to; empty if none is known, or if it has no numbers */
    public static AskedNumber of(String asked, Optional<String> region) {
        return new AskedNumber(asked, region.flatMap(NumberText::region));
    }

    Optional<String> region() {
        return region;
    }

    public String asked() {
        return asked;
    }

    /** In E.164, if it can be known. */
    public Optional<String> e164() {
        return international.map(NumberText::e164);
    }

    /** The number without punctuation, as it was asked for; empty if it is none. */
    Optional<String> digits() {
        return number.map(NumberText::main);
    }

    /** What entries of an index may begin with if they are this number or address. */
    Set<String> groups() {
        Set<String> groups = new LinkedHashSet<>();
        address.ifPresent(each -> groups.add(IndexedCard.ADDRESS + each));
        number.ifPresent(text -> groups.add(IndexedCard.group(text.digits())));
        international.ifPresent(each -> {
            forms(each).forEach(form -> groups.add(IndexedCard.group(form)));
            groups.add(IndexedCard.group("00" + NumberText.e164(each).substring(1)));
        });
        return groups;
    }

    /** Whether an address of a card is this one. */
    boolean isAddress(String comparable) {
        return address.isPresent() && address.get().equals(comparable);
    }

    /**
     * How well a number of a card agrees; empty if it is another number.
     *
     * @param other read in the region of this one
     */
    Optional<Closeness> closeness(StoredNumber other) {
        return own.flatMap(one -> compare(one, other)
                .map(close -> haveOtherExtensions(one.text(), other.text()) ? Closeness.PARTIAL : close));
    }

    private static boolean haveOtherExtensions(NumberText one, NumberText two) {
        return !one.extension().isEmpty()
                && !two.extension().isEmpty()
                && !one.extension().equals(two.extension());
    }

    private static Optional<Closeness> compare(StoredNumber own, StoredNumber other) {
        if (own.text().main().equals(other.text().main())) {
            return Optional.of(Closeness.EXACT);
        }
        Optional<PhoneNumber> ours = own.international();
        Optional<PhoneNumber> theirs = other.international();
        if (ours.isPresent() && theirs.isPresent()) {
            if (NumberText.e164(ours.get()).equals(NumberText.e164(theirs.get()))) {
                return Optional.of(Closeness.EXACT);
            }
            if (own.isSure() && other.isSure()) {
                return Optional.empty();
            }
        }
        if (own.text().isInternational() && other.text().isInternational()) {
            return Optional.empty();
        }
        Set<String> ownForms = own.forms();
        Set<String> otherForms = other.forms();
        if (otherForms.stream().anyMatch(ownForms::contains)) {
            return Optional.of(Closeness.NATIONAL);
        }
        return ownForms.stream().anyMatch(one -> otherForms.stream().anyMatch(two -> oneEndsTheOther(one, two)))
                ? Optional.of(Closeness.PARTIAL)
                : Optional.empty();
    }

    /** Whether it is a number of that country, because that is written, or because there is such a number in the region. */
    static boolean isSure(NumberText text, PhoneNumber number) {
        return text.isInternational() || NumberText.PHONES.isValidNumber(number);
    }

    private static boolean oneEndsTheOther(String one, String two) {
        return Math.min(one.length(), two.length()) >= SHORTEST && (one.endsWith(two) || two.endsWith(one));
    }

    /** The digits with which a number may be written, those of short numbers as they are only. */
    static Set<String> forms(NumberText text, Optional<PhoneNumber> international) {
        Set<String> forms = new LinkedHashSet<>();
        if (text.digits().length() >= SHORTEST) {
            forms.add(text.digits());
            forms.add(text.digits().replaceFirst("^0+", ""));
        }
        international.ifPresent(number -> forms.addAll(forms(number)));
        return forms;
    }

    /** All digits, those without the country, and those of the national way of writing. */
    private static Set<String> forms(PhoneNumber number) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(NumberText.e164(number).substring(1));
        forms.add(NumberText.PHONES.getNationalSignificantNumber(number));
        NumberText.of(NumberText.PHONES.format(
                        new PhoneNumber().mergeFrom(number).clearExtension(), PhoneNumberFormat.NATIONAL))
                .ifPresent(text -> forms.add(text.digits()));
        return forms;
    }

    /** The number with its country, if that is written or follows from the region. */
    static Optional<PhoneNumber> international(NumberText text, Optional<String> region) {
        if (text.isInternational()) {
            return NumberText.parse(text.main(), NumberText.NO_REGION);
        }
        Optional<PhoneNumber> dialled = region.flatMap(code -> NumberText.parse(text.main(), code))
                .filter(number -> text.main().length() >= SHORTEST || NumberText.PHONES.isValidNumber(number));
        if (dialled.filter(NumberText.PHONES::isValidNumber).isPresent()
                || !text.main().startsWith("00")) {
            return dialled;
        }
        // Many phones and switches write 00 for the plus wherever they are.
        return NumberText.parse("+" + text.main().substring(2), NumberText.NO_REGION)
                .filter(NumberText.PHONES::isPossibleNumber)
                .or(() -> dialled);
    }

    /** Nothing of it: numbers do not belong in logs. */
    @Override
    public String toString() {
        return "AskedNumber";
    }
}
