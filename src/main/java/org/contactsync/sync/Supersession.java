package org.contactsync.sync;

import org.contactsync.protocol.OnMismatch;
import org.contactsync.sync.Step.ApplyChanges;

/** When a newer task takes the place of one that waits. */
final class Supersession {
    private Supersession() {}

    /**
     * A newer task of the same device, made from the same book, holds what the older one wanted to change. A task that would
     * rebase is not contained in a newer one: it may still be applied after it.
     */
    static boolean of(ApplyChanges newer, ApplyChanges waiting) {
        return newer.head().device().isPresent()
                && newer.head().device().equals(waiting.head().device())
                && newer.firstCode().equals(waiting.firstCode())
                && newer.sync().onMismatch() == OnMismatch.REFUSE
                && waiting.sync().onMismatch() == OnMismatch.REFUSE
                && !cameBefore(newer, waiting);
    }

    /**
     * Whether the request of a step came in before another one, by the clocks of their instances. Nothing is in order by
     * these; they only keep a message that was held up from superseding a newer task.
     */
    private static boolean cameBefore(ApplyChanges step, ApplyChanges other) {
        return step.head().acceptedAt().isBefore(other.head().acceptedAt());
    }
}
