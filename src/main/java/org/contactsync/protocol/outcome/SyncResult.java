package org.contactsync.protocol.outcome;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.TaskId;

/**
 * What a task did to the book.
 *
 * @param checkCode the second check code
 * @param seq of the book afterwards
 * @param count of contacts afterwards
 * @param put contacts added or changed; those sent as they already were are not counted
 * @param deleted contacts deleted; those that were not there are not counted
 * @param rebased whether the book was another than the task's first code says
 * @param missed what the others had changed, when {@code rebased}; empty when it is not known any more
 * @param keptLost cards that lost a conflict, came with the task and are among the versions of their contacts now
 */
public record SyncResult(
        TaskId task,
        CheckCode checkCode,
        long seq,
        long count,
        long put,
        long deleted,
        boolean rebased,
        Optional<Missed> missed,
        int keptLost) {
    /** Of a task that came without such cards. */
    public SyncResult(
            TaskId task,
            CheckCode checkCode,
            long seq,
            long count,
            long put,
            long deleted,
            boolean rebased,
            Optional<Missed> missed) {
        this(task, checkCode, seq, count, put, deleted, rebased, missed, 0);
    }
}
