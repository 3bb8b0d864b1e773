package org.contactsync.checkcode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardProfile;

/** The canonical bytes of a card: what is hashed, carried, stored and given back, never anything else. */
public final class CanonicalCard {
    private final byte[] utf8;

    private CanonicalCard(byte[] utf8) {
        if (utf8.length > CardProfile.MAX_CARD_BYTES) {
            throw new IllegalArgumentException(CardProfile.tooLarge(utf8.length).detail());
        }
        this.utf8 = utf8;
    }

    /** @throws IllegalArgumentException over {@link CardProfile#MAX_CARD_BYTES} */
    public static CanonicalCard of(Card card) {
        return new CanonicalCard(CanonicalJson.write(card.root()).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Bytes of {@link CanonicalJson}: made just now, or from a message or a row of our own; they are not parsed again.
     *
     * @param utf8 kept, not copied: the caller gives it away
     */
    public static CanonicalCard ofTrusted(byte[] utf8) {
        return new CanonicalCard(utf8);
    }

    /** The bytes themselves, not a copy: callers only read. */
    public byte[] utf8() {
        return utf8;
    }

    public int length() {
        return utf8.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CanonicalCard card && Arrays.equals(utf8, card.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    /** Says the length only: contact data does not belong in logs. */
    @Override
    public String toString() {
        return "CanonicalCard[" + utf8.length + " bytes]";
    }
}
