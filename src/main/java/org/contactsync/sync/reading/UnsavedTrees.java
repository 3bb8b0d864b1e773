package org.contactsync.sync.reading;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be done with stored trees, when nobody waits for it: trees to be stored, and stored ones that turned out to be wrong. Bounded:
 * what has no room is left out, and comes again when the book is read again. Thread-safe.
 */
public final class UnsavedTrees {
    /** Books; 160 KiB each, which most share with the cache. */
    static final int MOST = 16;

    private final Map<Long, Unsaved> byBook = new LinkedHashMap<>();

    /**
     * Of one book.
     *
     * @param replaces whether what is stored is wrong, and is removed whatever its number
     * @param tree to be stored
     */
    public record Unsaved(long book, boolean replaces, Optional<BookTree> tree) {}

    /** Returns whether there was room for it. */
    public boolean save(BookTree tree) {
        return put(new Unsaved(tree.book(), false, Optional.of(tree)));
    }

    /** What is stored for the book is wrong. */
    void discard(long book) {
        put(new Unsaved(book, true, Optional.empty()));
    }

    /** The one that has waited longest; nobody else gets it. */
    public synchronized Optional<Unsaved> take() {
        Optional<Unsaved> first = byBook.values().stream().findFirst();
        first.ifPresent(each -> byBook.remove(each.book()));
        return first;
    }

    /** What could not be done, behind the others. */
    public synchronized void giveBack(Unsaved failed) {
        Unsaved newer = byBook.get(failed.book());
        put(newer == null ? failed : new Unsaved(failed.book(), failed.replaces(), newer.tree()));
    }

    /** Of the trees of a book the last one counts; what is wrong stays so until it is removed. */
    private synchronized boolean put(Unsaved next) {
        Unsaved before = byBook.get(next.book());
        if (before == null && byBook.size() >= MOST) {
            return false;
        }
        boolean replaces = next.replaces() || (before != null && before.replaces());
        byBook.put(next.book(), new Unsaved(next.book(), replaces, next.tree()));
        return true;
    }
}
