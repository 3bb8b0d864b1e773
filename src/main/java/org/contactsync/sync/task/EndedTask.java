package org.contactsync.sync.task;

import java.time.Instant;

/**
 * A task that has come to its end, with its receipt.
 *
 * @param task finished, with the answer that a repeated request gets
 * @param hasRow whether it has waited, or is an upload; otherwise its row is added
 * @param at when it ended, by the database's clock
 */
public record EndedTask(SyncTask task, boolean hasRow, Instant at) {
    public EndedTask {
        if (!task.state().finished()) {
            throw new IllegalArgumentException("task has not ended: task=" + task.id());
        }
    }

    /** Whether it restores what was. */
    public boolean restores() {
        return task.digest().isOfRestore();
    }
}
