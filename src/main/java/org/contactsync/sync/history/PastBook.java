package org.contactsync.sync.history;

import java.util.Optional;
import java.util.function.Consumer;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.BookPages.Leaf;

/**
 * Compares a book with what it was, in the order of uids and a slice at a time, whatever the size of the book. Needs no transaction; the book
 * must not change meanwhile, for which the caller looks. Thread-safe.
 */
final class PastBook {
    private final BookHistory history;
    private final BookPages pages;

    PastBook(BookHistory history, BookPages pages) {
        this.history = history;
        this.pages = pages;
    }

    /**
     * Shows all differences, and computes the code of the past state.
     *
     * @return contacts of the past state
     * @throws ProblemException {@code history-expired} after the last difference when the contacts do not come to the recorded code
     */
    long compare(BookState book, PastState state, Consumer<Difference> found) {
        Past past = new Past(
                new Slices<>((after, most) -> history.unchanged(book.id(), state, after, most), PastLeaf::uid),
                new Slices<>((after, most) -> history.ended(book.id(), state, after, most), PastLeaf::uid));
        Slices<Leaf> present =
                new Slices<>((after, most) -> pages.leaves(book.id(), book.generation(), after, most), Leaf::uid);
        BookDigest digest = BookDigest.EMPTY;
        while (past.peek().isPresent() || present.hasNext()) {
            int order = order(past.peek().map(PastLeaf::uid), present.peek().map(Leaf::uid));
            Optional<PastLeaf> was = order <= 0 ? Optional.of(past.next()) : Optional.empty();
            Optional<Leaf> is = order >= 0 ? Optional.of(present.next()) : Optional.empty();
            if (was.isPresent()) {
                digest = digest.plus(was.get().entry());
            }
            if (!was.map(PastLeaf::hash).equals(is.map(Leaf::hash))) {
                Uid uid =
                        was.map(PastLeaf::uid).orElseGet(() -> is.orElseThrow().uid());
                found.accept(new Difference(uid, was, is.map(Leaf::hash)));
            }
        }
        if (!new CheckCodes(book.key()).checkCode(digest).equals(state.code())) {
            throw expired("the book at seq " + state.seq() + " cannot be put together any more");
        }
        return digest.count();
    }

    /** The contacts of a past state, from both places where they are; each row is read once. */
    private record Past(Slices<PastLeaf> unchanged, Slices<PastLeaf> ended) {
        Optional<PastLeaf> peek() {
            return unchangedFirst() ? unchanged.peek() : ended.peek();
        }

        PastLeaf next() {
            return unchangedFirst() ? unchanged.next() : ended.next();
        }

        private boolean unchangedFirst() {
            return order(unchanged.peek().map(PastLeaf::uid), ended.peek().map(PastLeaf::uid)) <= 0;
        }
    }

    static ProblemException expired(String detail) {
        return ProblemException.of(ProblemType.HISTORY_EXPIRED, detail);
    }

    /** Negative if only the first has the next uid, positive if only the second has, 0 if both have. */
    private static int order(Optional<Uid> past, Optional<Uid> present) {
        if (past.isEmpty()) {
            return 1;
        }
        return present.isEmpty() ? -1 : past.get().compareTo(present.get());
    }
}
