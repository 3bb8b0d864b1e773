package org.contactsync.sync.reading;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Digest trees of large books in the database, at most one for each book. They are derived: each may be missing, old or damaged at any time.
 * Nothing here locks a book.
 */
public interface StoredTrees {
    /** What is stored for a book, whatever it is; needs no transaction. */
    Optional<BookTree.Row> find(long book);

    /**
     * Stores a tree in place of an older one, unless the book has another generation by now or was erased. Needs a transaction.
     *
     * @return whether it was stored
     */
    boolean save(BookTree tree);

    /** Removes the tree of a book. Needs a transaction. */
    void remove(long book);

    /**
     * Looks at some trees, in the order of their books, and removes those that nobody reads: of another generation, of a book that has
     * become small or does not exist any more. Needs a transaction.
     *
     * @param after the book after which to look
     * @param leastContacts of a book that is not small
     * @return where to go on; empty at the end
     */
    OptionalLong removeUnused(long after, int most, long leastContacts);
}
