package org.contactsync.sync;

import java.util.List;

/** What a store has in its rows, also what the ports do not show. */
public interface StoredRows {
    /** A store that has none. */
    StoredRows HIDDEN = new StoredRows() {
        @Override
        public void shareKey(List<Long> books) {}

        @Override
        public List<String> of(long book) {
            return List.of();
        }
    };

    /** Gives empty books one check key: then what is written of the same changes differs in ids only. */
    void shareKey(List<Long> books);

    /** All rows of a book, without ids and owners. */
    List<String> of(long book);
}
