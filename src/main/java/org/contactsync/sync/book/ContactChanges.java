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
        public long puts() {
            return writes.contacts().size() - deletes();
        }

        @Override
        public long deletes() {
            return writes.contacts().stream()
                    .filter(contact -> contact.now().isEmpty())
                    .count();
        }

        @Override
        public List<Writes> slices() {
            return writes.isEmpty() ? List.of() : List.of(writes);
        }
    }

    /**
     * As many as an upload may bring, never all in memory.
     *
     * @param slices read once; each is made when the one before it has been written
     * @param puts contacts added or changed, in all slices
     * @param deletes contacts deleted, in all slices
     */
    record Many(Iterable<Writes> slices, long puts, long deletes) implements ContactChanges {}

    /**
     * All: the generation of the book after the update was staged before, and takes the place of the one that the book had. That one is
     * kept as history.
     *
     * @param retiredBytes what the replaced generation counts for until it is removed
     * @param mostKept bytes of replaced generations that the history of a book may have: the oldest are removed first
     * @param puts contacts added or changed
     * @param deletes contacts that are gone
     */
    record Switched(long retiredBytes, long mostKept, long puts, long deletes) implements ContactChanges {
        @Override
        public List<Writes> slices() {
            return List.of();
        }
    }

    /** What is to be written over contacts of the book's generation, slice after slice. */
    Iterable<Writes> slices();

    /** Contacts that are added or changed. */
    long puts();

    /** Contacts that are deleted. */
    long deletes();
}
