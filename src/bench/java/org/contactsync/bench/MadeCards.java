package org.contactsync.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.MadeBooks;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;

/**
 * Contacts of about 700 canonical bytes in many variants, which differ in five digits of a phone number. The same seed and
 * size make the same contacts. Immutable.
 */
final class MadeCards {
    private static final String NUMBER = "\"+44 7700 9";
    private static final int DIGITS = 5;
    private static final int VARIANTS = 100_000;

    private final List<Mould> moulds;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Mould(Uid uid, byte[] card, int digits) {
        static Mould of(FoundContact contact) {
            byte[] card = contact.card().utf8();
            // One byte per character, so that an index into the text is one into the bytes.
            int at = new String(card, StandardCharsets.ISO_8859_1).indexOf(NUMBER);
            return new Mould(contact.uid(), card, at + NUMBER.length());
        }
    }

    MadeCards(long seed, int size) {
        moulds = MadeBooks.contacts(seed, size).stream().map(Mould::of).toList();
    }

    int size() {
        return moulds.size();
    }

    Uid uid(int number) {
        return moulds.get(number).uid();
    }

    /** The card of a contact, and another one for each variant below 100,000. */
    CanonicalCard card(int number, int variant) {
        Mould mould = moulds.get(number);
        byte[] card = mould.card().clone();
        byte[] digits = String.format(Locale.ROOT, "%0" + DIGITS + "d", variant % VARIANTS)
                .getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, card, mould.digits(), DIGITS);
        return CanonicalCard.ofTrusted(card);
    }

    /** Canonical bytes per contact, on average. */
    long meanBytes() {
        return moulds.stream().mapToLong(mould -> mould.card().length).sum() / moulds.size();
    }
}
