package org.contactsync.client.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.merge.CardMerge.Merged;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.protocol.json.CardJson;

/** Protocol 9.6 and 11.7: merging commutes where nobody has to give way, and loses no edit. */
class CardMergeProperties {
    @Property(tries = 500)
    void changesOfBothSidesCommuteUnlessTheyConflict(
            @ForAll("cards") CanonicalCard base,
            @ForAll("cards") CanonicalCard one,
            @ForAll("cards") CanonicalCard other) {
        Merged first = merge(base, one, other, true);
        Merged second = merge(base, other, one, true);
        Assume.that(!first.conflict() && !addedUnderOneKey(base, one, other));

        assertThat(values(first.card())).isEqualTo(values(second.card()));
    }

    @Property(tries = 500)
    void theWinnerIsTheSameFromBothSides(
            @ForAll("cards") CanonicalCard base,
            @ForAll("cards") CanonicalCard one,
            @ForAll("cards") CanonicalCard other) {
        Assume.that(!addedUnderOneKey(base, one, other));

        assertThat(values(merge(base, one, other, true).card()))
                .isEqualTo(values(merge(base, other, one, false).card()));
    }

    @Property(tries = 1000)
    void noEditIsLostUnlessItSaysSo(
            @ForAll("cards") CanonicalCard base,
            @ForAll("cards") CanonicalCard incoming,
            @ForAll("cards") CanonicalCard local,
            @ForAll boolean incomingWins) {
        Merged merged = merge(base, incoming, local, incomingWins);

        if (!merged.conflict()) {
            Set<Object> all = values(merged.card());
            assertThat(all).containsAll(added(base, incoming)).containsAll(added(base, local));
        }
    }

    @Property(tries = 500)
    void aFieldThatNobodyChangedStays(
            @ForAll("cards") CanonicalCard base,
            @ForAll("cards") CanonicalCard incoming,
            @ForAll("cards") CanonicalCard local) {
        Map<String, CardValue> before = fields(base);
        Map<String, CardValue> merged =
                fields(merge(base, incoming, local, true).card());

        before.forEach((name, value) -> {
            if (value.equals(fields(incoming).get(name))
                    && value.equals(fields(local).get(name))) {
                assertThat(merged).containsEntry(name, value);
            }
        });
    }

    @Property(tries = 500)
    void whatASideCannotShowStays(@ForAll("cards") CanonicalCard local, @ForAll("cards") CanonicalCard edited) {
        // The phone knows names and phones only.
        CanonicalCard shown = without(local, "notes", "kind");
        CanonicalCard after = without(edited, "notes", "kind");

        Merged merged = CardMerge.merge(Optional.of(shown), after, Optional.of(local), local, true);

        assertThat(merged.conflict()).isFalse();
        assertThat(top(merged.card()).get("notes")).isEqualTo(top(local).get("notes"));
        assertThat(top(merged.card()).get("kind")).isEqualTo(top(local).get("kind"));
        assertThat(top(merged.card()).get("name")).isEqualTo(top(edited).get("name"));
    }

    @Property(tries = 1000)
    void howASideCallsTheEntriesMeansNothing(
            @ForAll("cards") CanonicalCard base, @ForAll("cards") CanonicalCard local, @ForAll boolean removesFirst) {
        Assume.that(hasNoEntryTwice(base) && hasNoEntryTwice(local));
        CanonicalCard fewer = renamed(base, removesFirst, "k");
        Merged byTheCard = merge(base, same(base, removesFirst), local, true);

        // The phone shows p1, p2, …, counted anew at each look.
        Merged byThePhone = CardMerge.merge(
                Optional.of(renamed(base, false, "p")),
                renamed(base, removesFirst, "p"),
                Optional.of(base),
                local,
                true);

        assertThat(values(byThePhone.card())).isEqualTo(values(byTheCard.card()));
        assertThat(values(merge(base, fewer, local, true).card())).isEqualTo(values(byTheCard.card()));
    }

    /** The card without the first entry of each map, if one is removed. */
    private static CanonicalCard same(CanonicalCard card, boolean removesFirst) {
        return entries(card, removesFirst, (key, number) -> key);
    }

    /** The same with other keys. */
    private static CanonicalCard renamed(CanonicalCard card, boolean removesFirst, String prefix) {
        return entries(card, removesFirst, (key, number) -> prefix + number);
    }

    private static CanonicalCard entries(
            CanonicalCard card, boolean removesFirst, BiFunction<String, Integer, String> keys) {
        SortedMap<String, CardValue> members = new TreeMap<>(top(card));
        for (String name : Set.of("phones", "notes")) {
            SortedMap<String, CardValue> entries = new TreeMap<>();
            if (members.remove(name) instanceof Members map) {
                int[] number = {0};
                map.values().forEach((key, value) -> {
                    if (!removesFirst || !key.equals(map.values().firstKey())) {
                        entries.put(keys.apply(key, ++number[0]), value);
                    }
                });
            }
            if (!entries.isEmpty()) {
                members.put(name, new Members(entries));
            }
        }
        return CanonicalCard.of(new Card(new Members(members)));
    }

    private static boolean hasNoEntryTwice(CanonicalCard card) {
        return fields(card).size() == values(card).size();
    }

    private static Merged merge(CanonicalCard base, CanonicalCard incoming, CanonicalCard local, boolean incomingWins) {
        return CardMerge.merge(Optional.of(base), incoming, Optional.of(base), local, incomingWins);
    }

    /** Values that a side has now and had not; under which key, means nothing. */
    private static Set<Object> added(CanonicalCard base, CanonicalCard side) {
        Set<Object> added = values(side);
        added.removeAll(values(base));
        return added;
    }

    private static boolean addedUnderOneKey(CanonicalCard base, CanonicalCard one, CanonicalCard other) {
        Map<String, CardValue> before = fields(base);
        Map<String, CardValue> second = fields(other);
        return fields(one).entrySet().stream()
                .anyMatch(field -> !before.containsKey(field.getKey())
                        && second.containsKey(field.getKey())
                        && !second.get(field.getKey()).equals(field.getValue()));
    }

    /** Values without the keys of their maps, which mean nothing. */
    private static Set<Object> values(CanonicalCard card) {
        return new HashSet<>(fields(card).values());
    }

    private static Map<String, CardValue> fields(CanonicalCard card) {
        Map<String, CardValue> fields = new HashMap<>();
        top(card).forEach((name, value) -> {
            if (value instanceof Members map) {
                map.values().forEach((key, entry) -> fields.put(name + "/" + key, entry));
            } else {
                fields.put(name, value);
            }
        });
        return fields;
    }

    private static SortedMap<String, CardValue> top(CanonicalCard card) {
        return CardJson.parsed(card).root().values();
    }

    private static CanonicalCard without(CanonicalCard card, String... names) {
        SortedMap<String, CardValue> members = new TreeMap<>(top(card));
        for (String name : names) {
            members.remove(name);
        }
        return CanonicalCard.of(new Card(new Members(members)));
    }

    @Provide
    Arbitrary<CanonicalCard> cards() {
        Arbitrary<CardValue> text = Arbitraries.of("a", "b", "c", "d").map(Text::new);
        Arbitrary<Map<String, CardValue>> plain = Arbitraries.maps(Arbitraries.of("kind", "name", "x-other"), text)
                .ofMaxSize(3);
        Arbitrary<Map<String, CardValue>> entries =
                Arbitraries.maps(Arbitraries.of("k1", "k2", "k3"), text).ofMaxSize(3);
        return Combinators.combine(plain, entries, entries).as((members, phones, notes) -> {
            TreeMap<String, CardValue> card = new TreeMap<>();
            // Each field has values of its own, so that one can be found again.
            members.forEach((name, value) -> card.put(name, new Text(name + ((Text) value).value())));
            put(card, "phones", phones);
            put(card, "notes", notes);
            return CanonicalCard.of(new Card(new Members(card)));
        });
    }

    private static void put(TreeMap<String, CardValue> card, String name, Map<String, CardValue> entries) {
        TreeMap<String, CardValue> map = new TreeMap<>();
        entries.forEach((key, value) -> map.put(key, new Text(name + ((Text) value).value())));
        if (!map.isEmpty()) {
            card.put(name, new Members(map));
        }
    }
}
