package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ACKNOWLEDGEMENT;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.digest;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.task;
import static org.contactsync.sync.Examples.uid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.book.ContactsContract;
import org.contactsync.sync.upload.Staging;
import org.contactsync.sync.upload.Staging.Chunk;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Staging} promises. */
public interface StagingContract {
    Staging.Bytes BYTES = new Staging.Bytes(5_000_000_000L, 5_000_000_000L);

    /** The store under test; its tables are empty when the test begins. */
    TestStore store();

    /** Protocol 8.8: the same number and content get the same acknowledgement again. */
    @Test
    default void anAcknowledgementIsFoundAsItWasGiven() {
        Chunk chunk = new Chunk(digest("chunk"), ACKNOWLEDGEMENT);

        inBook(() -> store().staging().addChunk(task(1), 2, chunk, BYTES));

        assertThat(inBook(() -> store().staging().chunk(task(1), 2))).contains(chunk);
        assertThat(inBook(() -> store().staging().chunk(task(1), 1))).isEmpty();
        assertThat(inBook(() -> store().staging().chunk(task(2), 2))).isEmpty();
    }

    @Test
    default void stagedChangesAreFoundAsTheyWereSent() {
        List<Change> changes = List.of(
                put(1, "Ada"),
                new Change.Put(uid(2), Examples.card("Bob"), Optional.of(Change.Expected.ABSENT)),
                new Change.Delete(
                        uid(3),
                        Optional.of(new Change.Expected(Optional.of(Examples.CODES.contentHash(Examples.card("Cy")))))),
                Examples.delete(4));

        inBook(() -> store().staging().addChanges(task(1), changes));

        assertThat(inBook(() -> store().staging().changes(task(1), Optional.empty(), 10)))
                .isEqualTo(changes);
        assertThat(inBook(() -> store().staging().changes(task(2), Optional.empty(), 10)))
                .isEmpty();
    }

    @Test
    default void stagedChangesComeInSlicesInTheOrderOfTheirUids() {
        List<Uid> mixed = new ArrayList<>(ContactsContract.IN_ORDER);
        Collections.reverse(mixed);
        inBook(() -> store().staging()
                .addChanges(
                        task(1),
                        mixed.stream().map(uid -> (Change) put(uid, "x")).toList()));

        List<Uid> read = new ArrayList<>();
        Optional<Uid> after = Optional.empty();
        List<Change> slice = slice(after);
        while (!slice.isEmpty()) {
            slice.forEach(change -> read.add(change.uid()));
            after = Optional.of(read.get(read.size() - 1));
            slice = slice(after);
        }

        assertThat(read).isEqualTo(ContactsContract.IN_ORDER);
    }

    @Test
    default void whatAnEarlierChunkHadIsKnown() {
        inBook(() -> store().staging().addChanges(task(1), List.of(put(1, "a"), Examples.delete(2))));

        assertThat(inBook(() -> store().staging().staged(task(1), List.of(uid(1), uid(2), uid(3)))))
                .containsExactlyInAnyOrder(uid(1), uid(2));
        assertThat(inBook(() -> store().staging().staged(task(2), List.of(uid(1)))))
                .isEmpty();
    }

    /** Protocol 6.3: what an upload has staged. */
    @Test
    default void theBytesOfTheChunksAreAddedUp() {
        Chunk chunk = new Chunk(digest("chunk"), ACKNOWLEDGEMENT);
        inBook(() -> {
            store().staging().addChunk(task(1), 1, chunk, BYTES);
            store().staging().addChunk(task(1), 2, chunk, new Staging.Bytes(100, -7));
            store().staging().addChunk(task(2), 1, chunk, BYTES);
        });

        assertThat(inBook(() -> store().staging().sum(task(1))))
                .isEqualTo(new Staging.Sum(5_000_000_100L, 4_999_999_993L, 0));
        assertThat(inBook(() -> store().staging().sum(task(3)))).isEqualTo(new Staging.Sum(0, 0, 0));
    }

    /** Protocol 6.3: what is discarded counts until it is removed. */
    @Test
    default void whatIsDiscardedCountsForItsBook() {
        inBook(() -> {
            store().staging().markForRemoval(7, task(1), 30);
            store().staging().markForRemoval(7, 4, 5_000_000_000L);
            store().staging().markForRemoval(8, 4, 1);
        });

        assertThat(inBook(() -> store().staging().discarded(7))).isEqualTo(5_000_000_030L);
        assertThat(inBook(() -> store().staging().discarded(9))).isZero();
        while (store().inTransaction(() -> store().housekeeping().removeGarbage(10)) > 0) {
            // until all is gone
        }
        assertThat(inBook(() -> store().staging().discarded(7))).isZero();
    }

    private List<Change> slice(Optional<Uid> after) {
        return inBook(() -> store().staging().changes(task(1), after, 3));
    }

    private <T> T inBook(Supplier<T> work) {
        return store().inTransaction(() -> {
            store().books().lock(ADA);
            return work.get();
        });
    }

    private void inBook(Runnable work) {
        store().inTransaction(() -> {
            store().books().lock(ADA);
            work.run();
        });
    }
}
