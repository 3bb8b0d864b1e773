package org.contactsync.sync.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.contact;
import static org.contactsync.sync.Examples.tombstone;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.Examples.update;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.Examples;
import org.contactsync.sync.TestStore;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.task.Books.Locked;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Contacts} and {@link BookPages} promises. */
public interface ContactsContract {
    /** In the order of their UTF-8 bytes; the order of their UTF-16 characters is another one. */
    List<Uid> IN_ORDER = List.of(
            new Uid("A"),
            new Uid("B"),
            new Uid("a"),
            new Uid("a b"),
            new Uid("aa"),
            new Uid("ä"),
            new Uid("\uff5e"),
            new Uid("\ud83d\ude00"));

    /** The store under test; its tables are empty when the test begins. */
    TestStore store();

    @Test
    default void aContactIsFoundAsItWasWritten() {
        long book = aBook();
        StoredContact ada = contact(1, "Ada \uD83D\uDE00", 1);

        insert(book, 0, ada);

        assertThat(store().contacts().marks(book, 0, List.of(uid(1), uid(2)))).isEqualTo(Map.of(uid(1), mark(ada)));
        assertThat(store().contacts().hashes(book, 0, List.of(uid(1), uid(2))))
                .isEqualTo(Map.of(uid(1), ada.now().orElseThrow().hash()));
        assertThat(store().pages().contact(book, 0, uid(1))).contains(ada);
    }

    /** Protocol 2.2.2: the largest card that the profile allows. */
    @Test
    default void theLargestCardIsFoundAsItWasWritten() {
        long book = aBook();
        CanonicalCard card = Examples.cardOf(CardProfile.MAX_CARD_BYTES);
        StoredContact large =
                Effect.contact(new Change.Put(uid(1), card, Optional.empty()), Examples.CODES, 1, Optional.empty());

        insert(book, 0, large);

        assertThat(store().pages().contact(book, 0, uid(1))).contains(large);
    }

    @Test
    default void aTombstoneIsFoundButIsNoContactOfTheBook() {
        long book = aBook();
        insert(book, 0, tombstone(1, 1));

        assertThat(store().contacts().marks(book, 0, List.of(uid(1)))).isEqualTo(Map.of(uid(1), mark(tombstone(1, 1))));
        assertThat(store().contacts().hashes(book, 0, List.of(uid(1)))).isEmpty();
        assertThat(store().pages().contact(book, 0, uid(1))).isEmpty();
        assertThat(contacts(book, Optional.empty(), 10)).isEmpty();
        assertThat(leaves(book, List.of(""))).isEmpty();
    }

    @Test
    default void writingReplacesWhatIsThereAndAddsWhatIsNot() {
        long book = aBook();
        insert(book, 0, contact(1, "Ada", 1), contact(2, "Bob", 1), tombstone(3, 1));
        List<StoredContact> written =
                List.of(contact(1, "Ada King", 2), tombstone(2, 2), contact(3, "Cy", 2), contact(4, "Di", 2));

        store().inTransaction(() -> {
            Locked locked = store().books().lock(ADA);
            Map<Uid, Mark> before = locked.marks(List.of(uid(1), uid(2), uid(3), uid(4)));
            write(locked.book(), new Writes(written, before.keySet()));
        });

        assertThat(changedSince(book, 0, 1, Optional.empty(), 10)).containsExactlyElementsOf(written);
        assertThat(store().contacts().marks(book, 0, List.of(uid(1), uid(2), uid(3), uid(4))))
                .hasSize(4)
                .containsEntry(uid(2), mark(tombstone(2, 2)))
                .containsEntry(uid(3), mark(contact(3, "Cy", 2)));
    }

    @Test
    default void aTransactionSeesWhatItWrote() {
        long book = aBook();

        Map<Uid, Mark> seen = store().inTransaction(() -> {
            write(store().books().lock(ADA).book(), new Writes(List.of(contact(1, "Ada", 1)), Set.of()));
            return store().contacts().marks(book, 0, List.of(uid(1)));
        });

        assertThat(seen).isEqualTo(Map.of(uid(1), mark(contact(1, "Ada", 1))));
    }

    private void write(BookState book, Writes writes) {
        store().books().apply(update(book, book.advanced(book.digest(), 0), writes));
    }

    /** Protocol 8.5: what is staged under another generation is not seen. */
    @Test
    default void generationsAndBooksDoNotMix() {
        long book = aBook();
        long other =
                store().inTransaction(() -> store().books().lock(BOB).book()).id();
        insert(book, 0, contact(1, "Ada", 1));
        insert(book, 1, contact(1, "Ada King", 2), contact(2, "Bob", 2));
        insert(other, 0, contact(3, "Cy", 1));

        assertThat(contacts(book, Optional.empty(), 10)).containsExactly(contact(1, "Ada", 1));
        assertThat(store().contacts().marks(other, 0, List.of(uid(1), uid(2)))).isEmpty();
        assertThat(changedSince(book, 1, 0, Optional.empty(), 10))
                .containsExactly(contact(1, "Ada King", 2), contact(2, "Bob", 2));
    }

    /** Protocol 4.4.1: in ascending order of the bytes of their uid. */
    @Test
    default void pagesAreInTheOrderOfTheBytesOfTheUids() {
        long book = aBook();
        insert(book, 0, IN_ORDER.stream().map(uid -> contact(uid, "x", 1)).toArray(StoredContact[]::new));

        assertThat(contacts(book, Optional.empty(), 100))
                .extracting(StoredContact::uid)
                .isEqualTo(IN_ORDER);
        for (int i = 0; i < IN_ORDER.size(); i++) {
            assertThat(contacts(book, Optional.of(IN_ORDER.get(i)), 2))
                    .extracting(StoredContact::uid)
                    .isEqualTo(IN_ORDER.subList(i + 1, Math.min(i + 3, IN_ORDER.size())));
        }
    }

    /** Protocol 4.6.1: in ascending order of seq, a contact at most once; within one seq by uid. */
    @Test
    default void theFeedIsInTheOrderOfSequenceNumbersAndUids() {
        long book = aBook();
        insert(
                book,
                0,
                contact(1, "a", 3),
                contact(2, "b", 2),
                tombstone(3, 2),
                contact(4, "d", 1),
                contact(5, "e", 3));

        assertThat(uidsSince(book, 0, Optional.empty(), 10)).containsExactly(uid(4), uid(2), uid(3), uid(1), uid(5));
        assertThat(uidsSince(book, 1, Optional.empty(), 3)).containsExactly(uid(2), uid(3), uid(1));
        assertThat(uidsSince(book, 3, Optional.empty(), 10)).isEmpty();
        assertThat(uidsSince(book, 1, Optional.of(uid(2)), 10)).containsExactly(uid(3), uid(1), uid(5));
        assertThat(uidsSince(book, 1, Optional.of(uid(9)), 10)).containsExactly(uid(1), uid(5));
    }

    /** Protocol 2.4.1: a contact belongs to every node whose prefix its position starts with. */
    @Test
    default void leavesAreThoseBelowThePrefixes() {
        long book = aBook();
        List<StoredContact> contacts =
                IntStream.range(0, 64).mapToObj(n -> contact(n, "x", 1)).toList();
        insert(book, 0, contacts.toArray(StoredContact[]::new));

        for (String prefix :
                List.of("", "0", "7", "f", contacts.get(3).position().hex())) {
            assertThat(leaves(book, List.of(prefix)))
                    .containsExactlyInAnyOrderElementsOf(contacts.stream()
                            .filter(each -> each.position().hex().startsWith(prefix))
                            .map(ContactsContract::leaf)
                            .toList());
        }
        assertThat(leaves(book, List.of("0", "1")))
                .hasSameElementsAs(contacts.stream()
                        .filter(each -> each.position().hex().matches("[01].*"))
                        .map(ContactsContract::leaf)
                        .toList());
    }

    @Test
    default void slicesOfLeavesGoOnWhereTheLastOneEnded() {
        long book = aBook();
        // The same position for many: a book may be made so.
        List<StoredContact> contacts = IntStream.range(0, 40)
                .mapToObj(n -> contact(n, "x", 1))
                .map(each -> new StoredContact(
                        each.uid(),
                        each.now(),
                        new Position(each.position().value() & 0x3),
                        each.entry(),
                        each.seq(),
                        each.device()))
                .toList();
        insert(book, 0, contacts.toArray(StoredContact[]::new));
        insert(book, 1, contact(90, "staged", 2));

        assertThat(leaves(book, List.of("")))
                .isEqualTo(contacts.stream()
                        .sorted(Comparator.comparing(
                                        (StoredContact each) -> each.position().value())
                                .thenComparing(StoredContact::uid))
                        .map(ContactsContract::leaf)
                        .toList());
        List<BookPages.Leaf> byUid = new ArrayList<>();
        for (Optional<Uid> after = Optional.empty(); byUid.size() < 40; ) {
            byUid.addAll(store().pages().leaves(book, 0, after, 7));
            after = Optional.of(byUid.get(byUid.size() - 1).uid());
        }
        assertThat(byUid)
                .isEqualTo(contacts.stream()
                        .sorted(Comparator.comparing(StoredContact::uid))
                        .map(ContactsContract::leaf)
                        .toList());
        assertThat(store().pages().leaves(book, 0, Optional.of(byUid.get(39).uid()), 7))
                .isEmpty();
        for (int from = 0; from <= byUid.size(); from += 8) {
            Optional<Uid> after = from == 0
                    ? Optional.empty()
                    : Optional.of(byUid.get(from - 1).uid());
            BookPages.Packed packed = store().pages().packed(book, 0, after, 8);
            List<BookPages.Leaf> same = byUid.subList(from, Math.min(byUid.size(), from + 8));
            assertThat(packed.rows()).isEqualTo(BookPages.Packed.of(same).rows());
            assertThat(packed.last()).isEqualTo(BookPages.Packed.of(same).last());
        }
    }

    @Test
    default void changedPositionsAreThoseOfTombstonesToo() {
        long book = aBook();
        insert(book, 0, contact(1, "a", 3), tombstone(2, 2), contact(3, "c", 1));

        assertThat(store().pages().changedPositions(book, 0, 1, 10))
                .containsExactly(tombstone(2, 2).position(), contact(1, "a", 3).position());
        assertThat(store().pages().changedPositions(book, 0, 0, 2)).hasSize(2);
    }

    /** Protocol 6.2.1: a page ends by bytes, whatever the number of contacts, and goes on after its last one. */
    @Test
    default void aPageOfLargeCardsEndsByBytes() {
        long book = aBook();
        List<StoredContact> large = IntStream.range(0, 5)
                .mapToObj(n -> Effect.contact(
                        new Change.Put(uid(n), Examples.cardOf(30_000), Optional.empty()),
                        Examples.CODES,
                        1,
                        Optional.empty()))
                .toList();
        insert(book, 0, large.toArray(StoredContact[]::new));
        insert(book, 0, contact(9, "small", 2));
        RowPage.Bounds bounds = new RowPage.Bounds(100, 60_000);

        RowPage first = store().pages().contacts(book, 0, Optional.empty(), bounds);
        RowPage last = store().pages().contacts(book, 0, Optional.of(uid(3)), bounds);
        RowPage feed = store().contacts().changedSince(book, 0, 0, Optional.of(uid(0)), bounds);

        assertThat(first).isEqualTo(new RowPage(large.subList(0, 2), true));
        assertThat(last).isEqualTo(new RowPage(List.of(large.get(4), contact(9, "small", 2)), false));
        assertThat(feed).isEqualTo(new RowPage(large.subList(1, 3), true));
    }

    /** As many as one request may have (protocol 6.1). */
    @Test
    default void aThousandContactsAreWrittenAndFoundAtOnce() {
        long book = aBook();
        List<StoredContact> contacts =
                IntStream.range(0, 1_000).mapToObj(n -> contact(n, "x", 1)).toList();
        insert(book, 0, contacts.toArray(StoredContact[]::new));

        assertThat(store().contacts()
                        .marks(
                                book,
                                0,
                                contacts.stream().map(StoredContact::uid).toList()))
                .hasSize(1_000);
    }

    private long aBook() {
        return store().inTransaction(() -> store().books().lock(ADA).book()).id();
    }

    private void insert(long book, long generation, StoredContact... contacts) {
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().contacts().insert(book, generation, List.of(contacts));
        });
    }

    private List<Uid> uidsSince(long book, long seq, Optional<Uid> after, int most) {
        return changedSince(book, 0, seq, after, most).stream()
                .map(StoredContact::uid)
                .toList();
    }

    private List<StoredContact> changedSince(long book, long generation, long seq, Optional<Uid> after, int most) {
        return store().contacts()
                .changedSince(book, generation, seq, after, new RowPage.Bounds(most, Long.MAX_VALUE))
                .rows();
    }

    private List<StoredContact> contacts(long book, Optional<Uid> after, int most) {
        return store().pages()
                .contacts(book, 0, after, new RowPage.Bounds(most, Long.MAX_VALUE))
                .rows();
    }

    /** All leaves below some prefixes, three at a time. */
    private List<BookPages.Leaf> leaves(long book, List<String> prefixes) {
        List<BookPages.Leaf> all = new ArrayList<>();
        for (PositionRange range : PositionRange.below(prefixes)) {
            PositionRange rest = range;
            Optional<Uid> after = Optional.empty();
            List<BookPages.Leaf> slice;
            do {
                slice = store().pages().leaves(book, 0, rest, after, 3);
                all.addAll(slice);
                if (!slice.isEmpty()) {
                    BookPages.Leaf last = slice.get(slice.size() - 1);
                    rest = new PositionRange(last.position(), range.last());
                    after = Optional.of(last.uid());
                }
            } while (slice.size() == 3);
        }
        return all;
    }

    private static Mark mark(StoredContact contact) {
        return new Mark(
                contact.now().map(content -> content.hash()),
                contact.position(),
                contact.entry(),
                contact.now().map(content -> content.card().length()).orElse(0),
                contact.device(),
                Optional.empty());
    }

    private static BookPages.Leaf leaf(StoredContact contact) {
        return new BookPages.Leaf(
                contact.uid(), contact.now().orElseThrow().hash(), contact.position(), contact.entry());
    }
}
