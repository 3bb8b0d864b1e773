package org.contactsync.vcard.value;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.jspecify.annotations.Nullable;

/** One object of a card while it is put together; empty values leave no trace. For one thread at a time. */
public final class CardObject {
    private final TreeMap<String, CardValue> members = new TreeMap<>();

    public static CardObject withText(String key, @Nullable String value) {
        return new CardObject().text(key, value);
    }

    /** Sets a text brought into the profile; null and empty set nothing. */
    public CardObject text(String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            String plain = PlainText.of(value);
            if (!plain.isEmpty()) {
                members.put(key, new Text(plain));
            }
        }
        return this;
    }

    public CardObject number(String key, @Nullable Integer value) {
        if (value != null) {
            members.put(key, new Int(value));
        }
        return this;
    }

    /** Sets an object whose members are {@code names}, all true: JSContact's way to write a set. */
    public CardObject set(String key, Collection<String> names) {
        CardObject set = new CardObject();
        names.forEach(name -> set.put(name, new Bool(true)));
        return object(key, set);
    }

    public CardObject object(String key, CardObject value) {
        if (!value.isEmpty()) {
            members.put(key, value.toMembers());
        }
        return this;
    }

    public CardObject list(String key, List<? extends CardValue> values) {
        if (!values.isEmpty()) {
            members.put(key, new Items(List.copyOf(values)));
        }
        return this;
    }

    public CardObject put(String key, CardValue value) {
        members.put(key, value);
        return this;
    }

    @Nullable
    public CardValue get(String key) {
        return members.get(key);
    }

    public CardObject remove(String key) {
        members.remove(key);
        return this;
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    public boolean has(String key) {
        return members.containsKey(key);
    }

    public Members toMembers() {
        return new Members(members);
    }
}
