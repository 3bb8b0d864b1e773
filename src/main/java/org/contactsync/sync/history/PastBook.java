package org.contactsync.sync.history;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookPages;

/**
 * Compares a book with what it was, in the order of uids and a slice at a time, whatever the size of the book. Needs no transaction; the book
 * must not change meanwhile, which the caller checks. Thread-safe.
 */
final class PastBook {
    private final BookHistory history;
    private final BookPages pages;

    PastBook(BookHistory history, BookPages pages) {
        this.history = history;
        this.pages = pages;
    }

    /** A contact of the book. */
    private record Present(Uid uid, ContentHash hash, EntrySum entry) {}

    /**
     * Shows all differences, and computes the code of the past state. If no full upload has replaced the book since, what was not written
     * since is the same in both and is not read: the code follows from that of the book.
     *
     * @return contacts of the past state
     * @throws ProblemException {@code history-expired} after the last difference when the contacts do not come to the recorded code
     */
    long compare(BookState book, PastState state, Consumer<Difference> found) {
        boolean replaced = book.generation() != state.generation();
        Past past = new Past(
                replaced
                        ? new Slices<>((after, most) -> history.unchanged(book.id(), state, after, most), PastLeaf::uid)
                        : Slices.none(),
                new Slices<>((after, most) -> history.ended(book.id(), state, after, most), PastLeaf::uid));
        Slices<Present> present = new Slices<>(
                (after, most) -> replaced ? all(book, after, most) : written(book, state, after, most), Present::uid);
        BookDigest digest = replaced ? BookDigest.EMPTY : book.digest();
        while (past.peek().isPresent() || present.hasNext()) {
            int order = order(past.peek().map(PastLeaf::uid), present.peek().map(Present::uid));
            Optional<PastLeaf> was = order <= 0 ? Optional.of(past.next()) : Optional.empty();
            Optional<Present> is = order >= 0 ? Optional.of(present.next()) : Optional.empty();
            if (was.isPresent()) {
                digest = digest.plus(was.get().entry());
            }
            if (is.isPresent() && !replaced) {
                digest = without(is.get(), digest);
            }
            if (!was.map(PastLeaf::hash).equals(is.map(Present::hash))) {
                Uid uid =
                        was.map(PastLeaf::uid).orElseGet(() -> is.orElseThrow().uid());
                found.accept(new Difference(uid, was, is.map(Present::hash)));
            }
        }
        if (!new CheckCodes(book.key()).checkCode(digest).equals(state.code())) {
            throw expired("the book at seq " + state.seq() + " cannot be put together any more");
        }
        return digest.count();
    }

    /** A book that changes meanwhile may seem to have more contacts than it says. */
    private static BookDigest without(Present contact, BookDigest digest) {
        if (digest.count() == 0) {
            throw expired("the book changed while it was compared");
        }
        return digest.minus(contact.entry());
    }

    private List<Present> written(BookState book, PastState state, Optional<Uid> after, int most) {
        return history.written(book.id(), state, after, most).stream()
                .map(leaf -> new Present(leaf.uid(), leaf.hash(), leaf.entry()))
                .toList();
    }

    private List<Present> all(BookState book, Optional<Uid> after, int most) {
        return pages.leaves(book.id(), book.generation(), after, most).stream()
                .map(leaf -> new Present(leaf.uid(), leaf.hash(), leaf.entry()))
                .toList();
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
