package org.contactsync.contact;

import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;

/**
 * A JSContact Card (RFC 9553) without its {@code uid}, in the profile of {@link CardProfile}.
 *
 * @param root the card's members; nested at most {@value CardProfile#MAX_DEPTH} deep, this object being the first level
 */
public record Card(Members root) {
    /** @throws IllegalArgumentException when nested too deep or when it carries a {@code uid} */
    public Card {
        if (depth(root) > CardProfile.MAX_DEPTH) {
            CardProfile.refuse(CardProfile.tooDeep());
        }
        if (root.values().containsKey("uid")) {
            CardProfile.refuse(CardProfile.uidInCard());
        }
    }

    private static int depth(CardValue value) {
        int deepest = 0;
        if (value instanceof Members members) {
            for (CardValue child : members.values().values()) {
                deepest = Math.max(deepest, depth(child));
            }
        } else if (value instanceof Items items) {
            for (CardValue child : items.values()) {
                deepest = Math.max(deepest, depth(child));
            }
        } else {
            return 0;
        }
        return deepest + 1;
    }
}
