package org.contactsync.sync.task;

import java.util.ArrayList;
import java.util.List;
import org.contactsync.protocol.Priority;

/**
 * The order in which waiting tasks run. It is the order of acceptance, except that a task that a person started overtakes
 * background tasks of its own device that were made from the same book and wait directly before it. It never overtakes a
 * task of another device, one that a person started, or one that it may build on.
 */
public final class WaitingOrder {
    private WaitingOrder() {}

    /** @param accepted in the order of acceptance */
    public static List<SyncTask> of(List<SyncTask> accepted) {
        List<SyncTask> order = new ArrayList<>(accepted.size());
        for (SyncTask task : accepted) {
            int at = order.size();
            while (at > 0 && passes(task, order.get(at - 1))) {
                at--;
            }
            order.add(at, task);
        }
        return order;
    }

    static boolean passes(SyncTask task, SyncTask other) {
        return task.priority() == Priority.USER
                && other.priority() == Priority.BACKGROUND
                && task.device().isPresent()
                && task.device().equals(other.device())
                && task.firstCode().equals(other.firstCode());
    }
}
