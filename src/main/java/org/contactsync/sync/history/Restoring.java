package org.contactsync.sync.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Expected;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.reading.ConsistentReads;
import org.contactsync.sync.task.Books;

/**
 * Says what has to change so that a book is again what it was, verified by the code that was recorded then (protocol §4.19). Needs no
 * transaction and takes no lock. Thread-safe.
 */
public final class Restoring {
    private final ConsistentReads reads;
    private final BookHistory history;
    private final PastBook past;
    private final Limits limits;

    public Restoring(Books books, BookHistory history, BookPages pages, Limits limits) {
        reads = new ConsistentReads(books);
        this.history = history;
        past = new PastBook(history, pages);
        this.limits = limits;
    }

    /**
     * Compares the owner's book with the state that is asked for; reads all of both only if a full upload has replaced the book since. Empty
     * when the owner never had a book.
     *
     * @throws ProblemException {@code history-expired} if the state is not kept any more
     */
    public Optional<Reading<RestorePlan>> plan(Owner owner, RestoreTarget target) {
        return reads.read(owner, book -> attempt(book, target))
                .map(plan -> new Reading<>(
                        plan.book(), plan.checkCode(), plan.value().get()));
    }

    /** A problem is that of the state that was read: if the book changes meanwhile, all is read again. */
    private Supplier<RestorePlan> attempt(BookState book, RestoreTarget target) {
        try {
            RestorePlan plan = plan(book, find(book, target));
            return () -> plan;
        } catch (ProblemException e) {
            return () -> {
                throw e;
            };
        }
    }

    private RestorePlan plan(BookState book, PastState state) {
        Chunks all = new Chunks(limits);
        Chunks puts = new Chunks(limits);
        Chunks deletes = new Chunks(limits);
        List<Difference> first = new ArrayList<>();
        long[] counts = new long[2];
        long count = past.compare(book, state, difference -> {
            if (all.add(difference) == 1) {
                first.add(difference);
            }
            (difference.past().isPresent() ? puts : deletes).add(difference);
            counts[difference.past().isPresent() ? 0 : 1]++;
        });
        int chunks = all.number() > 1 ? deletes.number() + puts.number() : all.number();
        return new RestorePlan(state, count, counts[0], counts[1], chunks, first);
    }

    /**
     * The changes of one chunk after the other, each made of differences when the one before has been taken: first all that delete, so that
     * there is room for what comes. The book must be the one that was planned for.
     */
    public void chunks(BookState book, RestorePlan plan, Consumer<List<Change>> taker) {
        if (plan.deletes() > 0) {
            chunks(book, plan.state(), difference -> difference.past().isEmpty(), taker);
        }
        if (plan.puts() > 0) {
            chunks(book, plan.state(), difference -> difference.past().isPresent(), taker);
        }
    }

    private void chunks(BookState book, PastState state, Predicate<Difference> wanted, Consumer<List<Change>> taker) {
        Chunks chunks = new Chunks(limits);
        List<Difference> chunk = new ArrayList<>();
        int[] number = {1};
        past.compare(book, state, difference -> {
            if (!wanted.test(difference)) {
                return;
            }
            int now = chunks.add(difference);
            if (now != number[0]) {
                taker.accept(changes(book, state, chunk));
                chunk.clear();
                number[0] = now;
            }
            chunk.add(difference);
        });
        if (!chunk.isEmpty()) {
            taker.accept(changes(book, state, chunk));
        }
    }

    /**
     * The changes that undo differences, each with the content that it expects.
     *
     * @throws ProblemException {@code history-expired} if a card has been removed meanwhile
     */
    public List<Change> changes(BookState book, PastState state, List<Difference> differences) {
        Map<Uid, CanonicalCard> cards = history.cards(
                book.id(),
                state,
                differences.stream().flatMap(each -> each.past().stream()).toList());
        return differences.stream().map(each -> change(each, cards)).toList();
    }

    private static Change change(Difference difference, Map<Uid, CanonicalCard> cards) {
        Optional<Expected> expected = Optional.of(new Expected(difference.now()));
        if (difference.past().isEmpty()) {
            return new Change.Delete(difference.uid(), expected);
        }
        CanonicalCard card = Optional.ofNullable(cards.get(difference.uid()))
                .orElseThrow(() -> PastBook.expired("a contact has just been removed from the history"));
        return new Change.Put(difference.uid(), card, expected);
    }

    private PastState find(BookState book, RestoreTarget target) {
        PastState now = new PastState(book.seq(), book.generation(), BookReadings.checkCode(book));
        if (target.seq().isPresent()) {
            return atSeq(book, now, target.seq().getAsLong());
        }
        if (target.checkCode().isPresent()) {
            if (target.checkCode().get().equals(now.code())) {
                return now;
            }
            Optional<PastChange> after =
                    history.lastWithCode(book.id(), target.checkCode().get());
            return after.map(PastChange::seq)
                    .or(() -> history.oldest(book.id())
                            .filter(oldest ->
                                    oldest.before().equals(target.checkCode().get()))
                            .map(oldest -> oldest.seq() - 1))
                    .map(seq -> atSeq(book, now, seq))
                    .orElseThrow(() -> PastBook.expired("no state with this check code is kept"));
        }
        Optional<PastChange> last = history.lastUntil(book.id(), target.time().orElseThrow());
        return last.map(PastChange::seq)
                .or(() -> history.oldest(book.id())
                        .filter(oldest -> oldest.seq() == 1)
                        .map(oldest -> 0L))
                .map(seq -> lasting(book, now, seq))
                .orElseThrow(() -> PastBook.expired("the history does not reach back to this time"));
    }

    /** A state that was the book's until a recorded time: a task that is not recorded may have ended any other one at any time. */
    private PastState lasting(BookState book, PastState now, long seq) {
        if (seq < now.seq() && history.change(book.id(), seq + 1).isEmpty()) {
            throw PastBook.expired("the task after seq " + seq + " was not recorded, nor when it changed the book");
        }
        return atSeq(book, now, seq);
    }

    private PastState atSeq(BookState book, PastState now, long seq) {
        if (seq > now.seq()) {
            throw ProblemException.malformed("/seq", "the book has not reached this seq");
        }
        return seq == now.seq()
                ? now
                : history.state(book.id(), seq)
                        .orElseThrow(() -> PastBook.expired("the history does not reach back to seq " + seq));
    }

    /** Divides differences into chunks, always in the same way. One thread at a time. */
    private static final class Chunks {
        private final Limits limits;
        private int number;
        private int contacts;
        private long bytes;

        Chunks(Limits limits) {
            this.limits = limits;
        }

        /** The number of the chunk that the difference is in. */
        int add(Difference difference) {
            long size = difference.bytes() + Limits.STAGED_ROW;
            if (number == 0 || contacts == limits.chunkContacts() || bytes + size > limits.chunkBytes()) {
                number++;
                contacts = 0;
                bytes = 0;
            }
            contacts++;
            bytes += size;
            return number;
        }

        int number() {
            return number;
        }
    }
}
