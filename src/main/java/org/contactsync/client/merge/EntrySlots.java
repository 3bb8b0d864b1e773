package org.contactsync.client.merge;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one map, such as {@code phones}, in four cards. The keys mean nothing (RFC 9553 §1.4.3), and many phones number their
 * entries anew at each look: so an entry is found by its content first, and by its key last.
 */
final class EntrySlots {
    /** What tells two entries of a map apart for a person: the first of these members that an entry has. */
    private static final List<String> MAIN = List.of(
            "number", "address", "uri", "user", "note", "name", "value", "full", "language", "date", "components");

    private final List<Slot> slots = new ArrayList<>();

    /** One entry, as the cards have it; null where a card does not have it. For one merge. */
    static final class Slot {
        @Nullable
        String key;

        @Nullable
        CardValue from;

        @Nullable
        CardValue to;

        @Nullable
        CardValue base;

        @Nullable
        CardValue local;

        /** The side shows the entry otherwise than it is, or both sides added it: its members are looked at one by one. */
        boolean isMergedByMember() {
            return to instanceof Members
                    && local instanceof Members
                    && (from == null
                            ? base == null
                            : from instanceof Members && base instanceof Members && !from.equals(base));
        }
    }

    private EntrySlots() {}

    /** In the order of the keys of {@code base}, then what the side had besides, what is here, what the side added. */
    static List<Slot> of(
            SortedMap<String, CardValue> from,
            SortedMap<String, CardValue> to,
            SortedMap<String, CardValue> base,
            SortedMap<String, CardValue> local) {
        EntrySlots all = new EntrySlots();
        Map<String, Slot> byBase = new TreeMap<>();
        base.forEach((key, value) -> {
            Slot slot = all.slot(key);
            slot.base = value;
            byBase.put(key, slot);
        });
        Map<String, Slot> byFrom = new TreeMap<>();
        Map<String, String> shown = matched(from, base, true);
        from.forEach((key, value) -> {
            Slot slot = all.slot(byBase, shown.get(key), key);
            slot.from = value;
            byFrom.put(key, slot);
        });
        Map<String, String> here = matched(local, base, true);
        local.forEach((key, value) -> {
            Slot slot = all.slot(byBase, here.get(key), key);
            slot.local = value;
            slot.key = key;
        });
        Map<String, String> edited = matched(to, from, true);
        SortedMap<String, CardValue> added = new TreeMap<>(to);
        added.keySet().removeAll(edited.keySet());
        edited.forEach((key, before) -> requireNonNull(byFrom.get(before)).to = to.get(key));
        all.add(added);
        return all.slots;
    }

    private Slot slot(String key) {
        Slot slot = new Slot();
        slot.key = key;
        slots.add(slot);
        return slot;
    }

    /** The one that is known under a key, or else a new one. */
    private Slot slot(Map<String, Slot> known, @Nullable String under, String key) {
        Slot slot = under == null ? null : known.get(under);
        return slot == null ? slot(key) : slot;
    }

    /** What the side added may be here already: another side added it, or this one did not show it. */
    private void add(SortedMap<String, CardValue> added) {
        Map<String, Slot> unseen = new HashMap<>();
        SortedMap<String, CardValue> local = new TreeMap<>();
        for (Slot slot : slots) {
            if (slot.from == null && slot.local != null && slot.key != null) {
                unseen.put(slot.key, slot);
                local.put(slot.key, slot.local);
            }
        }
        Map<String, String> same = matched(added, local, false);
        added.forEach((key, value) -> {
            Slot slot = slot(unseen, same.get(key), key);
            slot.to = value;
        });
    }

    /**
     * Which entry of {@code others} each entry is, by their keys; each is one at most.
     *
     * @param byKey an entry that is found in no other way is the one of its key
     */
    private static Map<String, String> matched(
            SortedMap<String, CardValue> entries, SortedMap<String, CardValue> others, boolean byKey) {
        Map<String, String> found = new HashMap<>();
        Set<String> taken = new HashSet<>();
        List<BiPredicate<String, String>> ways = new ArrayList<>();
        BiPredicate<String, String> sameKey = String::equals;
        BiPredicate<String, String> sameContent = (one, other) -> Objects.equals(entries.get(one), others.get(other));
        BiPredicate<String, String> sameMain = (one, other) -> {
            Optional<String> main = main(entries.get(one));
            return main.isPresent() && main.equals(main(others.get(other)));
        };
        ways.add(sameKey.and(sameContent));
        ways.add(sameContent);
        ways.add(sameKey.and(sameMain));
        ways.add(sameMain);
        if (byKey) {
            ways.add(sameKey);
        }
        for (BiPredicate<String, String> way : ways) {
            for (String entry : entries.keySet()) {
                if (!found.containsKey(entry)) {
                    first(others.keySet(), taken, other -> way.test(entry, other))
                            .ifPresent(other -> {
                                found.put(entry, other);
                                taken.add(other);
                            });
                }
            }
        }
        return found;
    }

    private static Optional<String> first(Collection<String> keys, Set<String> taken, Predicate<String> fits) {
        return keys.stream()
                .filter(key -> !taken.contains(key) && fits.test(key))
                .findFirst();
    }

    private static Optional<String> main(@Nullable CardValue entry) {
        if (!(entry instanceof Members members)) {
            return Optional.empty();
        }
        for (String name : MAIN) {
            CardValue value = members.values().get(name);
            if (value instanceof Text text) {
                String plain = text.value().toLowerCase(Locale.ROOT);
                String bare = name.equals("number")
                        ? plain.replaceFirst("^tel:", "").replaceAll("[^+0-9a-z*#;=]", "")
                        : plain.strip();
                return bare.isEmpty() ? Optional.empty() : Optional.of(name + " " + bare);
            }
            if (value != null) {
                return Optional.of(name + " " + value);
            }
        }
        return Optional.empty();
    }
}
