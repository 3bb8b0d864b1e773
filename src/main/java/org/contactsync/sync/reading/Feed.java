package org.contactsync.sync.reading;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Missed;
import org.contactsync.sync.book.BookState;

/** What changed in a book since a check code. */
public interface Feed {
    /**
     * The book's sequence number when it had the code {@code first}; empty if the changes since then are not known any
     * more.
     */
    Optional<Long> known(BookState book, CheckCodes codes, CheckCode first);

    /** The changes after a sequence number, as many as are sent inline. */
    Missed since(BookState book, long seq);
}
