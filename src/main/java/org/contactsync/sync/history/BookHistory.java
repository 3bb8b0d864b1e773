package org.contactsync.sync.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.sync.book.RowPage;

/**
 * Reads the history of a book, by the id of its row. Needs no transaction and no lock; each method follows an index and costs what it
 * returns, if nothing else is said.
 */
public interface BookHistory {
    /** Changes below a sequence number, the latest first. */
    List<PastChange> changes(long book, long below, int most);

    Optional<PastChange> change(long book, long seq);

    /** The latest change with that code after it; reads the whole history of the book at most. */
    Optional<PastChange> lastWithCode(long book, CheckCode after);

    /** The latest change that is not later; reads the whole history of the book at most. */
    Optional<PastChange> lastUntil(long book, Instant time);

    /** The oldest change that is kept. */
    Optional<PastChange> oldest(long book);

    /** What the book was after the task with that number; empty if neither it nor the next one is recorded. */
    Optional<PastState> state(long book, long seq);

    /**
     * Contacts of the generation of a past state that have not been written since, in the order of their uids, after {@code after}; fewer
     * than {@code most} only at the end.
     */
    List<PastLeaf> unchanged(long book, PastState state, Optional<Uid> after, int most);

    /** Contacts of a past state that have been written since, in the same order. */
    List<PastLeaf> ended(long book, PastState state, Optional<Uid> after, int most);

    /** Contacts of the generation of a past state that tasks have written since, as they are now, in the same order. */
    List<PastLeaf> written(long book, PastState state, Optional<Uid> after, int most);

    /** The cards of contacts of a past state; without those that have been removed meanwhile. */
    Map<Uid, CanonicalCard> cards(long book, PastState state, List<PastLeaf> leaves);

    /**
     * The content with that hash that a contact has, or had in one of its last versions; those that lost a conflict are among them.
     *
     * @param generation of the book's contacts
     * @param most versions that are looked at
     */
    Optional<Content> content(long book, long generation, Uid uid, ContentHash hash, int most);

    /**
     * The contacts that have that content, or had it in a version that ended at a time or later; those that lost a conflict are among them.
     *
     * @param generation of the book's contacts
     * @param most versions of each kind that are looked at, of all contacts together: contents beyond them are not found
     */
    Set<Uid> known(long book, long generation, Map<Uid, ContentHash> contents, Instant since, int most);

    /**
     * A place among the versions of a book, in descending order of the task that ended them and of their uid.
     *
     * @param until those that ended at this sequence number or an earlier one come behind it
     * @param below of those that ended at this number, only those with lower uids do
     */
    record Place(long until, Optional<Uid> below) {}

    /**
     * Versions in the order of the page.
     *
     * @param next where the page goes on; empty at the end
     */
    record Page(List<PastVersion> versions, Optional<Place> next) {
        public Page {
            versions = List.copyOf(versions);
        }
    }

    /**
     * Versions of a contact that ended below a sequence number, the latest first; those that lost a conflict are behind the one that was
     * replaced by the same task. The page does not end between these two, and exceeds its bounds by one of them at most.
     */
    Page versions(long book, Uid uid, long below, RowPage.Bounds bounds);

    /** What a contact is. Empty if it is not in the book. */
    Optional<Content> present(long book, long generation, Uid uid);

    /**
     * What a contact was when it was deleted; of a contact that is in the book, what it was before. Empty if that is not kept, or if a task
     * that is not recorded may have changed the contact since.
     *
     * @param generation of the book's contacts
     */
    Optional<PastVersion> lastVersion(long book, long generation, Uid uid);

    /**
     * The last versions of contacts that are not in the book, the latest first, as {@link #lastVersion}. A page may have fewer than it could,
     * or none, and go on: it looks at a bounded number of versions.
     *
     * @param generation of the book's contacts
     */
    Page deleted(long book, long generation, Optional<Place> after, RowPage.Bounds bounds);

    /**
     * All versions of all contacts, the latest first; without those that lost a conflict. A page may have fewer than it could, or none, and go
     * on.
     *
     * @param generation of the book's contacts
     */
    Page kept(long book, long generation, Optional<Place> after, RowPage.Bounds bounds);

    /** All cards that lost a conflict, the latest first. */
    Page lost(long book, Optional<Place> after, RowPage.Bounds bounds);
}
