package org.contactsync.sync.history;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;

/**
 * Reads the history of a book, by the id of its row. Needs no transaction and no lock; each method follows an index and costs what it
 * returns.
 */
public interface BookHistory {
    /** Changes below a sequence number, the latest first. */
    List<PastChange> changes(long book, long below, int most);

    Optional<PastChange> change(long book, long seq);

    /** The latest change with that code after it; reads the whole history of the book at most. */
    Optional<PastChange> lastWithCode(long book, CheckCode after);

    /** The latest change that is not later. */
    Optional<PastChange> lastUntil(long book, Instant time);

    /** The oldest change that is kept. */
    Optional<PastChange> oldest(long book);

    /** Versions of a contact that ended below a sequence number, the latest first. */
    List<PastVersion> versions(long book, Uid uid, long below, int most);
}
