package org.contactsync.sync.book;

import java.util.List;
import org.contactsync.sync.book.Contacts.Writes;

/** What an update does to the contacts of its book. */
public sealed interface ContactChanges {
    /** Nothing. */
    ContactChanges NONE = new Few(Writes.NONE);

    static ContactChanges of(Writes writes) {
        return writes.isEmpty() ? NONE : new Few(writes);
    }

    /** Some contacts, held in memory. */
    record Few(Writes writes) implements ContactChanges {
        @Override
        public List<Writes> slices() {
            return writes.isEmpty() ? List.of() : List.of(writes);
        }
    }

    /**
     * As many as an upload may bring, never all in memory.
     *
     * @param slices read once; each is made when the one before it has been written
     */
    record Many(Iterable<Writes> slices) implements ContactChanges {}

    /**
     * All: the generation of the book after the update was staged before, and takes the place of the one that the book had.
     *
     * @param retiredBytes what the generation that nobody reads any more counts for until it is removed
     */
    record Switched(long retiredBytes) implements ContactChanges {
        @Override
        public List<Writes> slices() {
            return List.of();
        }
    }

    /** What is to be written over contacts of the book's generation, slice after slice. */
    Iterable<Writes> slices();
}
