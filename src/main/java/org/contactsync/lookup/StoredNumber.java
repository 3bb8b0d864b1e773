package org.contactsync.lookup;

import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A number of a card, as it is read in one region: all numbers that are asked for are compared with the same reading. One thread at a time.
 */
final class StoredNumber {
    private final NumberText text;
    private final Optional<PhoneNumber> international;
    private @Nullable Boolean sure;
    private @Nullable Set<String> forms;

    StoredNumber(NumberText text, Optional<String> region) {
        this.text = text;
        international = AskedNumber.international(text, region);
    }

    NumberText text() {
        return text;
    }

    /** With its country, if that is written or follows from the region. */
    Optional<PhoneNumber> international() {
        return international;
    }

    /** See {@link AskedNumber#isSure}. */
    boolean isSure() {
        Boolean known = sure;
        if (known == null) {
            known = international
                    .filter(number -> AskedNumber.isSure(text, number))
                    .isPresent();
            sure = known;
        }
        return known;
    }

    /** The digits with which it may be written. */
    Set<String> forms() {
        Set<String> known = forms;
        if (known == null) {
            known = AskedNumber.forms(text, international);
            forms = known;
        }
        return known;
    }
}
