package org.contactsync.sync.book;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;

/**
 * Stores the rows of contacts, by book and generation. Writing needs a running transaction that holds the book's lock;
 * reading needs none and sees committed data.
 */
public interface Contacts {
    /**
     * The data of a contact that a change needs, without its card, which may be large.
     *
     * @param hash empty for a tombstone
     * @param entry the contact's part of the book's digest; for a tombstone the last one it had
     * @param bytes of its card; 0 for a tombstone
     * @param device that wrote the row, if it is known
     * @param alternation what is known of two devices that change it back and forth
     */
    record Mark(
            Optional<ContentHash> hash,
            Position position,
            EntrySum entry,
            int bytes,
            Optional<DeviceId> device,
            Optional<Alternation> alternation) {}

    /** Contacts and tombstones among {@code uids}, those that exist. */
    Map<Uid, Mark> marks(long book, long generation, Collection<Uid> uids);

    /** Hashes of the live contacts among {@code uids}. */
    Map<Uid, ContentHash> hashes(long book, long generation, Collection<Uid> uids);

    /**
     * Contacts and tombstones to write.
     *
     * @param existing those that already have a row, according to {@link #marks}
     * @param alternations what is to be remembered of existing ones; nothing of the others
     */
    record Writes(List<StoredContact> contacts, Set<Uid> existing, Map<Uid, Alternation> alternations) {
        public static final Writes NONE = new Writes(List.of(), Set.of());

        public Writes(List<StoredContact> contacts, Set<Uid> existing) {
            this(contacts, existing, Map.of());
        }

        Writes with(Map<Uid, Alternation> remembered) {
            return new Writes(contacts, existing, remembered);
        }

        public boolean isEmpty() {
            return contacts.isEmpty();
        }

        /** Whether one of the contacts has a row afterwards. The tombstone of a contact that was never there is not written. */
        public boolean hasRowAfter(StoredContact contact) {
            return contact.now().isPresent() || existing.contains(contact.uid());
        }
    }

    /** Bytes of all cards of a generation; reads all of it. */
    long cardBytes(long book, long generation);

    /** Adds contacts, of which none has a row, to a generation that nobody reads yet. Those that are read change with their book only. */
    void insert(long book, long generation, Collection<StoredContact> contacts);

    /**
     * The feed: contacts and tombstones changed after {@code seq}, in the order of their sequence numbers and uids.
     *
     * @param after skips rows at {@code seq + 1} up to this uid; empty to skip none
     */
    RowPage changedSince(long book, long generation, long seq, Optional<Uid> after, RowPage.Bounds bounds);

    /** A row of the feed without its content. */
    record FeedRow(long seq, Uid uid, boolean tombstone) {}

    /**
     * Rows of the feed in its order.
     *
     * @param uid continues after this uid at {@code seq}; empty to start after {@code seq}
     * @param last the last sequence number to read
     */
    List<FeedRow> feedRows(long book, long generation, long seq, Optional<Uid> uid, long last, int most);

    /**
     * Removes the tombstones after {@code seq} and {@code uid}, as in {@link #feedRows}, up to and including {@code last}.
     */
    void removeTombstones(long book, long generation, long seq, Optional<Uid> uid, FeedRow last);
}
