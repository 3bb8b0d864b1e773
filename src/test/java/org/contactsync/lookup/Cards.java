package org.contactsync.lookup;

import java.nio.charset.StandardCharsets;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.protocol.json.BoundedJson;
import org.contactsync.protocol.json.CardJson;

/** Cards for tests, from JSON with single quotes. */
final class Cards {
    private Cards() {}

    static CanonicalCard card(String json) {
        return CardJson.card(BoundedJson.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    static IndexedCard indexed(String json) {
        return IndexedCard.of(card(json));
    }

    /** A card with one number. */
    static IndexedCard withNumber(String number) {
        StringBuilder quoted = new StringBuilder();
        CanonicalJson.quote(quoted, number);
        return IndexedCard.of(CardJson.card(BoundedJson.object(
                ("{\"phones\":{\"k1\":{\"number\":" + quoted + "}}}").getBytes(StandardCharsets.UTF_8))));
    }
}
