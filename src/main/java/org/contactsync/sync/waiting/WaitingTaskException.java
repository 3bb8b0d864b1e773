package org.contactsync.sync.waiting;

import org.contactsync.protocol.TaskId;

/** Running a waiting task failed; names the task. The transaction must be rolled back. */
public final class WaitingTaskException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient TaskId task;

    WaitingTaskException(TaskId task, RuntimeException cause) {
        super("waiting task failed: task=" + task, cause);
        this.task = task;
    }

    public TaskId task() {
        return task;
    }
}
