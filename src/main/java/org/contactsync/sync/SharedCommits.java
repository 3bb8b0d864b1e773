package org.contactsync.sync;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.contactsync.sync.apply.IncrementalTasks.Decision;
import org.contactsync.sync.apply.SeriesBook;
import org.contactsync.sync.apply.SeriesFeed;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.step.Group;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Books.Claim;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.waiting.TaskQueue;
import org.contactsync.sync.waiting.TaskQueue.Ran;

/**
 * Runs several steps in one transaction, which the caller has started: those of one owner one after the other, or one of each of several
 * owners. A thrown exception means that the transaction must be rolled back. Thread-safe.
 */
public final class SharedCommits {
    private final SyncEngine engine;
    private final Books books;
    private final Contacts contacts;

    /** @param books as {@code engine} has them */
    public SharedCommits(SyncEngine engine, Books books, Contacts contacts) {
        this.engine = engine;
        this.books = books;
        this.contacts = contacts;
    }

    /**
     * Runs the steps of a series, each on the book as the one before has left it. If the first one has to wait or is known already, only
     * that one is handled, as {@link SyncEngine#runIfUnlocked} does.
     *
     * @return of each step that was handled, in their order
     * @throws BookBusyException if the book is locked
     */
    public List<Replies> runSeriesIfUnlocked(Series series) {
        ApplyChanges first = series.first();
        Locked locked = books.lockNow(first.owner(), Wanted.of(first));
        if (!isFree(locked, first)) {
            return List.of(engine.runNow(first, locked));
        }
        SeriesFeed feed = engine.feed(series);
        SeriesBook current = new SeriesBook(locked, contacts, feed, series);
        TaskQueue queue = engine.queue(current, feed);
        List<Replies> replies = new ArrayList<>();
        for (ApplyChanges step : series.steps()) {
            Ran ran = queue.runFree(current.book(), step);
            current.moveOn(ran.update(), ran.book());
            replies.add(Replies.of(step.head().replyTo(), ran.told()));
        }
        return replies;
    }

    /** A step that has been decided, and is to be written. */
    private record Decided(int number, ApplyChanges step, Decision decision) {
        BookUpdate update() {
            return decision.update();
        }
    }

    /**
     * Runs the steps of a group whose turn it is: their books are not locked elsewhere, nothing waits before them, and they are not known
     * already, their clients know their books as they are, and nothing else has to be read. All of them are decided before the first one is
     * written.
     *
     * @return one for each step, in their order; empty for a step of which nothing was done
     */
    public List<Optional<Replies>> runGroup(Group group) {
        List<ApplyChanges> steps = group.steps();
        List<Optional<Locked>> locked = books.lockFree(steps.stream()
                .map(step -> new Claim(step.owner(), Wanted.of(step)))
                .toList());
        List<Decided> decided = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            ApplyChanges step = steps.get(i);
            int number = i;
            locked.get(i)
                    .filter(book -> isFree(book, step))
                    // Other answers need readings, for which the neighbours would wait.
                    .flatMap(book -> engine.queue(book).decideIfNothingElseIsRead(book.book(), step))
                    .ifPresent(decision -> decided.add(new Decided(number, step, decision)));
        }
        List<Optional<BookState>> written =
                books.applyAll(decided.stream().map(Decided::update).toList());
        List<Optional<Replies>> replies = new ArrayList<>(Collections.nCopies(steps.size(), Optional.empty()));
        for (int i = 0; i < decided.size(); i++) {
            if (written.get(i).isPresent()) {
                Decided each = decided.get(i);
                replies.set(
                        each.number(),
                        Optional.of(Replies.of(
                                each.step().head().replyTo(), each.decision().told())));
            }
        }
        return replies;
    }

    /** Whether a step may run at once, and is a new one. */
    private static boolean isFree(Locked locked, Step step) {
        BookState book = locked.book();
        return book.hold().isEmpty()
                && book.openTasks() == 0
                && locked.task(step.task()).isEmpty();
    }
}
