package org.contactsync.sync;

import java.time.temporal.ChronoUnit;
import org.contactsync.protocol.OnMismatch;
import org.contactsync.sync.Step.ApplyChanges;
import org.contactsync.sync.Tasks.Terms;

/** When a newer task takes the place of one that waits. */
final class Supersession {
    private Supersession() {}

    /**
     * A newer task of the same device, made from the same book, holds what the older one wanted to change. A task that would
     * rebase is not contained in a newer one: it may still be applied after it.
     */
    static boolean of(ApplyChanges newer, SyncTask waiting, Terms terms) {
        return mayBe(newer, waiting) && terms.refuses() && !cameBefore(newer, terms);
    }

    /** What can be told without the terms of the task that waits. */
    static boolean mayBe(ApplyChanges newer, SyncTask waiting) {
        return newer.head().device().isPresent()
                && newer.head().device().equals(waiting.device())
                && newer.firstCode().equals(waiting.firstCode())
                && newer.sync().onMismatch() == OnMismatch.REFUSE;
    }

    /**
     * Whether the request of a step came in before another one, by the clocks of their instances. Nothing is in order by
     * these; they only keep a message that was held up from superseding a newer task.
     */
    private static boolean cameBefore(ApplyChanges step, Terms other) {
        return step.head().acceptedAt().truncatedTo(ChronoUnit.MICROS).isBefore(other.requestedAt());
    }
}
