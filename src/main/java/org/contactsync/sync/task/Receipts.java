package org.contactsync.sync.task;

import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;

/**
 * Makes the answers that are stored with tasks and chunks, so that a repeated request gets the same answer. {@code sync}
 * does not inspect answers. Thread-safe.
 */
public interface Receipts {
    /** Makes the answer for an outcome. Deterministic, without side effects. */
    Answer of(Outcome outcome);

    /** Whether a stored answer is the refusal of a check code mismatch. An earlier version may have written it. */
    boolean isMismatch(Answer kept);

    /** Whether a stored answer is a {@code contact-conflict} that names only the first of its contacts. */
    boolean isShortened(Answer kept);
}
