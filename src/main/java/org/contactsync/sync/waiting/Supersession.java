package org.contactsync.sync.waiting;

import java.time.temporal.ChronoUnit;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks.Terms;

/** Decides whether a newer task replaces a waiting one. */
final class Supersession {
    private Supersession() {}

    /**
     * A newer task of the same device, made from the same book, contains the changes of the older one. A task that would
     * rebase is not contained in a newer one: it may still be applied after it. A restore contains nothing that the device has
     * changed, and no change of the device contains a restore. Nor does a task that only hands over lost cards contain any change, or one
     * of which contacts at fault were left out the changes of these.
     */
    static boolean of(ApplyChanges newer, SyncTask waiting, Terms terms) {
        return mayBe(newer, waiting) && terms.refuses() && !cameBefore(newer, terms);
    }

    /** The part of the decision that needs no terms of the waiting task. */
    static boolean mayBe(ApplyChanges newer, SyncTask waiting) {
        return newer.head().device().isPresent()
                && newer.head().device().equals(waiting.device())
                && newer.firstCode().equals(waiting.firstCode())
                && newer.sync().onMismatch() == OnMismatch.REFUSE
                && !newer.sync().changes().isEmpty()
                && newer.sync().changes().stream().noneMatch(Change::isWithoutEffect)
                && !newer.digest().isOfRestore()
                && !waiting.digest().isOfRestore();
    }

    /**
     * Whether the request of a step arrived before another one, by the clocks of their instances. Nothing is ordered by
     * these; they only prevent a delayed message from superseding a newer task.
     */
    private static boolean cameBefore(ApplyChanges step, Terms other) {
        return step.head().acceptedAt().truncatedTo(ChronoUnit.MICROS).isBefore(other.requestedAt());
    }
}
