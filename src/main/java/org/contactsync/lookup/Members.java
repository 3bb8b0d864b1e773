package org.contactsync.lookup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Text;

/** Members of a card, whose vocabulary nobody has checked: what is not of the expected type is absent. Immutable. */
record Members(Map<String, CardValue> values) {
    static final Members NONE = new Members(Map.of());

    static Members of(CardValue value) {
        return value instanceof CardValue.Members members ? new Members(members.values()) : NONE;
    }

    /** An empty text if there is none. */
    String text(String name) {
        return values.get(name) instanceof Text text ? text.value() : "";
    }

    Members object(String name) {
        CardValue value = values.get(name);
        return value == null ? NONE : of(value);
    }

    /** The objects that are values of the object with that name, in the order of their keys. */
    List<Members> objects(String name) {
        return all(object(name).values.values());
    }

    /** The objects of the array with that name. */
    List<Members> list(String name) {
        return values.get(name) instanceof Items items ? all(items.values()) : List.of();
    }

    private static List<Members> all(Collection<CardValue> values) {
        List<Members> objects = new ArrayList<>();
        for (CardValue value : values) {
            if (value instanceof CardValue.Members) {
                objects.add(of(value));
            }
        }
        return objects;
    }

    /** The keys that are {@code true}, in their order. */
    List<String> flags(String name) {
        List<String> set = new ArrayList<>();
        object(name).values.forEach((key, value) -> {
            if (value instanceof Bool flag && flag.value()) {
                set.add(key);
            }
        });
        return set;
    }

    Set<String> names() {
        return values.keySet();
    }
}
