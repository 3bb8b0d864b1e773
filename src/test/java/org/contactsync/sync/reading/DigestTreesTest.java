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
import org.contactsync.it.Seed;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.Examples;
import org.contactsync.sync.InMemoryStore;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.TreeCounts.Source;
import org.contactsync.sync.reading.UnsavedTrees.Unsaved;
import org.junit.jupiter.api.Test;

/** Kept trees are those of the book at every moment, at the cost of what has changed. */
class DigestTreesTest {
    private static final int CONTACTS = 2_500;

    private final InMemoryStore store = new InMemoryStore();
    private final CountedPages pages = new CountedPages(store.pages());
    private final UnsavedTrees unsaved = new UnsavedTrees();
    private final List<Source> reads = new ArrayList<>();
    private DigestTrees trees = begun(BookTree.LEAST_CONTACTS);
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
        long seed = Seed.of("trees.seed");
        Random random = new Random(seed);
        fill();
        assertThat(nodes()).isEqualTo(expected());
        assertThat(pages.taken()).isEqualTo(CONTACTS);

        for (int round = 0; round < 20; round++) {
            change(random, 1 + random.nextInt(5));
            assertThat(nodes()).as("-Dtrees.seed=%d round %d", seed, round).isEqualTo(expected());
            assertThat(pages.taken())
                    .as("-Dtrees.seed=%d round %d", seed, round)
                    .isLessThan(CONTACTS / 10);
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

    /** Of a process that begins. */
    private DigestTrees begun(int leastStored) {
        TreeCounts counts = new TreeCounts() {
            @Override
            public void countRead(Source source) {
                reads.add(source);
            }

            @Override
            public void countStored() {
                throw new AssertionError("a reader does not store");
            }

            @Override
            public void countUnfit() {
                throw new AssertionError("a stored tree does not fit");
            }
        };
        return new DigestTrees(pages, store.trees(), unsaved, counts, leastStored);
    }

    private int saved() {
        Optional<Unsaved> next = unsaved.take();
        next.flatMap(Unsaved::tree)
                .ifPresent(tree -> store.inTransaction(() -> store.trees().save(tree)));
        return next.isPresent() ? 1 + saved() : 0;
    }

    @Test
    void aProcessThatBeginsReadsOnlyWhatHasChangedSinceTheTreeWasStored() {
        fill();
        trees = begun(CONTACTS / 2);
        nodes();
        assertThat(saved()).isEqualTo(1);
        change(new Random(3), 5);
        pages.taken();

        trees = begun(CONTACTS / 2);
        assertThat(nodes()).isEqualTo(expected());
        assertThat(pages.taken()).isLessThan(CONTACTS / 10);
        assertThat(reads).containsExactly(Source.CONTACTS, Source.STORED);
        assertThat(saved()).isZero();
    }

    /** Nor is it logged or counted as wrong. */
    @Test
    void aStoredTreeThatIsFarBehindIsStoredAnew() {
        fill();
        trees = begun(CONTACTS / 2);
        nodes();
        saved();
        change(new Random(4), 1_500);

        trees = begun(CONTACTS / 2);
        assertThat(nodes()).isEqualTo(expected());
        assertThat(reads).containsExactly(Source.CONTACTS, Source.CONTACTS);
        assertThat(saved()).isEqualTo(1);
        trees = begun(CONTACTS / 2);
        assertThat(nodes()).isEqualTo(expected());
        assertThat(reads).endsWith(Source.STORED);
    }

    @Test
    void treesOfSmallBooksAreNotStored() {
        fill();
        trees = begun(CONTACTS + 1);
        nodes();

        assertThat(saved()).isZero();
        assertThat(reads).isEmpty();
    }

    /** It would be wrong for the next reader, too. */
    @Test
    void aTreeThatIsNotTheBooksIsNotStored() {
        fill();
        trees = begun(CONTACTS / 2);
        BookState damaged = state;
        change(new Random(5), 5);
        trees.whole(damaged);

        assertThat(saved()).isZero();
        nodes();
        assertThat(saved()).as("when it has become the book's").isEqualTo(1);
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
