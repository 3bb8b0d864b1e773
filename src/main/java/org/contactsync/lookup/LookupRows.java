package org.contactsync.lookup;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;

/**
 * Stores the indexes of books. Entries of a book belong to an epoch: when its index is derived anew, a new one begins, and the entries of
 * the one before are removed later, because a reader may still be at them. Reading needs no transaction; writing needs one that has
 * {@link #lock locked} the index. Neither locks a book.
 */
public interface LookupRows {
    /**
     * How far the index of a book is.
     *
     * @param generation of the contacts that it was derived from
     * @param version what it was derived with
     * @param epoch of its entries
     * @param oldestEpoch whose entries may still be there
     * @param began the book's sequence number when the epoch began
     * @param beganAt when that was
     * @param seq contacts that were changed up to this number are in it, as far as they have not been changed later
     * @param within and those that were changed at the next number, up to this uid; empty if none of them
     * @param bytes of its entries
     */
    record Index(
            long generation,
            long version,
            long epoch,
            long oldestEpoch,
            long began,
            Instant beganAt,
            long seq,
            Optional<Uid> within,
            long bytes) {
        /** A new epoch, without entries. */
        Index renewed(long newGeneration, long newVersion, long bookSeq, Instant now) {
            return new Index(newGeneration, newVersion, epoch + 1, oldestEpoch, bookSeq, now, 0, Optional.empty(), 0);
        }

        Index advanced(long toSeq, Optional<Uid> toUid, long newBytes) {
            return new Index(generation, version, epoch, oldestEpoch, began, beganAt, toSeq, toUid, newBytes);
        }

        Index withOldest(long oldest) {
            return new Index(generation, version, epoch, oldest, began, beganAt, seq, within, bytes);
        }
    }

    /** A contact with what the index has of it. */
    record Derived(Uid uid, long seq, IndexedCard card) {}

    /**
     * An entry whose contact has not been changed since.
     *
     * @param seq of the contact
     * @param marks see {@link org.contactsync.protocol.lookup.Mark#bits}
     */
    record Entry(String entry, Uid uid, long seq, String label, String name, int marks) {}

    /** An index that is behind its book, or of an earlier version, or has entries to be removed. */
    record Behind(long book, Owner owner) {}

    Optional<Index> find(long book);

    /**
     * Entries that begin with {@code prefix}, in the order of their bytes and of the uids.
     *
     * @param also each contact has an entry that begins with each of these
     * @param after continues after this entry
     */
    List<Entry> entries(long book, Index index, String prefix, List<String> also, Optional<Entry> after, int most);

    /** Locks the index of a book without waiting; empty if there is none, or if another transaction has locked it. */
    Optional<Index> lock(long book);

    /** Adds one that has no entries, unless the book has one. */
    void create(long book, Index index);

    void save(long book, Index index);

    /** Removes the entries of contacts; the bytes that they had. */
    long remove(long book, long epoch, Collection<Uid> contacts);

    /** Adds entries; the bytes that they have. */
    long add(long book, long epoch, Collection<Derived> contacts);

    /** Removes some entries of an epoch that is over; false if none are left. */
    boolean removeSome(long book, long epoch, int most);

    /**
     * Looks through the indexes of the next {@code most} books, in the order of their ids.
     *
     * @param version of this release
     */
    Walk behind(long after, int most, long version);

    /**
     * Part of a walk through all indexes.
     *
     * @param last the book that was looked at last; empty if there was none
     */
    record Walk(List<Behind> behind, Optional<Long> last) {}
}
