package org.contactsync.photo;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.contactsync.contact.Uid;

/**
 * Finds and removes photos that no card refers to, and what is left of photos that were not sent to their end. Methods that change something
 * need a transaction of their own.
 */
public interface UnusedPhotos {
    /**
     * A book as it was when its cards began to be read.
     *
     * @param generations that have contacts: the current one first, then those that the history keeps
     */
    record Seen(long book, long seq, List<Long> generations) {
        public Seen {
            generations = List.copyOf(generations);
        }
    }

    /**
     * Up to where the cards of a book have been read.
     *
     * @param part a generation by its place in the list, then the replaced versions, then the lost ones
     * @param seq of a version
     */
    record Place(int part, long seq, Optional<Uid> uid) {
        public static final Place START = in(0);

        /** Before all cards of a part. */
        public static Place in(int part) {
            return new Place(part, -1, Optional.empty());
        }
    }

    /**
     * Some cards of a book.
     *
     * @param next empty at the end
     */
    record Cards(List<byte[]> cards, Optional<Place> next) {}

    /** Removes what is left of uploads whose time is over; returns how many. */
    int removeExpired(Instant now, int most);

    /** The first book behind {@code after} with a photo that was not used since {@code before}. */
    OptionalLong findDue(long after, Instant before);

    /** Empty if the book was erased. */
    Optional<Seen> see(long book);

    /** Whether a task of the book is unfinished: its cards are not in the book yet. */
    boolean isBusy(long book);

    /** Photos of the book that were not used since {@code before}, the first ones in the order of digests. */
    List<PhotoDigest> findUnused(long book, Instant before, int most);

    /**
     * Removes photos of a book that was erased by an instance of an earlier version, which knows nothing of photos; not all at once.
     *
     * @return how many
     */
    int removeErased(long book, Instant before);

    /** The cards after a place: those of the book, of its history, and lost ones. A change that comes meanwhile may be missing. */
    Cards read(Seen seen, Place after);

    /** Notes that the photos are used. */
    void use(long book, Collection<PhotoDigest> photos, Instant now);

    /**
     * Removes those of the photos that were not used since {@code before} and to which no card refers that has come since the book was seen; not
     * all at once. Locks the book, so that none comes meanwhile.
     *
     * @return how many; empty if too much has changed, or the book is busy
     */
    Optional<Integer> remove(Seen seen, Instant before, Set<PhotoDigest> photos);
}
