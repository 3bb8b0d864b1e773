package org.contactsync.vcard.value;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;

/**
 * An object of a card while it is written as vCard. What a property expresses is taken out; {@link #left} is what no property
 * expressed. For one thread at a time.
 */
public final class OpenObject {
    /** {@code k2} before {@code k10}: the order in which a reader numbers them. */
    private static final Comparator<String> IDS =
            Comparator.comparing(String::length).thenComparing(id -> id);

    private final TreeMap<String, CardValue> left;

    public OpenObject(Members members) {
        this.left = new TreeMap<>(members.values());
    }

    public Map<String, CardValue> left() {
        return left;
    }

    /** A text, taken out; empty, and nothing taken, when it is none. */
    public Optional<String> text(String name) {
        if (left.get(name) instanceof Text text) {
            left.remove(name);
            return Optional.of(text.value());
        }
        return Optional.empty();
    }

    /** Takes a text out when it is just this one. */
    public void drop(String name, String value) {
        if (left.get(name) instanceof Text text && text.value().equals(value)) {
            left.remove(name);
        }
    }

    public Optional<Long> number(String name) {
        if (left.get(name) instanceof Int number) {
            left.remove(name);
            return Optional.of(number.value());
        }
        return Optional.empty();
    }

    /** The names of a set (members that are all {@code true}), taken out; empty when it is no such set. */
    public List<String> set(String name) {
        if (left.get(name) instanceof Members members
                && members.values().values().stream().allMatch(new Bool(true)::equals)) {
            left.remove(name);
            return List.copyOf(members.values().keySet());
        }
        return List.of();
    }

    /** The objects of a list, taken out; empty when something else stands in it. */
    List<OpenObject> objects(String name) {
        if (left.get(name) instanceof Items items && items.values().stream().allMatch(Members.class::isInstance)) {
            left.remove(name);
            return items.values().stream()
                    .map(item -> new OpenObject((Members) item))
                    .toList();
        }
        return List.of();
    }

    /** An object, not taken out. */
    public Optional<Members> look(String name) {
        return left.get(name) instanceof Members members ? Optional.of(members) : Optional.empty();
    }

    /** The ids of a collection in the order of their numbers. */
    public static List<String> ids(Members collection) {
        List<String> ids = new ArrayList<>(collection.values().keySet());
        ids.sort(IDS);
        return ids;
    }
}
