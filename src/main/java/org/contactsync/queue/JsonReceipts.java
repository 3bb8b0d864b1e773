package org.contactsync.queue;

import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.json.ProblemJson;
import org.contactsync.sync.Receipts;

/** Answers are kept as they are sent (decision 31). Thread-safe. */
final class JsonReceipts implements Receipts {
    @Override
    public Answer of(Outcome outcome) {
        return Answers.of(outcome);
    }

    /** No other problem has this status. */
    @Override
    public boolean isMismatch(Answer kept) {
        return kept.status() == ProblemType.CHECK_CODE_MISMATCH.status();
    }

    @Override
    public boolean isShortened(Answer kept) {
        return ProblemJson.isShortened(kept.body());
    }
}
