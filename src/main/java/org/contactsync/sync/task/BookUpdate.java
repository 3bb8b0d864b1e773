package org.contactsync.sync.task;

import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;

/**
 * All that is written of a book at one time: the book, its contacts, and the tasks that end with it. Who did it and when is with
 * the tasks. Whatever wants to know of every change (history, events, an index) finds it here.
 *
 * @param before as it was locked; its row must still be at that revision
 * @param after as it is to be; equal to {@code before} when only tasks end
 * @param contacts what changes of its contacts
 * @param ended the tasks that end, in the order in which they did; none when only the queue moves on
 * @param lost what the task that changes the book has decided against
 */
public record BookUpdate(
        BookState before, BookState after, ContactChanges contacts, List<EndedTask> ended, List<LostVersion> lost) {
    public BookUpdate {
        ended = List.copyOf(ended);
        lost = List.copyOf(lost);
        if (before.id() != after.id()
                || ended.stream().anyMatch(end -> end.task().book() != before.id())) {
            throw new IllegalArgumentException("not of one book: book=" + before.id());
        }
        if (changesBook(before, after)) {
            requireReceipt(after, ended);
        } else if (!before.digest().equals(after.digest()) || contacts != ContactChanges.NONE || !lost.isEmpty()) {
            throw new IllegalArgumentException("changed without a sequence number: book=" + before.id());
        }
        if ((before.generation() != after.generation()) != contacts instanceof ContactChanges.Switched) {
            throw new IllegalArgumentException("not the generation of its contacts: book=" + before.id());
        }
    }

    public BookUpdate(BookState before, BookState after, ContactChanges contacts, List<EndedTask> ended) {
        this(before, after, contacts, ended, List.of());
    }

    /** The queue of a book moves on: its hold, what waits, how far its feed reaches back. */
    public static BookUpdate ofQueue(BookState before, BookState after) {
        return new BookUpdate(before, after, ContactChanges.NONE, List.of());
    }

    /** A task ends that changes no contacts. */
    public static BookUpdate ending(BookState before, BookState after, EndedTask ended) {
        return new BookUpdate(before, after, ContactChanges.NONE, List.of(ended));
    }

    /** Whether the book's row is written: not when only tasks end. */
    public boolean writesBook() {
        return ended.isEmpty() || !before.equals(after);
    }

    /** Whether readers of the book see something new. */
    public boolean changesBook() {
        return changesBook(before, after);
    }

    /** The task that changes the book; empty if none does. */
    public Optional<EndedTask> cause() {
        return changesBook() ? cause(after, ended) : Optional.empty();
    }

    private static boolean changesBook(BookState before, BookState after) {
        return before.seq() != after.seq();
    }

    /** Each change of the contacts is that of a task which says what the book was after it. */
    private static void requireReceipt(BookState after, List<EndedTask> ended) {
        if (cause(after, ended).isEmpty()) {
            throw new IllegalArgumentException("changed by no task: book=" + after.id() + " seq=" + after.seq());
        }
    }

    private static Optional<EndedTask> cause(BookState after, List<EndedTask> ended) {
        return ended.stream()
                .filter(end -> end.task().state() == TaskState.DONE
                        && end.task()
                                .applied()
                                .filter(applied -> applied.seq() == after.seq())
                                .isPresent())
                .findFirst();
    }
}
