package org.contactsync.vcard;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;

/**
 * A card reduced to the size that a book accepts.
 *
 * @param card its canonical bytes, empty when it is too large even without pictures and sounds
 * @param withoutMedia whether its pictures and sounds had to be left out
 * @param bytes its canonical size before anything was left out
 */
record SizedCard(Optional<CanonicalCard> card, boolean withoutMedia, int bytes) {
    static final String MEDIA = "media";

    static SizedCard of(Card card) {
        int bytes = size(card);
        if (bytes <= CardProfile.MAX_CARD_BYTES) {
            return new SizedCard(Optional.of(CanonicalCard.of(card)), false, bytes);
        }
        TreeMap<String, CardValue> members = new TreeMap<>(card.root().values());
        boolean hadMedia = members.remove(MEDIA) != null;
        Card smaller = new Card(new Members(members));
        boolean fits = hadMedia && size(smaller) <= CardProfile.MAX_CARD_BYTES;
        return new SizedCard(fits ? Optional.of(CanonicalCard.of(smaller)) : Optional.empty(), fits, bytes);
    }

    private static int size(Card card) {
        return CanonicalJson.write(card.root()).getBytes(StandardCharsets.UTF_8).length;
    }
}
