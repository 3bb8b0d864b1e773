package org.contactsync.sync;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.reading.StoredTrees;

/** Stored trees in memory. */
final class InMemoryTrees implements StoredTrees {
    private final InMemoryStore store;

    InMemoryTrees(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Optional<BookTree.Row> find(long book) {
        return Optional.ofNullable(store.rows().trees.get(book));
    }

    @Override
    public boolean save(BookTree tree) {
        BookTree.Row before = store.writing().trees.get(tree.book());
        boolean older = before == null
                || before.generation() < tree.generation()
                || before.generation() == tree.generation() && before.seq() < tree.seq();
        boolean ofBook = book(tree.book())
                .filter(book -> book.generation() == tree.generation())
                .isPresent();
        if (older && ofBook) {
            store.writing().trees.put(tree.book(), tree.row());
        }
        return older && ofBook;
    }

    @Override
    public void remove(long book) {
        store.writing().trees.remove(book);
    }

    @Override
    public OptionalLong removeUnused(long after, int most, long leastContacts) {
        var looked = store.writing().trees.tailMap(after, false).entrySet().stream()
                .limit(most)
                .toList();
        for (var each : looked) {
            if (book(each.getKey())
                    .filter(book -> book.generation() == each.getValue().generation()
                            && book.digest().count() >= leastContacts)
                    .isEmpty()) {
                store.writing().trees.remove(each.getKey());
            }
        }
        return looked.stream().mapToLong(Map.Entry::getKey).max();
    }

    private Optional<BookState> book(long id) {
        return store.rows().books.values().stream()
                .filter(book -> book.id() == id)
                .findFirst();
    }
}
