package org.contactsync.vcard.read;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.property.RawProperty;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** The card with each value at its place, instead of what is there, one after the other. */
    static Card put(List<KeptJson> all, Card card) {
        if (all.isEmpty()) {
            return card;
        }
        Tree tree = new Tree(card.root());
        for (KeptJson each : all) {
            if (each.steps.isEmpty() && each.value.orElseThrow() instanceof Members whole) {
                tree = new Tree(whole);
            } else {
                each.putIn(tree);
            }
        }
        return new Card(tree.members());
    }

    private void putIn(Tree root) {
        Tree tree = root;
        for (String step : steps.subList(0, steps.size() - 1)) {
            tree = tree.below(step);
        }
        tree.set(steps.get(steps.size() - 1), value);
    }

    /** Members that are being changed: each object is copied once, however many values come into it. */
    private static final class Tree {
        private final SortedMap<String, CardValue> values = new TreeMap<>();
        private final Map<String, Tree> changed = new HashMap<>();

        Tree(Members members) {
            values.putAll(members.values());
        }

        /** What is there, or an object instead of it. */
        Tree below(String name) {
            return changed.computeIfAbsent(
                    name,
                    key -> new Tree(values.get(key) instanceof Members found ? found : new Members(new TreeMap<>())));
        }

        void set(String name, Optional<CardValue> value) {
            changed.remove(name);
            if (value.isPresent()) {
                values.put(name, value.get());
            } else {
                values.remove(name);
            }
        }

        Members members() {
            changed.forEach((name, tree) -> values.put(name, tree.members()));
            changed.clear();
            return new Members(values);
        }
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
