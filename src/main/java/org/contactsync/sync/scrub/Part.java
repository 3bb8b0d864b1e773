package org.contactsync.sync.scrub;

import java.util.Locale;

/** What may be wrong: of a book, or of one contact. */
public enum Part {
    /** The book's row cannot be read. */
    BOOK,
    /** The number of contacts. */
    COUNT,
    /** The sum of the entries, and with it the check code. */
    SUM,
    /** The bytes of all cards. */
    BYTES,
    /** A contact has a later sequence number than its book. */
    SEQ,
    /** At least one contact. */
    CONTACTS,
    /** The uid is none. */
    UID,
    /** The content hash is not that of the card. */
    CARD,
    /** The position is not that of the uid. */
    POSITION,
    /** The entry is not that of uid and content hash. */
    ENTRY;

    /** For operators. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
