package org.contactsync.sync.task;

import java.util.Optional;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem.ContactConflict;

/**
 * Makes the answers that are stored with tasks and chunks, so that a repeated request gets the same answer. {@code sync}
 * does not inspect answers. Thread-safe.
 */
public interface Receipts {
    /** Makes the answer for an outcome. Deterministic, without side effects. */
    Answer of(Outcome outcome);

    /** Whether a stored answer is the refusal of a check code mismatch. An earlier version may have written it. */
    boolean isMismatch(Answer kept);

    /** The {@code contact-conflict} of a stored answer, without cards; an earlier version may have written it. Empty for other answers. */
    Optional<ContactConflict> conflict(Answer kept);
}
