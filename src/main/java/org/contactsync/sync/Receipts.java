package org.contactsync.sync;

import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Outcome;

/**
 * The answers that are kept with tasks and chunks, so that a repeated request gets the same. Whoever speaks with the clients
 * makes them; nothing here looks into one. Thread-safe.
 */
public interface Receipts {
    /** The answer of the outcome: the same one each time, without side effects. */
    Answer of(Outcome outcome);

    /** Whether a kept answer, which may be an earlier version's, says that the book was not the one of the task's first code. */
    boolean isMismatch(Answer kept);

    /** Whether a kept answer is a {@code contact-conflict} that names only the first of its contacts. */
    boolean isShortened(Answer kept);
}
