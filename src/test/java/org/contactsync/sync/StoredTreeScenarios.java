package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.reading.StoredTrees;
import org.contactsync.sync.reading.TreeCounts.Source;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.Test;

/** A stored tree gives the nodes of the contacts (protocol 4.7), or is not used. */
public abstract class StoredTreeScenarios {
    private static final int CONTACTS = 60;

    private final TestService service = new TestService(newStore());
    private final TestStore store = service.store;
    private final TestDevice phone = service.device("phone");
    private final TreeReader one = new TreeReader(store);

    protected abstract TestStore newStore();

    @Test
    void whatOneProcessHasReadAnotherOneDoesNotRead() {
        fill();
        assertTreeFrom(one, Source.CONTACTS);
        assertTreeFrom(one, Source.MEMORY);
        assertThat(one.save()).isEqualTo(1);

        TreeReader another = new TreeReader(store);
        assertTreeFrom(another, Source.STORED);
        assertTreeFrom(another, Source.MEMORY);
        assertThat(another.save()).as("nothing new").isZero();
        assertThat(another.unfit()).isZero();
    }

    @Test
    void whatHasChangedSinceIsReadFromTheContacts() {
        fill();
        stored();
        service.answer(phone.changes(put(1, "changed"), put(CONTACTS, "new"), delete(2)));
        service.answer(phone.changes(put(2, "back"), delete(3), delete(CONTACTS)));

        TreeReader another = new TreeReader(store);
        assertTreeFrom(another, Source.STORED);
        assertThat(another.save()).as("few changes").isZero();
        assertTreeFrom(new TreeReader(store), Source.STORED);
    }

    @Test
    void aTreeFarBehindIsStoredAgain() {
        fill();
        stored();
        for (int round = 0; round < 2; round++) {
            service.answer(phone.changes(puts("round " + round)));
            assertTreeFrom(one, Source.MEMORY);
        }
        assertThat(one.save()).isEqualTo(1);
        assertThat(row().seq()).isEqualTo(service.book(ADA).seq());

        TreeReader another = new TreeReader(store);
        assertTreeFrom(another, Source.STORED);
        assertThat(another.save()).isZero();
    }

    @Test
    void theTreeOfAReplacedBookIsNotUsed() {
        fill();
        stored();
        replace(20);

        TreeReader another = new TreeReader(store);
        assertTreeFrom(another, Source.CONTACTS);
        assertThat(another.unfit()).isZero();
        assertThat(another.save()).isEqualTo(1);
        assertTreeFrom(new TreeReader(store), Source.STORED);
    }

    /** A tree that was read before an upload was committed comes too late. */
    @Test
    void theTreeOfAnEarlierGenerationIsNotStored() {
        fill();
        one.nodes();
        replace(20);

        assertThat(one.save()).isZero();
        assertThat(store.trees().find(service.book(ADA).id())).isEmpty();
    }

    /** Deletions whose tombstones are gone would be missed. */
    @Test
    void aTreeThatIsOlderThanTheFeedIsNotUsed() {
        fill();
        stored();
        service.answer(phone.changes(delete(1)));
        TreeReader later = new TreeReader(store);
        later.nodes();
        shorten();

        assertThat(service.book(ADA).changesFrom()).isEqualTo(2);
        TreeReader another = new TreeReader(store);
        assertTreeFrom(another, Source.CONTACTS);
        assertThat(another.save()).isEqualTo(1);
        assertTreeFrom(new TreeReader(store), Source.STORED);
    }

    @Test
    void aTreeThatKnowsTheRemovedTombstonesIsUsed() {
        fill();
        service.answer(phone.changes(delete(1)));
        stored();
        shorten();
        service.answer(phone.changes(delete(2)));

        assertThat(service.book(ADA).changesFrom()).isEqualTo(2);
        assertTreeFrom(new TreeReader(store), Source.STORED);
        assertTreeFrom(one, Source.MEMORY);
    }

    @Test
    void aTreeThatDoesNotFitItsBookIsCountedOnceAndReplaced() {
        fill();
        BookState book = service.book(ADA);
        DigestTree wrong = new DigestTree("", BookTree.LEVELS);
        IntStream.range(0, CONTACTS).forEach(n -> wrong.add(new Position(n), EntrySum.ZERO));
        store.inTransaction(() -> store.trees().save(new BookTree(book.id(), book.generation(), book.seq(), wrong)));

        assertThat(one.nodes()).isEqualTo(one.nodesOfContacts());
        assertThat(one.taken()).containsExactly(Source.STORED, Source.CONTACTS);
        assertThat(one.unfit()).isEqualTo(1);
        assertThat(one.save()).isEqualTo(1);
        TreeReader another = new TreeReader(store);
        assertTreeFrom(another, Source.STORED);
        assertThat(another.unfit()).isZero();
    }

    /** Also damage that changes neither the count nor the sum of all nodes. */
    @Test
    void aDamagedRowIsNotUsed() {
        fill();
        stored();
        long book = service.book(ADA).id();
        BookTree.Row row = row();
        byte[] swapped = row.nodes().clone();
        int node = swapped.length / (1 << 4 * BookTree.LEVELS);
        System.arraycopy(row.nodes(), 0, swapped, node, swapped.length - node);
        System.arraycopy(row.nodes(), swapped.length - node, swapped, 0, node);
        byte[] cut = new byte[node];
        for (BookTree.Row damaged : new BookTree.Row[] {
            new BookTree.Row(row.generation(), row.seq(), swapped, row.checksum()),
            new BookTree.Row(row.generation(), row.seq(), cut, row.checksum()),
            new BookTree.Row(row.generation(), row.seq() - 1, row.nodes(), row.checksum()),
            new BookTree.Row(row.generation(), row.seq(), row.nodes(), new byte[0])
        }) {
            assertThat(BookTree.of(book, damaged)).isEmpty();
            TreeReader another = new TreeReader(store, returning(damaged));
            assertTreeFrom(another, Source.CONTACTS);
            assertThat(another.unfit()).isEqualTo(1);
            assertThat(another.save()).isEqualTo(1);
        }
        assertThat(BookTree.of(book + 1, row)).as("of another book").isEmpty();
        assertThat(BookTree.of(book, row)).isPresent();
    }

    @Test
    void whatNobodyReadsIsRemoved() {
        fill();
        stored();
        long book = service.book(ADA).id();

        assertThat(removeUnused(0, CONTACTS)).hasValue(book);
        assertThat(store.trees().find(book)).isPresent();
        assertThat(removeUnused(book, CONTACTS + 1)).as("the end").isEmpty();
        assertThat(removeUnused(0, CONTACTS + 1)).hasValue(book);
        assertThat(store.trees().find(book)).as("of a small book").isEmpty();

        one.nodes();
        stored(new TreeReader(store));
        replace(20);
        removeUnused(0, 0);
        assertThat(store.trees().find(book)).as("of another generation").isEmpty();
    }

    /** Puts, deletes, uploads, removed tombstones, in any order; processes that begin and store what they have read. */
    @Test
    void whateverHappensTheNodesAreThoseOfTheContacts() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        new StoredTreeRun(service, random).run(40, "seed=" + seed);
    }

    private OptionalLong removeUnused(long after, long leastContacts) {
        return store.inTransaction(() -> store.trees().removeUnused(after, 10, leastContacts));
    }

    private static StoredTrees returning(BookTree.Row row) {
        return new StoredTrees() {
            @Override
            public Optional<BookTree.Row> find(long book) {
                return Optional.of(row);
            }

            @Override
            public boolean save(BookTree tree) {
                throw new AssertionError("a reader does not write");
            }

            @Override
            public void remove(long book) {
                throw new AssertionError("a reader does not write");
            }

            @Override
            public OptionalLong removeUnused(long after, int most, long leastContacts) {
                throw new AssertionError("a reader does not write");
            }
        };
    }

    private void fill() {
        service.answer(phone.changes(puts("contact")));
    }

    private static Change[] puts(String name) {
        return IntStream.range(0, CONTACTS)
                .mapToObj(n -> put(n, name + " " + n))
                .toArray(Change[]::new);
    }

    private void stored() {
        stored(one);
    }

    private void stored(TreeReader reader) {
        reader.nodes();
        assertThat(reader.save()).isEqualTo(1);
        reader.taken();
    }

    private BookTree.Row row() {
        return store.trees().find(service.book(ADA).id()).orElseThrow();
    }

    private void replace(int contacts) {
        Step.OpenUpload open = phone.open(TaskKind.REPLACE, 1, contacts);
        service.answer(open);
        service.answer(phone.chunk(
                open,
                1,
                IntStream.range(0, contacts).mapToObj(n -> put(n, "replaced")).toArray(Change[]::new)));
        TestService.done(service.answer(phone.commit(open, Optional.empty(), true)));
    }

    private void shorten() {
        service.markFeeds();
        service.clock.pass(TestService.LIMITS.changesRetention());
        service.shortenFeeds(100);
    }

    private static void assertTreeFrom(TreeReader reader, Source source) {
        Map<String, BookDigest> nodes = reader.nodes();
        assertThat(nodes.equals(reader.nodesOfContacts())).as("the nodes").isTrue();
        assertThat(reader.taken()).containsExactly(source);
    }
}
