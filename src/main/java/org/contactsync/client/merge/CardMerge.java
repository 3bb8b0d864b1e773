package org.contactsync.client.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.contactsync.checkcode.CanonicalCard;
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
    /** Maps of RFC 9553 whose keys mean nothing: an entry is found by its key, and may be given another one. */
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
                    ? entries(
                            entries(four.get(0)),
                            entries(four.get(1)),
                            entries(four.get(2)),
                            entries(four.get(3)),
                            name)
                    : field(four.get(0), four.get(1), four.get(2), four.get(3));
            value.ifPresent(present -> merged.put(name, present));
        }
        return new Members(merged);
    }

    private static SortedMap<String, CardValue> entries(@Nullable CardValue value) {
        return value instanceof Members map ? map.values() : new TreeMap<>();
    }

    private static Set<String> names(List<SortedMap<String, CardValue>> maps) {
        Set<String> names = new TreeSet<>();
        maps.forEach(map -> names.addAll(map.keySet()));
        return names;
    }

    /** A map, entry by entry; empty when nothing is left of it. */
    private Optional<CardValue> entries(
            SortedMap<String, CardValue> from,
            SortedMap<String, CardValue> to,
            SortedMap<String, CardValue> base,
            SortedMap<String, CardValue> local,
            String name) {
        SortedMap<String, CardValue> merged = new TreeMap<>();
        SortedMap<String, CardValue> besides = new TreeMap<>();
        for (String key : names(List.of(to, local))) {
            CardValue theirs = to.get(key);
            CardValue ours = local.get(key);
            boolean added = from.get(key) == null && base.get(key) == null;
            if (added && theirs != null && ours != null && !theirs.equals(ours) && LISTS.contains(name)) {
                merged.put(key, incomingWins ? theirs : ours);
                besides.put(key, incomingWins ? ours : theirs);
            } else if (added && ours == null && theirs != null && isAdded(theirs, base, local)) {
                continue; // the other side added the same under another key
            } else {
                field(from.get(key), theirs, base.get(key), ours).ifPresent(value -> merged.put(key, value));
            }
        }
        besides.forEach((key, value) -> {
            if (!merged.containsValue(value)) {
                merged.put(freeKey(key, merged), value);
            }
        });
        return merged.isEmpty() ? Optional.empty() : Optional.of(new Members(merged));
    }

    private static boolean isAdded(
            CardValue value, SortedMap<String, CardValue> base, SortedMap<String, CardValue> local) {
        return local.entrySet().stream()
                .anyMatch(entry -> entry.getValue().equals(value) && !base.containsKey(entry.getKey()));
    }

    private static String freeKey(String key, SortedMap<String, CardValue> taken) {
        int number = 2;
        while (taken.containsKey(key + "-" + number)) {
            number++;
        }
        return key + "-" + number;
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
