package org.contactsync.checkcode;

import java.util.Locale;
import org.contactsync.contact.Card;
import org.contactsync.contact.Uid;

/** The contacts that the vector files give by a formula. */
final class MadeContacts {
    private MadeContacts() {}

    static Uid smallUid(int n) {
        return new Uid(String.format(Locale.ROOT, "c-%04d", n));
    }

    /** Of {@code tree} in {@code vectors.json}. */
    static Card smallCard(int n) {
        return JsonCards.card(String.format(Locale.ROOT, """
                {"@type":"Card","version":"1.0","name":{"full":"Contact %d"},"phones":{"k1":{"number":"+1 555 %04d"}}}
                """, n, n));
    }

    static Uid bigUid(int n) {
        return new Uid(String.format(Locale.ROOT, "big-%05d", n));
    }

    /** Of {@code bigBook} in {@code more-vectors.json}. */
    static Card bigCard(int n) {
        return JsonCards.card(String.format(Locale.ROOT, """
                {"@type":"Card","version":"1.0","name":{"full":"Kontakt 刘 %1$d"},
                "phones":{"k1":{"number":"+49 30 %1$07d","pref":%2$d}},
                "emails":{"k1":{"address":"c%1$d@example.com"}},"keywords":{"%3$s":true}}
                """, n, n % 100 + 1, n % 2 == 0 ? "even" : "odd"));
    }
}
