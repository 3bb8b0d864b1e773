package org.contactsync.vcard.read;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.property.RawProperty;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.value.PropertyText;

/**
 * A JSPROP: a value of the card that no property can express, as JSON, and its place (RFC 9555 §3.2.1). {@code null} says that there is no
 * such value.
 *
 * @param steps to the place, from the card; none for the whole card
 * @param value empty for {@code null}
 */
record KeptJson(List<String> steps, Optional<CardValue> value) {
    private static final String NAME = "JSPROP";
    private static final String POINTER = "JSPTR";
    private static final String NULL = "null";

    static boolean isOne(RawProperty property) {
        return property.getPropertyName().equalsIgnoreCase(NAME);
    }

    /** Empty if it is not JSON, or the card could not have it there. */
    static Optional<KeptJson> of(RawProperty property) {
        String pointer = property.getParameter(POINTER);
        if (pointer == null || property.getValue() == null) {
            return Optional.empty();
        }
        String json = VObjectPropertyValues.unescape(property.getValue());
        if (pointer.isEmpty()) {
            return CardJson.card(json).map(card -> new KeptJson(List.of(), Optional.of(card.root())));
        }
        List<String> steps = Arrays.stream(pointer.split("/", -1))
                .map(PropertyText::unescapedPointer)
                .toList();
        if (steps.size() >= CardProfile.MAX_DEPTH
                || steps.get(0).equals("uid")
                || steps.stream().anyMatch(step -> CardProfile.keyFlaw(step).isPresent())) {
            return Optional.empty();
        }
        if (json.equals(NULL)) {
            return Optional.of(new KeptJson(steps, Optional.empty()));
        }
        return CardJson.value(json)
                .filter(value -> steps.size() + depth(value) <= CardProfile.MAX_DEPTH)
                .map(value -> new KeptJson(steps, Optional.of(value)));
    }

    /** The card with this value at its place, instead of what is there. */
    Card in(Card card) {
        return steps.isEmpty() && value.orElseThrow() instanceof Members whole
                ? new Card(whole)
                : new Card(with(card.root(), steps));
    }

    private Members with(Members all, List<String> left) {
        SortedMap<String, CardValue> members = new TreeMap<>(all.values());
        String name = left.get(0);
        if (left.size() > 1) {
            Members below = members.get(name) instanceof Members found ? found : new Members(new TreeMap<>());
            members.put(name, with(below, left.subList(1, left.size())));
        } else if (value.isPresent()) {
            members.put(name, value.get());
        } else {
            members.remove(name);
        }
        return new Members(members);
    }

    private static int depth(CardValue value) {
        if (value instanceof Members members) {
            return 1
                    + members.values().values().stream()
                            .mapToInt(KeptJson::depth)
                            .max()
                            .orElse(0);
        }
        return value instanceof Items items
                ? 1 + items.values().stream().mapToInt(KeptJson::depth).max().orElse(0)
                : 0;
    }
}
