package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class DigestTreePropertiesTest {
    record Contact(Position position, EntrySum entry) {}

    @Property(tries = 200)
    void theNodesOfEveryLevelSumToTheRoot(@ForAll("books") List<Contact> book, @ForAll @IntRange(max = 3) int depth) {
        DigestTree tree = tree(book);

        BookDigest root = tree.nodes("", 0).get("");
        BookDigest level = sum(tree.nodes("", depth).values());

        assertThat(level).isEqualTo(root);
        assertThat(root)
                .isEqualTo(sum(book.stream()
                        .map(contact -> BookDigest.EMPTY.plus(contact.entry()))
                        .toList()));
    }

    @Property(tries = 200)
    void theChildrenOfANodeSumToIt(@ForAll("books") List<Contact> book, @ForAll("prefixes") String prefix) {
        DigestTree tree = tree(book);

        BookDigest node = tree.nodes(prefix, 0).get(prefix);

        assertThat(sum(tree.nodes(prefix, 1).values())).isEqualTo(node);
    }

    @Property(tries = 200)
    void aNodeHoldsTheContactsWhosePositionStartsWithIt(
            @ForAll("books") List<Contact> book, @ForAll("prefixes") String prefix) {
        List<BookDigest> within = book.stream()
                .filter(contact -> contact.position().hex().startsWith(prefix))
                .map(contact -> BookDigest.EMPTY.plus(contact.entry()))
                .toList();

        assertThat(tree(book).nodes(prefix, 0)).isEqualTo(Map.of(prefix, sum(within)));
    }

    @Property(tries = 50)
    void theNodesBelowAPrefixAreAllNamedInOrder(
            @ForAll("prefixes") String prefix, @ForAll @IntRange(max = 2) int depth) {
        int levels = Math.min(depth, Position.DIGITS - prefix.length());
        List<String> names = IntStream.range(0, 1 << (4 * levels))
                .mapToObj(i -> levels == 0 ? prefix : prefix + String.format("%0" + levels + "x", i))
                .toList();

        assertThat(new DigestTree().nodes(prefix, levels).keySet()).containsExactlyElementsOf(names);
    }

    @Property(tries = 100)
    void doesNotDependOnTheOrderInWhichContactsCame(@ForAll("books") List<Contact> book, @ForAll Random random) {
        List<Contact> shuffled = new ArrayList<>(book);
        Collections.shuffle(shuffled, random);

        assertThat(tree(shuffled).nodes("", 2)).isEqualTo(tree(book).nodes("", 2));
    }

    /** Few positions, so that several contacts share a leaf. */
    @Provide
    Arbitrary<List<Contact>> books() {
        Arbitrary<Position> positions = Arbitraries.of(
                        0, 1, 0xf, 0x10, 0xff, 0x100, 0xfff, 0x1000, 0xa3f0, 0xa3ff, 0xfff0, 0xffff)
                .map(Position::new);
        Arbitrary<EntrySum> entries =
                Arbitraries.longs().tuple4().map(w -> new EntrySum(w.get1(), w.get2(), w.get3(), w.get4()));
        return Combinators.combine(positions, entries).as(Contact::new).list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.of("", "0", "1", "a", "f", "00", "0f", "a3", "ff", "000", "00f", "a3f", "fff");
    }

    private static DigestTree tree(List<Contact> book) {
        DigestTree tree = new DigestTree();
        book.forEach(contact -> tree.add(contact.position(), contact.entry()));
        return tree;
    }

    private static BookDigest sum(Iterable<BookDigest> digests) {
        long count = 0;
        EntrySum sum = EntrySum.ZERO;
        for (BookDigest digest : digests) {
            count += digest.count();
            sum = sum.plus(digest.sum());
        }
        return new BookDigest(count, sum);
    }
}
