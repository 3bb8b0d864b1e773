package org.contactsync.sync.scrub;

import java.util.Arrays;
import java.util.List;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.scrub.ScrubRows.Row;

/**
 * The digest tree of a book, made of its rows as they are read for the first time. What changes after that begins is in the feed behind the
 * number of the book at that time, so the tree is never corrected. One thread at a time.
 */
final class ScrubbedTree {
    private final BookState book;
    private final DigestTree tree = new DigestTree("", BookTree.LEVELS);
    private byte[] last = {};
    private boolean readable = true;

    ScrubbedTree(BookState book) {
        this.book = book;
    }

    /** Adds those of the rows that were not read before: they come in the order of uids. */
    void add(List<Row> rows) {
        for (Row row : rows) {
            if (Arrays.compareUnsigned(row.uid(), last) > 0) {
                last = row.uid();
                add(row);
            }
        }
    }

    private void add(Row row) {
        if (row.hash() == null || !readable) {
            return;
        }
        try {
            tree.add(new Position(row.position()), EntrySum.of(row.entry()));
        } catch (IllegalArgumentException damaged) {
            readable = false;
        }
    }

    /** Of a book that agrees with its contacts. */
    BookTree tree() {
        return new BookTree(book.id(), book.generation(), book.seq(), tree);
    }
}
