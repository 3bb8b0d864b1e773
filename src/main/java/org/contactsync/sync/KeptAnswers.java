package org.contactsync.sync;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.json.Answers;

/**
 * Answers that say what a client has missed. That is told whole and kept as the place in the feed where it begins: the cards
 * are in the book already, and a request of a few bytes must not have them stored again (protocol 5.4, 7.2). One
 * transaction, the caller's, at one time; reads only.
 */
final class KeptAnswers {
    private static final int PRECONDITION_FAILED = 412;

    private final ChangesFeed feed;

    KeptAnswers(ChangesFeed feed) {
        this.feed = feed;
    }

    /**
     * An answer.
     *
     * @param told to the request
     * @param kept with its task
     */
    record Both(Answer told, Answer kept) {
        static Both same(Answer answer) {
            return new Both(answer, answer);
        }
    }

    /** The refusal of a task that was made from another book. */
    Both mismatch(BookState book, CheckCodes codes, CheckCode first) {
        BookDigest digest = book.digest();
        CheckCode current = codes.checkCode(digest);
        return both(
                book,
                codes,
                first,
                missed -> Answers.refused(new Problem.CheckCodeMismatch(current, digest.count(), book.seq(), missed)));
    }

    /** An answer that holds what was missed since the book had the code {@code first}. */
    Both both(BookState book, CheckCodes codes, CheckCode first, Function<Optional<Missed>, Answer> answer) {
        Optional<Long> since = feed.known(book, codes, first);
        if (since.isEmpty()) {
            return Both.same(answer.apply(Optional.empty()));
        }
        Missed whole = feed.since(book, since.get());
        return new Both(answer.apply(Optional.of(whole)), answer.apply(Optional.of(new Missed(List.of(), since))));
    }

    /** What the repeated request of an incremental sync is told; empty when it is the one that the task waits for. */
    Optional<Answer> repeated(BookState book, SyncTask known, RequestDigest digest, ReplyTo to) {
        if (!known.digest().equals(digest) || known.kind() != TaskKind.INCREMENTAL) {
            return Optional.of(Refusals.keyReused());
        }
        if (known.state().finished()) {
            return Optional.of(again(book, known));
        }
        return known.replyTo().equals(to)
                ? Optional.empty()
                : Optional.of(Answers.refused(new Problem.InProgress(known.id())));
    }

    /** What a repeated request of a finished task is told: a mismatch as it is by now. */
    Answer again(BookState book, SyncTask finished) {
        Answer kept = finished.answer().orElseThrow();
        return finished.state() == TaskState.FAILED && kept.status() == PRECONDITION_FAILED
                ? mismatch(book, new CheckCodes(book.key()), finished.firstCode())
                        .told()
                : kept;
    }
}
