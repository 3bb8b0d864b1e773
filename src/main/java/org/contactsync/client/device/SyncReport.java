package org.contactsync.client.device;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * What a task came to.
 *
 * @param outcome how it ended
 * @param sent contacts that the server got, deletions included
 * @param brought contacts that the phone got, deletions included
 * @param conflicts contacts with a field that was changed on two devices
 * @param rungs how often each was needed; those that were not are missing
 * @param requests HTTP requests, repetitions included
 * @param checkCode of both books; empty if they were not compared
 */
public record SyncReport(
        Outcome outcome,
        long sent,
        long brought,
        long conflicts,
        Map<Rung, Integer> rungs,
        int requests,
        Optional<CheckCode> checkCode) {
    public SyncReport {
        rungs = Map.copyOf(rungs);
    }

    /** How a task ended. */
    public sealed interface Outcome {
        /** Both books are the same, or what the mode leaves apart is all that differs. */
        record Agreed() implements Outcome {}

        /** Another process of this device has done it. */
        record DoneElsewhere() implements Outcome {}

        /**
         * Most of a book, or all of it, would be deleted: a person has to agree. Until then no change is made on
         * that side.
         *
         * @param onPhone on the phone; otherwise on the server
         * @param recent that were deleted there since the first deletion of the last 24 hours, and nobody was asked about; they are not in
         *     {@code of}
         */
        record NeedsConfirmation(boolean onPhone, long deletes, long of, long recent) implements Outcome {}

        /**
         * The server's book is another one, and most of what it had is not there: the account was erased, or the server has lost it. Nothing was
         * done; {@link SyncClient#syncBeginningAnew} fills it again, when a person wants that (protocol 4.23.4).
         *
         * @param missing contacts that were there
         */
        record BeganAnew(long missing) implements Outcome {}

        /** Somebody keeps changing a book; what is left is for the next task. */
        record KeepsChanging() implements Outcome {}
    }

    public boolean isAgreed() {
        return outcome instanceof Outcome.Agreed;
    }

    static SyncReport elsewhere() {
        return new SyncReport(new Outcome.DoneElsewhere(), 0, 0, 0, Map.of(), 0, Optional.empty());
    }

    /** Counts while a task runs. For one thread. */
    static final class Counts {
        long sent;
        long brought;
        long conflicts;
        final Map<Rung, Integer> rungs = new EnumMap<>(Rung.class);

        SyncReport report(Outcome outcome, int requests, Optional<CheckCode> code) {
            return new SyncReport(outcome, sent, brought, conflicts, rungs, requests, code);
        }
    }
}
