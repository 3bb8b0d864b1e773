package org.contactsync.api.history;

import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookReadings;

/** Tells a state that is not kept any more from a book that has changed while its restore was being made (protocol 4.19.3, 4.19.5). */
final class PlannedFor {
    private PlannedFor() {}

    /**
     * Why a restore is refused.
     *
     * @param refused what its making ended with
     * @param planned the book that the restore was planned for
     * @param now reads the book as it is
     */
    static Problem reason(ProblemException refused, BookState planned, Supplier<Optional<BookState>> now) {
        if (refused.problem().type() != ProblemType.HISTORY_EXPIRED) {
            return refused.problem();
        }
        return now.get()
                .filter(book -> book.seq() != planned.seq())
                .<Problem>map(book -> new Problem.CheckCodeMismatch(
                        BookReadings.checkCode(book), book.digest().count(), book.seq(), Optional.empty()))
                .orElse(refused.problem());
    }
}
