package org.contactsync.client.merge;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.merge.EntrySlots.Slot;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.protocol.json.CardJson;
import org.jspecify.annotations.Nullable;

/**
 * Carries the change that a side made to a contact over to the card of this device.
 *
 * <pre>
 *   side     from ──────change──────▶ to
 *             │ stands for
 *   here     base ──other changes──▶ local ──▶ merged
 * </pre>
 *
 * <p>{@code from} and {@code base} are the same card, unless the side cannot hold all of a card and shows it differently.
 */
public final class CardMerge {
    /** Maps of RFC 9553 whose keys mean nothing: an entry is found by its content, and may be given another key. */
    private static final Set<String> LISTS = Set.of(
            "addresses",
            "anniversaries",
            "calendars",
            "cryptoKeys",
            "directories",
            "emails",
            "links",
            "media",
            "nicknames",
            "notes",
            "onlineServices",
            "organizations",
            "personalInfo",
            "phones",
            "preferredLanguages",
            "schedulingAddresses",
            "titles");

    /** Maps whose keys are what they say. */
    private static final Set<String> SETS = Set.of("keywords", "localizations", "members", "relatedTo");

    private final boolean incomingWins;
    private boolean conflict;

    private CardMerge(boolean incomingWins) {
        this.incomingWins = incomingWins;
    }

    /**
     * The card with both sides' changes.
     *
     * @param conflict a field was changed on both sides, and one of the two values is not in the card
     */
    public record Merged(CanonicalCard card, boolean conflict) {}

    /**
     * Merges.
     *
     * @param from what the side had; empty: nothing is known of it, or it did not have the contact
     * @param to what it has now
     * @param base the version of {@code local} that {@code from} stands for; empty as {@code from}
     * @param incomingWins which value a field gets that was changed on both sides
     */
    public static Merged merge(
            Optional<CanonicalCard> from,
            CanonicalCard to,
            Optional<CanonicalCard> base,
            CanonicalCard local,
            boolean incomingWins) {
        if (to.equals(local) || from.isPresent() && from.get().equals(to)) {
            return new Merged(local, false);
        }
        if (from.isPresent() && from.equals(base) && base.get().equals(local)) {
            return new Merged(to, false);
        }
        CardMerge merge = new CardMerge(incomingWins);
        Members merged = merge.members(members(from), members(to), members(base), members(local));
        try {
            return new Merged(CanonicalCard.of(new Card(merged)), merge.conflict);
        } catch (IllegalArgumentException tooLarge) {
            return new Merged(incomingWins ? to : local, true); // both together are more than a contact may have
        }
    }

    private static SortedMap<String, CardValue> members(CanonicalCard card) {
        return CardJson.parsed(card).root().values();
    }

    private static SortedMap<String, CardValue> members(Optional<CanonicalCard> card) {
        return card.map(CardMerge::members).orElseGet(TreeMap::new);
    }

    private Members members(
            SortedMap<String, CardValue> from,
            SortedMap<String, CardValue> to,
            SortedMap<String, CardValue> base,
            SortedMap<String, CardValue> local) {
        SortedMap<String, CardValue> merged = new TreeMap<>();
        for (String name : names(List.of(to, local))) {
            List<@Nullable CardValue> four = new ArrayList<>();
            for (SortedMap<String, CardValue> card : List.of(from, to, base, local)) {
                four.add(card.get(name));
            }
            boolean isMap = (LISTS.contains(name) || SETS.contains(name))
                    && four.stream().allMatch(value -> value == null || value instanceof Members);
            boolean oneSided = Objects.equals(four.get(0), four.get(1))
                    || Objects.equals(four.get(0), four.get(2)) && Objects.equals(four.get(2), four.get(3));
            Optional<CardValue> value = isMap && !oneSided
                    ? map(name, four.stream().map(CardMerge::entries).toList())
                    : field(four.get(0), four.get(1), four.get(2), four.get(3));
            value.ifPresent(present -> merged.put(name, present));
        }
        return new Members(merged);
    }

    private Optional<CardValue> map(String name, List<SortedMap<String, CardValue>> four) {
        return LISTS.contains(name)
                ? list(four.get(0), four.get(1), four.get(2), four.get(3))
                : set(four.get(0), four.get(1), four.get(2), four.get(3));
    }

    private static SortedMap<String, CardValue> entries(@Nullable CardValue value) {
        return value instanceof Members map ? map.values() : new TreeMap<>();
    }

    private static Set<String> names(List<SortedMap<String, CardValue>> maps) {
        Set<String> names = new TreeSet<>();
        maps.forEach(map -> names.addAll(map.keySet()));
        return names;
    }

    /** A map whose keys are what they say; empty when nothing is left of it. */
    private Optional<CardValue> set(
            SortedMap<String, CardValue> from,
            SortedMap<String, CardValue> to,
            SortedMap<String, CardValue> base,
            SortedMap<String, CardValue> local) {
        SortedMap<String, CardValue> merged = new TreeMap<>();
        for (String key : names(List.of(to, local))) {
            field(from.get(key), to.get(key), base.get(key), local.get(key)).ifPresent(value -> merged.put(key, value));
        }
        return merged.isEmpty() ? Optional.empty() : Optional.of(new Members(merged));
    }

    /** A map, entry by entry; empty when nothing is left of it. An entry keeps the key that it has here. */
    private Optional<CardValue> list(
            SortedMap<String, CardValue> from,
            SortedMap<String, CardValue> to,
            SortedMap<String, CardValue> base,
            SortedMap<String, CardValue> local) {
        SortedMap<String, CardValue> merged = new TreeMap<>();
        List<Slot> others = new ArrayList<>();
        for (Slot slot : EntrySlots.of(from, to, base, local)) {
            if (slot.local == null) {
                others.add(slot);
            } else {
                entry(slot).ifPresent(value -> merged.put(requireNonNull(slot.key), value));
            }
        }
        for (Slot slot : others) {
            entry(slot).ifPresent(value -> merged.put(freeKey(requireNonNull(slot.key), merged), value));
        }
        return merged.isEmpty() ? Optional.empty() : Optional.of(new Members(merged));
    }

    private Optional<CardValue> entry(Slot slot) {
        if (!slot.isMergedByMember() || Objects.equals(slot.from, slot.to)) {
            return field(slot.from, slot.to, slot.base, slot.local);
        }
        SortedMap<String, CardValue> to = entries(slot.to);
        SortedMap<String, CardValue> local = entries(slot.local);
        return set(entries(slot.from), to, entries(slot.base), local);
    }

    private static String freeKey(String key, SortedMap<String, CardValue> taken) {
        String free = key;
        for (int number = 2; taken.containsKey(free); number++) {
            free = key + "-" + number;
        }
        return free;
    }

    private Optional<CardValue> field(
            @Nullable CardValue from, @Nullable CardValue to, @Nullable CardValue base, @Nullable CardValue local) {
        if (Objects.equals(from, to) || Objects.equals(to, local)) {
            return Optional.ofNullable(local);
        }
        if (Objects.equals(base, local)) {
            return Optional.ofNullable(to);
        }
        conflict = true;
        CardValue winner = incomingWins ? to : local;
        // Of an edit and a removal of one field the edit is kept.
        return Optional.ofNullable(winner == null ? (incomingWins ? local : to) : winner);
    }
}
