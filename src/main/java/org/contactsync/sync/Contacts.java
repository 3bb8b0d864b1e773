package org.contactsync.sync;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;

/**
 * The rows of contacts, by book and generation. Writing needs a running transaction that holds the book's lock; reading
 * needs none and sees what is committed.
 */
public interface Contacts {
    /**
     * What a change needs to know of a contact: not its card, which may be large.
     *
     * @param hash empty for a tombstone
     * @param entry the summand in the book's digest; of a tombstone the last one it had
     * @param bytes of its card; 0 of a tombstone
     */
    record Mark(Optional<ContentHash> hash, Position position, EntrySum entry, int bytes) {}

    /** Contacts and tombstones among {@code uids}, those that exist. */
    Map<Uid, Mark> marks(long book, long generation, Collection<Uid> uids);

    /** Hashes of the live contacts among {@code uids}. */
    Map<Uid, ContentHash> hashes(long book, long generation, Collection<Uid> uids);

    /**
     * Contacts and tombstones that are to be written.
     *
     * @param existing which of them have a row already, as {@link #marks} told
     */
    record Writes(List<StoredContact> contacts, Set<Uid> existing) {
        public static final Writes NONE = new Writes(List.of(), Set.of());

        public boolean isEmpty() {
            return contacts.isEmpty();
        }
    }

    /** Bytes of all cards of a generation: reads the whole of it. */
    long cardBytes(long book, long generation);

    /** Writes contacts and tombstones over what is there. */
    void write(long book, long generation, Writes writes);

    /** Adds contacts of which none has a row in that generation. */
    void insert(long book, long generation, Collection<StoredContact> contacts);

    /**
     * The feed: contacts and tombstones changed after {@code seq}, in the order of their sequence numbers and uids.
     *
     * @param after skips what is at {@code seq + 1} up to this uid; empty for none
     */
    RowPage changedSince(long book, long generation, long seq, Optional<Uid> after, RowPage.Bounds bounds);

    /** A row of the feed without its content. */
    record FeedRow(long seq, Uid uid, boolean tombstone) {}

    /**
     * Rows of the feed in its order.
     *
     * @param uid goes on after this uid of {@code seq}; empty to begin after {@code seq}
     * @param last the last sequence number to look at
     */
    List<FeedRow> feedRows(long book, long generation, long seq, Optional<Uid> uid, long last, int most);

    /** Removes the tombstones that stand after {@code seq} and {@code uid}, as in {@link #feedRows}, up to {@code last}, itself included. */
    void removeTombstones(long book, long generation, long seq, Optional<Uid> uid, FeedRow last);
}
