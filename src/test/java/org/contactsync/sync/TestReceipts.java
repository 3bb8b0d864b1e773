package org.contactsync.sync;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Outcome.Told;
import org.contactsync.protocol.Problem.CheckCodeMismatch;
import org.contactsync.protocol.Problem.ContactConflict;

/** Keeps outcomes in their own words, so that a test sees what was kept, whichever service over the store kept it. */
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
    public boolean isShortened(Answer kept) {
        return outcome(kept) instanceof Refused refused
                && refused.problem() instanceof ContactConflict conflict
                && conflict.conflicts().size() < conflict.total();
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

    /** What was kept, as it was; {@code kept} is not known to any service when this fails. */
    static Outcome outcome(Answer kept) {
        return Optional.ofNullable(KEPT.get(kept.body())).orElseThrow();
    }

    /** What the request is told, as what it came to first. */
    static Outcome seen(Outcome outcome) {
        return outcome instanceof Told told ? outcome(told.answer()) : outcome;
    }
}
