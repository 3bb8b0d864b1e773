package org.contactsync.webhook;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * One change of a book, or several in a row, on its way to an endpoint.
 *
 * @param book the id of its row
 * @param owner the key that stands for its user ({@code Owner.key()})
 * @param told the number up to which the endpoint has been told of the book
 * @param fromSeq of the first change
 * @param seq of the last change
 * @param before the code before the first change; empty when the history has no change
 * @param after the code after the last one
 * @param changedAt when the last one was made
 * @param firstChangedAt when the first one was made
 * @param failed the attempts so far, all of which failed
 * @param failedSince the first of them; empty when there was none
 */
public record Delivery(
        long book,
        String owner,
        long told,
        long fromSeq,
        long seq,
        Optional<CheckCode> before,
        CheckCode after,
        Instant changedAt,
        Instant firstChangedAt,
        int failed,
        Optional<Instant> failedSince) {
    public Delivery {
        if (fromSeq > seq || failed < 0) {
            throw new IllegalArgumentException("fromSeq: at most seq; failed: at least 0");
        }
    }

    /** The same after earlier attempts. */
    public Delivery after(int attempts, Optional<Instant> since) {
        return new Delivery(book, owner, told, fromSeq, seq, before, after, changedAt, firstChangedAt, attempts, since);
    }
}
