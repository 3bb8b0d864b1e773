package org.contactsync.sync.reading;

/** What is counted of the trees of large books. Thread-safe. */
public interface TreeCounts {
    /** Where a tree was found. */
    enum Source {
        /** In the memory of this process. */
        MEMORY,
        /** In the database. */
        STORED,
        /** All contacts were read. */
        CONTACTS
    }

    /** A tree was read. */
    void countRead(Source source);

    /** A tree was stored. */
    void countStored();

    /** A stored tree was damaged, or is not the book's, and was not used. */
    void countUnfit();
}
