package org.contactsync.contact;

import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;

/** Valid uids and cards for properties: every kind of character, number and nesting that the profile allows. */
public final class ArbitraryCards {
    private static final int MAX_CHILDREN = 3;

    private ArbitraryCards() {}

    public static Arbitrary<Card> cards() {
        return members(CardProfile.MAX_DEPTH)
                .filter(root -> !root.values().containsKey("uid"))
                .map(Card::new);
    }

    public static Arbitrary<Uid> uids() {
        return codePoints()
                .filter(c -> c >= ' ')
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .map(ArbitraryCards::text)
                .map(Uid::new);
    }

    private static Arbitrary<CardValue> values(int levels) {
        if (levels == 0) {
            return scalars();
        }
        return Arbitraries.frequencyOf(
                Tuple.of(4, scalars()),
                Tuple.of(1, Arbitraries.lazy(() -> items(levels))),
                Tuple.of(2, Arbitraries.lazy(() -> members(levels))));
    }

    private static Arbitrary<CardValue> scalars() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, texts().map(Text::new)),
                Tuple.of(
                        2,
                        Arbitraries.longs()
                                .between(-CardProfile.MAX_INTEGER, CardProfile.MAX_INTEGER)
                                .map(Int::new)),
                Tuple.of(1, Arbitraries.of(true, false).map(Bool::new)));
    }

    private static Arbitrary<Items> items(int levels) {
        return values(levels - 1).list().ofMaxSize(MAX_CHILDREN).map(Items::new);
    }

    private static Arbitrary<Members> members(int levels) {
        return Arbitraries.maps(keys(), values(levels - 1))
                .ofMaxSize(MAX_CHILDREN)
                .map(values -> new Members(new TreeMap<>(values)));
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(6);
    }

    private static Arbitrary<String> texts() {
        return codePoints().list().ofMaxSize(12).map(ArbitraryCards::text);
    }

    private static Arbitrary<Integer> codePoints() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(0x20, 0x7e)),
                Tuple.of(2, Arbitraries.of(0x09, 0x0a, 0x22, 0x2f, 0x5c, 0x7f, 0x85, 0x2028, 0xfeff, 0xfffe, 0xffff)),
                Tuple.of(2, Arbitraries.integers().between(0x80, 0xd7ff)),
                Tuple.of(1, Arbitraries.integers().between(0xe000, 0xffff)),
                Tuple.of(2, Arbitraries.integers().between(0x10000, 0x10ffff)));
    }

    private static String text(List<Integer> codePoints) {
        StringBuilder text = new StringBuilder();
        codePoints.forEach(text::appendCodePoint);
        return text.toString();
    }
}
