package org.contactsync.sync;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.Outcome.Told;
import org.contactsync.protocol.problem.Problem.CheckCodeMismatch;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.sync.task.Receipts;

/** Stores outcomes as their own text, so that a test can get the typed outcome back from a stored answer. */
final class TestReceipts implements Receipts {
    private static final Map<String, Outcome> KEPT = new ConcurrentHashMap<>();

    @Override
    public Answer of(Outcome outcome) {
        return kept(outcome);
    }

    @Override
    public boolean isMismatch(Answer kept) {
        return outcome(kept) instanceof Refused refused && refused.problem() instanceof CheckCodeMismatch;
    }

    @Override
    public Optional<ContactConflict> conflict(Answer kept) {
        return outcome(kept) instanceof Refused refused && refused.problem() instanceof ContactConflict conflict
                ? Optional.of(conflict)
                : Optional.empty();
    }

    static Answer kept(Outcome outcome) {
        if (outcome instanceof Told told) {
            return told.answer();
        }
        String words = outcome + " " + Integer.toHexString(outcome.hashCode());
        KEPT.put(words, outcome);
        int status = outcome instanceof Refused ? 400 : 200;
        return new Answer(status, Optional.empty(), Optional.empty(), Optional.empty(), words);
    }

    /** The outcome that was stored as this answer. */
    static Outcome outcome(Answer kept) {
        return Optional.ofNullable(KEPT.get(kept.body())).orElseThrow();
    }

    /** The outcome itself instead of its stored answer. */
    static Outcome seen(Outcome outcome) {
        return outcome instanceof Told told ? outcome(told.answer()) : outcome;
    }
}
