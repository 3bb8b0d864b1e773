package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.contact;
import static org.contactsync.sync.Examples.tombstone;
import static org.contactsync.sync.Examples.uid;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Change;
import org.contactsync.sync.Contacts.Mark;
import org.contactsync.sync.Contacts.Writes;
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
        assertThat(store().pages().contacts(book, 0, Optional.empty(), 10)).isEmpty();
        assertThat(store().pages().leaves(book, 0, List.of(""))).isEmpty();
    }

    @Test
    default void writingReplacesWhatIsThereAndAddsWhatIsNot() {
        long book = aBook();
        insert(book, 0, contact(1, "Ada", 1), contact(2, "Bob", 1), tombstone(3, 1));
        List<StoredContact> written =
                List.of(contact(1, "Ada King", 2), tombstone(2, 2), contact(3, "Cy", 2), contact(4, "Di", 2));

        store().inTransaction(() -> {
            store().books().lock(ADA);
            Map<Uid, Mark> before = store().contacts().marks(book, 0, List.of(uid(1), uid(2), uid(3), uid(4)));
            store().contacts().write(book, 0, new Writes(written, before.keySet()));
        });

        assertThat(store().contacts().changedSince(book, 0, 1, Optional.empty(), 10))
                .containsExactlyElementsOf(written);
        assertThat(store().contacts().marks(book, 0, List.of(uid(1), uid(2), uid(3), uid(4))))
                .hasSize(4)
                .containsEntry(uid(2), mark(tombstone(2, 2)))
                .containsEntry(uid(3), mark(contact(3, "Cy", 2)));
    }

    @Test
    default void aTransactionSeesWhatItWrote() {
        long book = aBook();

        Map<Uid, Mark> seen = store().inTransaction(() -> {
            store().books().lock(ADA);
            store().contacts().write(book, 0, new Writes(List.of(contact(1, "Ada", 1)), Set.of()));
            return store().contacts().marks(book, 0, List.of(uid(1)));
        });

        assertThat(seen).isEqualTo(Map.of(uid(1), mark(contact(1, "Ada", 1))));
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

        assertThat(store().pages().contacts(book, 0, Optional.empty(), 10)).containsExactly(contact(1, "Ada", 1));
        assertThat(store().contacts().marks(other, 0, List.of(uid(1), uid(2)))).isEmpty();
        assertThat(store().contacts().changedSince(book, 1, 0, Optional.empty(), 10))
                .containsExactly(contact(1, "Ada King", 2), contact(2, "Bob", 2));
    }

    /** Protocol 4.4.1: in ascending order of the bytes of their uid. */
    @Test
    default void pagesAreInTheOrderOfTheBytesOfTheUids() {
        long book = aBook();
        insert(book, 0, IN_ORDER.stream().map(uid -> contact(uid, "x", 1)).toArray(StoredContact[]::new));

        assertThat(store().pages().contacts(book, 0, Optional.empty(), 100))
                .extracting(StoredContact::uid)
                .isEqualTo(IN_ORDER);
        for (int i = 0; i < IN_ORDER.size(); i++) {
            assertThat(store().pages().contacts(book, 0, Optional.of(IN_ORDER.get(i)), 2))
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
            assertThat(store().pages().leaves(book, 0, List.of(prefix)))
                    .containsExactlyInAnyOrderElementsOf(contacts.stream()
                            .filter(each -> each.position().hex().startsWith(prefix))
                            .map(ContactsContract::leaf)
                            .toList());
        }
        assertThat(store().pages().leaves(book, 0, List.of("0", "1")))
                .hasSameElementsAs(contacts.stream()
                        .filter(each -> each.position().hex().matches("[01].*"))
                        .map(ContactsContract::leaf)
                        .toList());
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
        return store().contacts().changedSince(book, 0, seq, after, most).stream()
                .map(StoredContact::uid)
                .toList();
    }

    private static Mark mark(StoredContact contact) {
        return new Mark(
                contact.now().map(content -> content.hash()),
                contact.position(),
                contact.entry(),
                contact.now().map(content -> content.card().length()).orElse(0));
    }

    private static BookPages.Leaf leaf(StoredContact contact) {
        return new BookPages.Leaf(
                contact.uid(), contact.now().orElseThrow().hash(), contact.position(), contact.entry());
    }
}
