package org.contactsync.queue.work;

import java.util.Optional;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.json.ProblemJson;
import org.contactsync.protocol.json.ProblemReader;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.task.Receipts;

/** Stores answers in the form in which they are sent (decision 31). Thread-safe. */
public final class JsonReceipts implements Receipts {
    @Override
    public Answer of(Outcome outcome) {
        return Answers.of(outcome);
    }

    @Override
    public boolean isMismatch(Answer kept) {
        return ProblemJson.isOf(ProblemType.CHECK_CODE_MISMATCH, kept.body());
    }

    @Override
    public Optional<ContactConflict> conflict(Answer kept) {
        return ProblemReader.conflict(kept.body());
    }
}
