package org.contactsync.sync.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.CODES;
import static org.contactsync.sync.Examples.PHONE;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.uid;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.Examples;
import org.contactsync.sync.InMemoryStore;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.junit.jupiter.api.Test;

/** Kept trees are those of the book at every moment, at the cost of what has changed. */
class DigestTreesTest {
    private static final int CONTACTS = 2_500;

    private final InMemoryStore store = new InMemoryStore();
    private final CountedPages pages = new CountedPages(store.pages());
    private final DigestTrees trees = new DigestTrees(pages);
    private final TreeMap<Uid, StoredContact> book = new TreeMap<>();
    private BookState state = store.inTransaction(() -> store.books().lock(ADA).book());

    /** How many leaves were read. */
    private static final class CountedPages implements BookPages {
        private final BookPages pages;
        private int leaves;

        CountedPages(BookPages pages) {
            this.pages = pages;
        }

        int taken() {
            int taken = leaves;
            leaves = 0;
            return taken;
        }

        @Override
        public RowPage contacts(long book, long generation, Optional<Uid> after, RowPage.Bounds bounds) {
            return pages.contacts(book, generation, after, bounds);
        }

        @Override
        public Optional<StoredContact> contact(long book, long generation, Uid uid) {
            return pages.contact(book, generation, uid);
        }

        @Override
        public List<Leaf> leaves(long book, long generation, Optional<Uid> after, int most) {
            return counted(pages.leaves(book, generation, after, most));
        }

        @Override
        public List<Leaf> leaves(long book, long generation, PositionRange range, Optional<Uid> after, int most) {
            return counted(pages.leaves(book, generation, range, after, most));
        }

        @Override
        public List<Position> changedPositions(long book, long generation, long seq, int most) {
            return pages.changedPositions(book, generation, seq, most);
        }

        private List<Leaf> counted(List<Leaf> slice) {
            leaves += slice.size();
            return slice;
        }
    }

    @Test
    void aKeptTreeFollowsTheChanges() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        fill();
        assertThat(nodes()).isEqualTo(expected());
        assertThat(pages.taken()).isEqualTo(CONTACTS);

        for (int round = 0; round < 20; round++) {
            change(random, 1 + random.nextInt(5));
            assertThat(nodes()).as("seed %d round %d", seed, round).isEqualTo(expected());
            assertThat(pages.taken()).as("seed %d round %d", seed, round).isLessThan(CONTACTS / 10);
        }
        assertThat(nodes()).isEqualTo(expected());
        assertThat(pages.taken()).isZero();
    }

    @Test
    void manyChangesAreReadAsTheWholeBook() {
        fill();
        nodes();
        change(new Random(1), 1_500);
        pages.taken();

        assertThat(nodes()).isEqualTo(expected());
        assertThat(pages.taken())
                .isEqualTo(book.values().stream()
                        .filter(each -> each.now().isPresent())
                        .count());
    }

    @Test
    void aTreeThatMissedAChangeWhileItWasReadIsMended() {
        fill();
        BookState before = state;
        change(new Random(2), 5);
        // Read with the state before the change: some nodes are those after it.
        trees.whole(before);

        assertThat(nodes()).isEqualTo(expected());
    }

    @Test
    void aForgottenTreeIsReadAgain() {
        fill();
        nodes();
        trees.forget(state);
        pages.taken();

        assertThat(nodes()).isEqualTo(expected());
        assertThat(pages.taken()).isEqualTo(CONTACTS);
    }

    @Test
    void theTreeBelowAPrefixReadsWhatIsThere() {
        fill();
        DigestTree all = new DigestTree();
        book.values().forEach(each -> all.add(each.position(), each.entry()));

        assertThat(trees.below(state, "a", 3).nodes("a", 3)).isEqualTo(all.nodes("a", 3));
        assertThat(pages.taken()).isBetween(1, CONTACTS / 8);
    }

    /** Each from the tree that is kept, or from the contacts there; in the order asked. */
    @Test
    void nodesBelowSeveralPrefixesAreThoseOfTheBook() {
        fill();
        DigestTree all = new DigestTree();
        book.values().forEach(each -> all.add(each.position(), each.entry()));
        List<String> few = List.of("c4", "0", "123");

        for (int round = 0; round < 2; round++) {
            DigestTrees.Nodes read = trees.nodes(state, few, 1);
            assertThat(List.copyOf(read.byName().entrySet()))
                    .isEqualTo(few.stream()
                            .flatMap(prefix -> all.nodes(prefix, 1).entrySet().stream())
                            .toList());
            nodes(); // keeps the tree for the second round
        }
        pages.taken();
        assertThat(trees.nodes(state, List.of("c4", "ff"), 1).total()).hasValue(state.digest());
        assertThat(pages.taken()).as("from the kept tree").isZero();
    }

    @Test
    void manyPrefixesAreReadAsTheWholeTreeAndKept() {
        fill();
        List<String> half = IntStream.range(0, 128)
                .mapToObj(n -> Integer.toHexString(n | 1 << 8).substring(1))
                .toList();

        trees.nodes(state, half, 1);
        assertThat(pages.taken()).isEqualTo(CONTACTS);
        trees.nodes(state, half, 1);
        assertThat(pages.taken()).isZero();
    }

    /** At most a sixteenth of the book, which is 4,096 nodes of the lowest level. */
    @Test
    void theLowestLevelReadsOnlyWhatIsAskedFor() {
        fill();
        List<String> prefixes = IntStream.range(0, 256)
                .mapToObj(n -> Integer.toHexString(n * 16 | 1 << 12).substring(1))
                .toList();

        assertThat(trees.nodes(state, prefixes, 1).byName()).hasSize(4_096);
        assertThat(pages.taken()).isBetween(CONTACTS / 30, CONTACTS / 8);
    }

    private SortedMap<String, BookDigest> nodes() {
        return trees.whole(state).nodes("", DigestTrees.LEVELS);
    }

    private SortedMap<String, BookDigest> expected() {
        DigestTree tree = new DigestTree("", DigestTrees.LEVELS);
        book.values().stream()
                .filter(each -> each.now().isPresent())
                .forEach(each -> tree.add(each.position(), each.entry()));
        assertThat(tree.total()).isEqualTo(state.digest());
        return tree.nodes("", DigestTrees.LEVELS);
    }

    private void fill() {
        List<StoredContact> contacts = new ArrayList<>();
        for (int n = 0; n < CONTACTS; n++) {
            contacts.add(Examples.contact(n, "contact " + n, state.seq() + 1));
        }
        write(contacts);
    }

    /** Puts, deletes and additions. */
    private void change(Random random, int changes) {
        TreeMap<Uid, StoredContact> written = new TreeMap<>();
        for (int i = 0; i < changes; i++) {
            Uid uid = uid(random.nextInt(CONTACTS + 50));
            StoredContact was = book.get(uid);
            StoredContact put = Effect.contact(
                    new Change.Put(uid, card("at " + state.seq() + " " + i), Optional.empty()),
                    CODES,
                    state.seq() + 1,
                    PHONE);
            written.put(
                    uid,
                    was != null && was.now().isPresent() && random.nextInt(3) == 0
                            ? new StoredContact(
                                    uid, Optional.empty(), was.position(), was.entry(), state.seq() + 1, PHONE)
                            : put);
        }
        write(List.copyOf(written.values()));
    }

    private void write(List<StoredContact> contacts) {
        BookDigest digest = state.digest();
        for (StoredContact contact : contacts) {
            StoredContact was = book.get(contact.uid());
            digest = was != null && was.now().isPresent() ? digest.minus(was.entry()) : digest;
            digest = contact.now().isPresent() ? digest.plus(contact.entry()) : digest;
        }
        BookState changed = state.advanced(digest, 0);
        Set<Uid> existing = Set.copyOf(book.keySet());
        state = store.inTransaction(() -> {
            BookState locked = store.books().lock(ADA).book();
            return store.books().apply(Examples.update(locked, changed, new Writes(contacts, existing)));
        });
        contacts.forEach(contact -> book.put(contact.uid(), contact));
    }
}
